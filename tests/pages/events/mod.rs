//! `/events`, `/events/{slug}` and `/events/manage`.

mod event;
mod keyboard;
mod manage;
mod month;
mod search;

use jiff::{Span, civil::Date, tz::TimeZone};
use reqwest::Method;
use serde_json::{Value, json};
use shared::clock::Clock;

use super::{browser::Site, tab::Tab};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "wandering albatross over cold water";

/// Today in UTC.
fn today() -> Date {
    let now = jiff::Timestamp::from_millisecond(Clock::system().now().millis()).unwrap();
    now.to_zoned(TimeZone::UTC).date()
}

/// The date some days from today.
fn day(days: i64) -> String {
    today().checked_add(Span::new().days(days)).unwrap().to_string()
}

/// An event of one date, ten days from today at 19:00 in Berlin; with further fields.
fn evening(title: &str, fields: &Value) -> Value {
    let mut event = json!({
        "title": title,
        "schedule": {
            "time_zone": "Europe/Berlin",
            "parts": [{ "start": format!("{}T19:00", day(10)), "duration": "PT2H" }],
        },
        "venue": { "name": "Lovelace Hall", "city": "Berlin", "country": "DE" },
    });
    for (name, value) in fields.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

/// Sends a request that succeeds.
async fn send(site: &Site<'_>, tokens: &Value, method: Method, path: &str, body: &Value) -> Value {
    let (status, reply) = site.send(tokens, method, path, body).await;
    assert!(status < 300, "{path}: {status} {reply}");
    reply
}

/// Creates and publishes an event; returns it.
async fn published(site: &Site<'_>, tokens: &Value, event: &Value) -> Value {
    let draft = send(site, tokens, Method::POST, "/api/v1/events", event).await;
    let path = format!("/api/v1/events/{}/publish", draft["id"].as_str().unwrap());
    send(site, tokens, Method::POST, &path, &Value::Null).await
}

/// Waits until the titles of the cards are these.
async fn cards(tab: &Tab, expected: &[&str]) {
    let titles = "[...document.querySelectorAll('.cards h3 a')].map((it) => it.textContent)";
    tab.wait_until(&format!("JSON.stringify({titles}) === {:?}", json!(expected).to_string())).await;
}
