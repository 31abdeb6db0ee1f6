//! Events of the colleagues, for the organisation or for themselves, and searches.

use std::iter::successors;

use http::Method;
use jiff::{ToSpan as _, civil::date};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    super::super::{client::Ask, platform::Platform},
    Arc, Colleague, Dice, LENGTH, log_in,
};

/// The rule of every event. Titles, hours and single dates change; only a `reschedule` changes
/// the dates.
pub const RULE: &str = "FREQ=WEEKLY;BYDAY=TU";

/// Start, duration and number of dates of every event.
pub const START: &str = "2026-03-03T19:00";
pub const DURATION: &str = "PT2H";
pub const DATES: u16 = 20;

/// The time zone of every event.
pub const ZONE: &str = "Europe/Berlin";

/// Steps of an organizer of events.
const STEPS: usize = 10;

/// Statuses of the events that search may show.
const SHOWN: [&str; 4] = ["published", "rescheduled", "postponed", "cancelled"];

/// Keys of the dates of every event.
pub fn keys() -> Vec<String> {
    let first = date(2026, 3, 3);
    let all = successors(Some(first), |day| day.checked_add(1.week()).ok());
    all.take(usize::from(DATES)).map(|day| day.to_string()).collect()
}

fn schedule(start: &str) -> Value {
    let part = json!({ "start": start, "duration": DURATION, "rule": RULE, "count": DATES });
    json!({ "time_zone": ZONE, "parts": [part] })
}

/// Runs the steps of a colleague, in another browser, who only organizes events.
pub async fn organize(platform: Arc<Platform>, number: usize) {
    let end = Instant::now() + LENGTH;
    let dice = Dice::new(&[platform.seed, 0xe7e, number as u64]);
    let mut colleague = Colleague { platform, dice, number, token: None };
    for _ in 0..STEPS {
        sleep(colleague.dice.millis(2_500)).await;
        if Instant::now() > end {
            return;
        }
        if colleague.token.is_none() {
            colleague.token = log_in(&colleague.platform, &mut colleague.dice, number).await;
        }
        match colleague.dice.below(10) {
            0..=2 => colleague.announce().await,
            3..=6 => colleague.change_event().await,
            _ => colleague.search().await,
        }
    }
}

impl Colleague {
    /// Creates an event and publishes it. Some are private.
    pub(super) async fn announce(&mut self) {
        let of_society = self.dice.happens(700);
        let is_secret = self.dice.happens(250);
        let organizer = of_society.then(|| self.platform.ledger().organizations.id.clone());
        let body = json!({
            "title": format!("Evening {}", self.dice.below(3)),
            "organizer": organizer,
            "schedule": schedule(START),
            "venue": { "city": "Berlin", "country": "DE" },
            "visibility": if is_secret { "private" } else { "listed" },
        });
        // An event of their own needs no membership.
        let created = if of_society {
            self.write(Method::POST, "/api/v1/events", body).await
        } else {
            self.ask(Method::POST, "/api/v1/events", body).await
        };
        let Some(id) = created.and_then(|created| created.body["id"].as_str().map(str::to_owned)) else {
            return;
        };
        {
            let organizations = &mut self.platform.ledger().organizations;
            organizations.events.push(id.clone());
            if of_society {
                organizations.society.insert(id.clone());
            }
            if is_secret {
                organizations.secret.insert(id.clone());
            }
        }
        let path = format!("/api/v1/events/{id}/publish");
        self.write_event(&id, Method::POST, &path, Value::Null).await;
    }

    /// Changes an event. One of the organisation needs a membership, and their own ones none.
    async fn write_event(&mut self, id: &str, method: Method, path: &str, body: Value) {
        // A draft that the caller does not see is deleted without an effect.
        let is_judged = method != Method::DELETE;
        let sent = Instant::now();
        let answer = self.ask(method, path, body).await;
        let Some(answer) = answer.filter(|answer| is_judged && answer.status < 300) else { return };
        let is_of_society = {
            let known = &self.platform.ledger().organizations;
            // Replies of dates have no organizer.
            match answer.body["organizer"].as_str() {
                Some(organizer) => organizer == known.id,
                None => known.society.contains(id) && !known.transferred.contains(id),
            }
        };
        if is_of_society {
            self.judge(sent, path);
        }
    }

    /// Changes any event: those of others are refused.
    pub(super) async fn change_event(&mut self) {
        let known = self.platform.ledger().organizations.events.clone();
        let Some(id) = self.dice.pick(&known).cloned() else { return };
        let path = format!("/api/v1/events/{id}");
        let event = id.clone();
        let (method, path, body) = match self.dice.below(17) {
            0 | 1 => (Method::PATCH, path, json!({ "title": format!("Evening {}", self.dice.below(3)) })),
            2 => (Method::POST, format!("{path}/publish"), Value::Null),
            3 => (Method::POST, format!("{path}/unpublish"), Value::Null),
            4 => (Method::POST, format!("{path}/postpone"), Value::Null),
            5 => (Method::DELETE, path, Value::Null),
            6 | 7 if self.platform.ledger().organizations.secret.contains(&id) => return,
            6 | 7 => {
                let visibility = ["listed", "unlisted", "private"][self.dice.below(3)];
                (Method::PATCH, path, json!({ "visibility": visibility }))
            }
            8 => (Method::POST, format!("{path}/cancel"), json!({ "reason": "Ill" })),
            9 => (Method::POST, format!("{path}/complete"), Value::Null),
            10 => {
                self.platform.ledger().organizations.rescheduled.insert(id);
                let start = ["2026-04-07T18:00", "2026-05-05T19:00"][self.dice.below(2)];
                (Method::POST, format!("{path}/reschedule"), json!({ "schedule": schedule(start) }))
            }
            11 => {
                let known = &mut self.platform.ledger().organizations;
                known.transferred.insert(id);
                let organizer = match self.dice.below(2) {
                    0 => Some(known.id.clone()),
                    _ => known.colleagues.get(&self.number).cloned(),
                };
                (Method::POST, format!("{path}/transfer"), json!({ "organizer": organizer }))
            }
            12 | 13 => {
                self.platform.ledger().organizations.split.insert(id);
                let (key, hour) = (self.key(), 18 + self.dice.below(4));
                let scope = ["this_and_following", "all"][self.dice.below(2)];
                let key = if scope == "all" { keys()[0].clone() } else { key };
                let body = json!({ "scope": scope, "start": format!("{key}T{hour}:30") });
                (Method::PATCH, format!("{path}/occurrences/{key}"), body)
            }
            _ => {
                let verb = if self.dice.happens(600) { "cancel" } else { "restore" };
                (Method::POST, format!("{path}/occurrences/{}/{verb}", self.key()), Value::Null)
            }
        };
        self.write_event(&event, method, &path, body).await;
    }

    /// A key of every event that is not rescheduled.
    fn key(&mut self) -> String {
        let keys = keys();
        self.dice.pick(&keys).expect("dates").clone()
    }

    /// Searches, or reads the feed: they may be old, and never have an event that was private
    /// from the start, or one in a form that is not public.
    async fn search(&mut self) {
        let is_feed = self.dice.happens(400);
        let path = if is_feed { "/api/v1/events/feed.json?" } else { "/api/v1/events?limit=100&" };
        let ask = Ask::get(format!("{path}status={}", SHOWN.join(",")));
        let answer = ask.send(&self.platform, &mut self.dice).await;
        let Some(answer) = answer.filter(|answer| answer.status == 200) else { return };
        let field = if is_feed { "items" } else { "data" };
        let mut ledger = self.platform.ledger();
        for event in answer.body[field].as_array().into_iter().flatten() {
            let id = event["id"].as_str().unwrap_or_default();
            if ledger.organizations.secret.contains(id) {
                ledger.broken(format!("{id} is private and was found"));
            }
            let status = event["status"].as_str().unwrap_or_default();
            if !is_feed && (event["visibility"] != "listed" || !SHOWN.contains(&status)) {
                ledger.broken(format!("{id} was found as {} and {status}", event["visibility"]));
            }
        }
    }
}
