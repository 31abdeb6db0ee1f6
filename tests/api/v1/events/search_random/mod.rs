//! Random searches over HTTP, compared with a filter over all stored events. The model reads
//! what an event's organizer reads of it: `GET .../{event_id}` and its occurrences. Text is
//! one whole word: forms of words have oracles of their own (`search`).

mod making;
mod model;

use std::time::Duration;

use fastrand::Rng;
use making::{body, day};
use model::{BELOW, Search, Stored, text};
use serde_json::{Value, json};

use super::{NOW, event, in_september};
use crate::{
    api::v1::organizations::{Person, administrator, ask, get, organization, patch, person, post, test},
    harness::App,
};

/// Number of stored events, and of searches.
const EVENTS: usize = 48;
const SEARCHES: usize = 300;

const SEED: u64 = 18;

/// History of an event: empty in half of the cases.
async fn lives(app: &App, random: &mut Rng, ada: &Person, root: &Person, path: &str) {
    let granted = async |person: &Person, below: &str, body: Value| {
        post(app, person, &format!("{path}{below}"), body).await.granted();
    };
    if random.u8(0..12) == 0 {
        return;
    }
    granted(ada, "/publish", Value::Null).await;
    let dates = get(app, ada, &format!("{path}/occurrences?limit=100")).await.json();
    let dates = dates["data"].as_array().unwrap().clone();
    if dates.len() > 2 {
        let key = |number: usize| dates[number]["key"].as_str().unwrap();
        granted(ada, &format!("/occurrences/{}/cancel", key(1)), Value::Null).await;
        let later = format!("{}T23:00", dates[2]["local_start"].as_str().unwrap().split('T').next().unwrap());
        let third = format!("{path}/occurrences/{}", key(2));
        patch(app, ada, &third, json!({ "start": later })).await.granted();
    }
    match random.u8(0..12) {
        0 => granted(ada, "/postpone", json!({})).await,
        1 => granted(ada, "/cancel", json!({ "reason": "Ill" })).await,
        // Dates that have begun would stay.
        2 if text(&dates[0], "starts_at") > NOW => {
            let part = json!({ "start": format!("{}T18:00", day(random)), "duration": "PT3H" });
            let schedule = json!({ "time_zone": "Europe/Berlin", "parts": [part] });
            granted(ada, "/reschedule", json!({ "schedule": schedule })).await;
        }
        3 => granted(ada, "/unpublish", Value::Null).await,
        // A date that has begun stays with a completed event.
        4 if text(&dates[0], "starts_at") > NOW => granted(ada, "/complete", Value::Null).await,
        5 => granted(root, "/block", json!({ "reason": "spam" })).await,
        _ => {}
    }
}

async fn add_categories(app: &App, root: &Person) {
    let mut list = app.get("/api/v1/event-categories").await.json()["categories"].clone();
    for (slug, parent) in BELOW {
        let category = json!({ "slug": slug, "name_en": slug, "name_ru": slug, "parent": parent });
        list.as_array_mut().unwrap().push(category);
    }
    let body = json!({ "categories": list });
    ask(app, root, http::Method::PUT, "event-categories", body).await.granted();
}

/// Creates the events; returns what is stored of them.
async fn store(app: &App, random: &mut Rng, ada: &Person, organizers: &[String]) -> Vec<Stored> {
    let root = administrator(app).await;
    add_categories(app, &root).await;
    let mut paths = Vec::new();
    for number in 0..EVENTS {
        let path = event(app, ada, body(random, number, organizers)).await;
        lives(app, random, ada, &root, &path).await;
        paths.push(path);
    }
    app.platform.settle().await;
    let mut stored = Vec::new();
    for path in paths {
        let event = get(app, ada, &path).await.json();
        let dates = get(app, ada, &format!("{path}/occurrences?limit=100")).await.json();
        stored.push(Stored { event, dates: dates["data"].as_array().unwrap().clone() });
    }
    stored
}

#[test]
fn random_searches_find_what_a_filter_over_the_events_finds() {
    test(async |app| {
        // The budgets are those of a few events with few dates.
        app.has_long_lists(&[
            "events.append_to_agenda",
            "events.publish_event",
            "events.get_events",
            "events.get_organizers",
            "events.follow_agenda",
            "events.remove_from_agenda_log",
        ]);
        in_september(app);
        let random = &mut Rng::with_seed(SEED);
        let ada = person(app, "ada").await;
        let organizers = [ada.id.clone(), organization(app, &ada, "Teas").await];
        let stored = store(app, random, &ada, &organizers).await;
        app.advance(Duration::from_secs(5));
        let now = app.now().seconds();
        let mut nonempty = 0;
        for number in 0..SEARCHES {
            let search = Search::random(random, &organizers);
            let expected = search.expected(&stored, now);
            let query = search.query();
            let reply = app.get(&format!("/api/v1/events?limit=100&{query}")).await;
            assert_eq!(reply.status, 200, "{number}: {query}: {}", reply.json());
            let found = reply.json();
            let data = found["data"].as_array().unwrap().iter();
            let found_keys: Vec<_> = data
                .map(|it| (text(it, "id").to_owned(), text(&it["occurrence"], "key").to_owned()))
                .collect();
            let keys: Vec<_> =
                expected.iter().take(100).map(|(_, id, key)| (id.clone(), key.clone())).collect();
            assert_eq!(found_keys, keys, "{number}: {query}");
            assert_eq!(found["total"], expected.len(), "{number}: {query}");
            nonempty += usize::from(!expected.is_empty());
        }
        assert!(nonempty > SEARCHES / 4, "{nonempty} of {SEARCHES} searches found something");
    });
}
