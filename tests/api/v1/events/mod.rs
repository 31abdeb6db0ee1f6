//! `/api/v1/events` and `/api/v1/event-categories`

mod access;
mod agenda;
mod calendars;
mod categories;
mod endings;
mod fields;
mod horizon;
mod lifecycle;
mod lists;
mod mails;
mod occurrences;
mod overtaken;
mod schedules;
mod search;
mod search_filters;
mod search_random;
mod transfers;

use serde_json::{Value, json};

use super::organizations::{Person, get, post};
use crate::harness::App;

/// A time in 2026 before the events of these tests.
const NOW: &str = "2026-09-01T08:00:00Z";

/// Sets the clock to [`NOW`].
fn in_september(app: &App) {
    let target: shared::clock::Timestamp = NOW.parse().unwrap();
    let now = app.now();
    assert!(now < target, "the clock of tests is before {NOW}");
    app.advance(target.since(now));
}

/// A valid event: twenty Tuesdays in Berlin.
fn tuesdays() -> Value {
    json!({
        "title": "Evening of engines",
        "schedule": {
            "time_zone": "Europe/Berlin",
            "parts": [{
                "start": "2026-10-06T19:00",
                "duration": "PT2H",
                "rule": "FREQ=WEEKLY;BYDAY=TU",
                "count": 20,
            }],
        },
        "venue": { "name": "Lovelace Hall", "city": "Berlin", "country": "DE" },
    })
}

/// Creates an event; returns its path below `/api/v1/`.
async fn event(app: &App, person: &Person, body: Value) -> String {
    // Ids of one millisecond have no order.
    app.advance(std::time::Duration::from_secs(1));
    let reply = post(app, person, "events", body).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    format!("events/{}", reply.json()["id"].as_str().unwrap())
}

/// Creates and publishes an event.
async fn published(app: &App, person: &Person, body: Value) -> String {
    let path = event(app, person, body).await;
    let reply = post(app, person, &format!("{path}/publish"), Value::Null).await;
    assert_eq!(reply.status, 200, "{}", reply.json());
    path
}

/// Local starts of an event's occurrences from its first on.
async fn dates(app: &App, path: &str) -> Vec<String> {
    let list = format!("/api/v1/{path}/occurrences?from=2026-10-01&limit=100");
    let list = app.get(&list).await.json();
    let texts = list["data"].as_array().unwrap().iter();
    texts
        .map(|it| format!("{} {}", it["local_start"].as_str().unwrap(), it["status"].as_str().unwrap()))
        .collect()
}

/// Pointers and codes of a 422.
fn faults(reply: &crate::harness::client::Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status, 422, "{}", reply.json());
    let json = reply.json();
    let errors = json["errors"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    errors.map(|fault| (text(&fault["pointer"]), text(&fault["code"]))).collect()
}

/// An event as a person sees it.
async fn shown(app: &App, person: &Person, path: &str) -> Value {
    get(app, person, path).await.json()
}
