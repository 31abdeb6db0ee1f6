//! Events, one action at a time.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use shared::lambda::Invocation;

use super::organizations::{Person, call, create, get, person, post};
use crate::harness::App;

/// The card of a list is about 0.5 KB, and the event 2 KB.
fn body(organizer: &str) -> Value {
    json!({
        "title": "Evening of engines",
        "organizer": organizer,
        "summary": "Talks about machines that do not exist yet.",
        "schedule": {
            "time_zone": "Europe/Berlin",
            "parts": [{
                "start": "2030-10-01T19:00", "duration": "PT2H", "rule": "FREQ=WEEKLY;BYDAY=TU", "count": 20,
            }],
        },
        "venue": { "name": "Lovelace Hall", "city": "Berlin", "country": "DE" },
    })
}

pub(super) async fn events(app: &App) {
    let owner = person(app, "organizer").await;
    let path = create(app, &owner, "Engine Society").await;
    let organization = path.rsplit('/').next().unwrap();
    let create_event =
        || app.request(Method::POST, "/api/v1/events").token(&owner.token).json(&body(organization));
    let created = create_event().header("idempotency-key", "evening").send().await;
    assert_eq!(
        (created.status, create_event().header("idempotency-key", "evening").send().await.status),
        (201, 201)
    );
    let event = created.header("location").to_owned();
    get(app, &owner, &format!("/api/v1/events/managed?organizer={organization}&status=draft")).await;
    get(app, &owner, &format!("{path}/events?status=completed")).await;
    call(app, &owner, Method::PATCH, &event, json!({ "categories": ["talks"] })).await;
    post(app, &owner, &format!("{event}/publish"), Value::Null).await;
    let other = create(app, &owner, "Loom Society").await;
    let to_other = json!({ "organizer": other.rsplit('/').next() });
    post(app, &owner, &format!("{event}/transfer"), to_other).await;
    get(app, &owner, "/api/v1/events/by-slug/evening-of-engines").await;
    post(app, &owner, &format!("{event}/cancel"), json!({ "reason": "The hall is flooded." })).await;
    let copy = post(app, &owner, &format!("{event}/duplicate"), json!({})).await;
    let copy = format!("/api/v1/events/{}", copy["id"].as_str().unwrap());
    call(app, &owner, Method::DELETE, &event, Value::Null).await;

    let own = json!({ "organizer": null, "title": "Evening of looms", "description": "Looms. ".repeat(100) });
    post(app, &owner, "/api/v1/events", own).await;
    post(app, &owner, "/api/v1/users/me/export", json!({})).await;
    // An account with a public event is deleted.
    let speaker = person(app, "speaker").await;
    let body =
        json!({ "title": "Evening of cards", "schedule": body("")["schedule"], "venue": body("")["venue"] });
    let own = post(app, &speaker, "/api/v1/events", body).await;
    let own = format!("/api/v1/events/{}", own["id"].as_str().unwrap());
    post(app, &speaker, &format!("{own}/publish"), Value::Null).await;
    for format in ["calendar.ics", "event.jsonld"] {
        app.get(&format!("{own}/{format}")).await.granted();
    }
    call(app, &speaker, Method::DELETE, "/api/v1/users/me", Value::Null).await;
    app.platform.settle().await;
    // An organisation with a draft and a public event is blocked and deleted.
    post(app, &owner, &format!("{copy}/publish"), Value::Null).await;
    let root = app.administrator("events-root-marker@example.com").await;
    let list = app.get("/api/v1/event-categories").await.json();
    let put = app.request(Method::PUT, "/api/v1/event-categories").token(&super::token(&root));
    let mut categories = list["categories"].clone();
    categories[0]["retired"] = true.into();
    put.json(&json!({ "categories": categories })).send().await.granted();
    let root = super::token(&root);
    app.get_as(&root, "/api/v1/events/managed?all=true&status=draft").await.granted();
    for command in ["block", "unblock"] {
        app.post_as(&root, &format!("{other}/{command}"), json!({})).await.granted();
        app.platform.settle().await;
    }
    call(app, &owner, Method::DELETE, &other, Value::Null).await;
    app.platform.settle().await;
    search(app, &owner).await;
}

/// Two snapshots of the agenda, a search of a cold and of a warm instance, feeds, and the end of
/// an event.
async fn search(app: &App, speaker: &Person) {
    let soon = (app.now() + Duration::from_hours(48)).to_string();
    let society = create(app, speaker, "Card Society").await;
    let body = json!({
        "title": "Evening of cards",
        "organizer": society.rsplit('/').next(),
        "schedule": {
            "time_zone": "UTC",
            "parts": [{ "start": soon[..16], "duration": "PT2H", "rule": "FREQ=WEEKLY" }],
        },
        "venue": { "city": "Berlin", "country": "DE" },
    });
    let near = post(app, speaker, "/api/v1/events", body).await;
    let near = format!("/api/v1/events/{}", near["id"].as_str().unwrap());
    // Twice as many changes of the agenda as trigger a snapshot.
    for _ in 0..8 {
        for command in ["publish", "unpublish"] {
            post(app, speaker, &format!("{near}/{command}"), Value::Null).await;
            app.platform.settle().await;
        }
    }
    post(app, speaker, &format!("{near}/publish"), Value::Null).await;
    app.platform.settle().await;
    app.get(&format!("{near}/calendar.ics")).await.granted();
    let cold = ::events::search(app.environment("EventsSearch")).await.unwrap();
    let invocation =
        Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(5), client_address: None };
    let request = http::Request::get("/api/v1/events").body(axum::body::Body::empty()).unwrap();
    assert_eq!(cold.call(request, invocation).await.status(), 200);
    let consumer = ::events::consumer(app.environment("EventsConsumer")).await.unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../events/eventbridge/event.cancelled.json");
    let body = std::fs::read_to_string(path).unwrap();
    let event = json!({ "Records": [{ "messageId": "1", "body": body }] });
    let event = serde_json::from_value(event).unwrap();
    assert!(consumer.call(event, invocation).await.batch_item_failures.is_empty());
    app.advance(Duration::from_secs(5));
    for path in ["events", "events/facets", "events/calendar.ics", "events/feed.json"] {
        app.get(&format!("/api/v1/{path}")).await.granted();
    }
    // An event ends.
    let soon = (app.now() + Duration::from_hours(1)).to_string();
    let schedule = json!({ "time_zone": "UTC", "parts": [{ "start": soon[..16], "duration": "PT1H" }] });
    let venue = json!({ "city": "Berlin", "country": "DE" });
    let body = json!({ "title": "Hour of cards", "schedule": schedule, "venue": venue });
    let brief = post(app, speaker, "/api/v1/events", body).await;
    let brief = format!("/api/v1/events/{}/publish", brief["id"].as_str().unwrap());
    post(app, speaker, &brief, Value::Null).await;
    app.platform.settle().await;
    app.advance(Duration::from_secs(5));
    app.get("/api/v1/events/feed.json?q=hour").await.granted();
    app.advance(Duration::from_hours(3));
    app.platform.fire("EventsSweeper").await;
    app.platform.settle().await;
    // The snapshot of the agenda is replaced for its age.
    app.advance(Duration::from_hours(12));
    app.platform.fire("EventsSweeper").await;
}
