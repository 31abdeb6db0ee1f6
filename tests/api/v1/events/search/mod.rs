//! The search: its filters, its feeds, and what never enters it.

mod filters;
mod formats;
mod listed;
mod ranges;
mod results;

use serde_json::{Value, json};

use super::{published, tuesdays};
use crate::{api::v1::organizations::Person, harness::App};

/// An event with a schedule of one date.
fn once(title: &str, zone: &str, start: &str, changes: &Value) -> Value {
    let mut body = tuesdays();
    body["title"] = title.into();
    body["schedule"] = json!({ "time_zone": zone, "parts": [{ "start": start, "duration": "PT2H" }] });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

async fn publish(app: &App, person: &Person, body: Value) -> String {
    let path = published(app, person, body).await;
    app.platform.settle().await;
    path
}

/// Titles that a search finds, in order.
async fn titles(app: &App, query: &str) -> Vec<String> {
    // A search may be five seconds old.
    app.advance(std::time::Duration::from_secs(5));
    let reply = app.get(&format!("/api/v1/events?{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.json());
    let json = reply.json();
    let found = json["data"].as_array().unwrap().iter();
    let titles: Vec<String> = found.map(|event| event["title"].as_str().unwrap().to_owned()).collect();
    assert!(json["total"].as_u64().unwrap() >= titles.len() as u64);
    titles
}

/// Four events in two cities and three zones.
async fn four(app: &App, ada: &Person) {
    let berlin = json!({
        "categories": ["music"], "tags": ["Jazz"], "language": "de",
        "venue": {
            "name": "Lovelace Hall", "city": "Berlin", "country": "DE",
            "latitude": 52.52, "longitude": 13.405,
        },
        "ticket_types": [{ "name": "Seat", "price": { "amount": 1500, "currency": "EUR" } }],
    });
    publish(app, ada, once("Концерт джаза", "Europe/Berlin", "2026-10-10T20:00", &berlin)).await;
    let potsdam = json!({
        "categories": ["music"], "tags": ["Blues"],
        "venue": {
            "name": "Waschhaus", "city": "Potsdam", "country": "DE",
            "latitude": 52.3989, "longitude": 13.0657,
        },
    });
    publish(app, ada, once("Blues concerts", "Europe/Berlin", "2026-10-11T19:00", &potsdam)).await;
    let auckland = json!({
        "categories": ["sports"], "mode": "offline",
        "venue": { "name": "Domain", "city": "Auckland", "country": "NZ", "latitude": -36.86, "longitude": 174.77 },
    });
    publish(app, ada, once("Morning run", "Pacific/Auckland", "2026-10-11T06:00", &auckland)).await;
    let online = json!({ "mode": "online", "online_url": "https://example.com/talk", "venue": null });
    publish(app, ada, once("Talk of engines", "Etc/UTC", "2026-10-12T18:00", &online)).await;
}
