//! Events, one action at a time.

use http::Method;
use serde_json::{Value, json};

use super::organizations::{call, create, get, person, post};
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
    post(app, &speaker, &format!("/api/v1/events/{}/publish", own["id"].as_str().unwrap()), Value::Null)
        .await;
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
}
