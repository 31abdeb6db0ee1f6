//! Events of the colleagues: for the organisation or for themselves.

use http::Method;
use serde_json::{Value, json};

use super::Colleague;

/// Start of the series of every event; only the titles change.
const SERIES: &str = "2026-03-03T19:00";

impl Colleague {
    /// Creates an event and publishes it.
    pub(super) async fn announce(&mut self) {
        let of_society = self.dice.happens(700);
        let organizer = of_society.then(|| self.platform.ledger().organizations.id.clone());
        let part =
            json!({ "start": SERIES, "duration": "PT2H", "rule": "FREQ=WEEKLY;BYDAY=TU", "count": 20 });
        let body = json!({
            "title": format!("Evening {}", self.dice.below(3)),
            "organizer": organizer,
            "schedule": { "time_zone": "Europe/Berlin", "parts": [part] },
            "venue": { "city": "Berlin", "country": "DE" },
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
        self.platform.ledger().organizations.events.push(id.clone());
        self.ask(Method::POST, &format!("/api/v1/events/{id}/publish"), Value::Null).await;
    }

    /// Changes any event: those of others are refused.
    pub(super) async fn change_event(&mut self) {
        let known = self.platform.ledger().organizations.events.clone();
        let Some(id) = self.dice.pick(&known).cloned() else { return };
        let path = format!("/api/v1/events/{id}");
        let week = self.dice.below(20);
        let (method, path, body) = match self.dice.below(10) {
            0 | 1 => (Method::PATCH, path, json!({ "title": format!("Evening {}", self.dice.below(3)) })),
            2 => (Method::POST, format!("{path}/publish"), Value::Null),
            3 => (Method::POST, format!("{path}/unpublish"), Value::Null),
            4 => (Method::POST, format!("{path}/postpone"), Value::Null),
            5 => (Method::DELETE, path, Value::Null),
            6 | 7 => {
                let visibility = ["listed", "unlisted", "private"][self.dice.below(3)];
                (Method::PATCH, path, json!({ "visibility": visibility }))
            }
            _ => {
                let key = format!("2026-03-{:02}", 3 + 7 * (week % 5));
                let verb = if week < 12 { "cancel" } else { "restore" };
                (Method::POST, format!("{path}/occurrences/{key}/{verb}"), Value::Null)
            }
        };
        self.ask(method, &path, body).await;
    }
}
