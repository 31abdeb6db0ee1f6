//! Dates beyond those that search knows, and what the agenda keeps of the zone database.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use local::operator::Command;
use serde_json::{Value, json};

use super::{in_september, published, tuesdays};
use crate::{
    api::v1::organizations::{person, post, test},
    harness::App,
};

/// Operations on all dates of a series.
const LONG: &[&str] =
    &["events.append_to_agenda", "events.put_agenda_snapshot_part", "events.remove_agenda_snapshot"];

/// Tuesdays without end, or until a date.
fn long(title: &str, until: Option<&str>) -> Value {
    let mut body = tuesdays();
    body["title"] = title.into();
    let part = body["schedule"]["parts"][0].as_object_mut().unwrap();
    part.remove("count");
    if let Some(until) = until {
        part.insert("until".to_owned(), until.into());
    }
    body
}

/// Number of found dates.
async fn found(app: &App, query: &str) -> usize {
    app.advance(Duration::from_secs(5));
    let path = format!("/api/v1/events?collapse=occurrence&status=published,postponed&{query}");
    app.get(&path).await.json()["data"].as_array().unwrap().len()
}

async fn sweep(app: &App) {
    app.platform.fire("EventsSweeper").await;
    app.platform.settle().await;
}

async fn version(app: &App, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).await.json()["version"].clone()
}

#[test]
fn a_postponed_series_stays_in_search() {
    test(async |app| {
        app.has_long_lists(LONG);
        in_september(app);
        let ada = person(app, "ada").await;
        let endless = published(app, &ada, long("Looms", None)).await;
        let ending = published(app, &ada, long("Kettles", Some("2027-11-30"))).await;
        for path in [&endless, &ending] {
            post(app, &ada, &format!("{path}/postpone"), json!({ "reason": "Illness" })).await.granted();
        }
        app.platform.settle().await;
        let in_winter = "q=looms&from=2027-11-01&to=2027-12-31";
        let in_november = "q=kettles&from=2027-11-01&to=2027-12-31";
        assert_eq!((found(app, in_winter).await, found(app, in_november).await), (0, 0), "beyond 400 days");
        app.advance(Duration::from_hours(63 * 24));
        sweep(app).await;
        // 7 December is within 400 days; one series has ended by then.
        assert_eq!((found(app, in_winter).await, found(app, in_november).await), (6, 5));
        let due = async |path: &str| {
            let id = path.trim_start_matches("events/");
            app.item(&format!("EVENT#{id}"), "EVENT").await.unwrap().contains_key("due_at")
        };
        assert_eq!((due(&endless).await, due(&ending).await), (true, false));
        let status = app.get(&format!("/api/v1/{ending}")).await.json()["status"].clone();
        assert_eq!(status, "postponed", "it does not end by itself");
    });
}

#[test]
fn a_series_is_extended_once_in_thirty_days() {
    test(async |app| {
        app.has_long_lists(LONG);
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, long("Endless", None)).await;
        app.platform.settle().await;
        let mut versions = vec![version(app, &path).await];
        for hours in [31 * 24, 1, 24, 30 * 24, 1] {
            app.advance(Duration::from_hours(hours));
            sweep(app).await;
            versions.push(version(app, &path).await);
        }
        assert_eq!(versions, [2, 3, 3, 3, 4, 4]);
    });
}

/// Cards have the instants of the zone database at the last change of their event.
#[test]
fn a_rebuilt_search_has_the_starts_of_the_present_zone_database() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        app.platform.settle().await;
        app.dynamodb()
            .update_item()
            .table_name("agora-Table")
            .key("pk", AttributeValue::S(format!("EVENT#{}", path.trim_start_matches("events/"))))
            .key("sk", AttributeValue::S("EVENT".to_owned()))
            .update_expression("SET card.starts_at = :start")
            .expression_attribute_values(":start", AttributeValue::S("2026-10-06T16:00:00.000Z".to_owned()))
            .send()
            .await
            .unwrap();
        app.platform.settle().await;
        app.platform.operator().run(Command::RebuildEventSearch).await.unwrap();
        app.advance(Duration::from_secs(5));
        let found = app.get("/api/v1/events").await.json();
        assert_eq!(found["data"][0]["starts_at"], "2026-10-06T17:00:00.000Z", "{found}");
    });
}
