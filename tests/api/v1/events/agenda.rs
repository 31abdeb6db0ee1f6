//! The stored agenda: what leaves it, and its rebuild.

use std::time::Duration;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use local::operator::{Command, Outcome};
use serde_json::json;

use super::{in_september, published, tuesdays};
use crate::{
    api::v1::organizations::{patch, person, test},
    harness::App,
};

const HOUR: Duration = Duration::from_hours(1);

/// Keys of the agenda's items that have a word in them.
async fn items_with(app: &App, word: &str) -> Vec<String> {
    let scan = app.dynamodb().scan().table_name("agora-Table").send().await.unwrap();
    let has_word = |value: &AttributeValue| match value {
        AttributeValue::S(text) => text.contains(word),
        AttributeValue::B(bytes) => bytes.as_ref().windows(word.len()).any(|at| at == word.as_bytes()),
        _ => false,
    };
    let items = scan.items().iter().filter(|item| item.values().any(has_word));
    let keys = items.map(|item| item["pk"].as_s().unwrap().clone());
    keys.filter(|pk| pk.starts_with("AGENDA_")).collect()
}

async fn found(app: &App) -> Vec<String> {
    app.advance(Duration::from_secs(5));
    let events = app.get("/api/v1/events").await.json();
    let titles = events["data"].as_array().unwrap().iter();
    titles.map(|event| event["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_texts_of_an_event_leave_the_agenda_within_a_day() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let mut body = tuesdays();
        body["title"] = "Only for wanderfalken".into();
        let path = published(app, &ada, body).await;
        let mut stays = tuesdays();
        stays["title"] = "Stays".into();
        published(app, &ada, stays).await;
        app.platform.settle().await;
        app.platform.fire("EventsSweeper").await;
        assert_eq!(items_with(app, "wanderfalken").await.len(), 2, "in the log and the snapshot");
        patch(app, &ada, &path, json!({ "visibility": "private" })).await.granted();
        app.platform.settle().await;
        assert_eq!(items_with(app, "wanderfalken").await.len(), 2);
        for _ in 0..13 {
            app.advance(HOUR);
            app.platform.fire("EventsSweeper").await;
        }
        assert_eq!(items_with(app, "wanderfalken").await, Vec::<String>::new());
        assert_eq!(found(app).await, ["Stays"]);
    });
}

#[test]
fn an_operator_rebuilds_an_agenda_that_cannot_be_read() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        for title in ["One", "Two"] {
            let mut body = tuesdays();
            body["title"] = title.into();
            published(app, &ada, body).await;
        }
        let mut unlisted = tuesdays();
        unlisted["visibility"] = "unlisted".into();
        published(app, &ada, unlisted).await;
        app.platform.settle().await;
        app.platform.fire("EventsSweeper").await;
        assert_eq!(found(app).await, ["One", "Two"]);
        let part = items_with(app, "AGENDA_PART#").await;
        let [part] = &part[..] else { panic!("{part:?}") };
        app.dynamodb()
            .update_item()
            .table_name("agora-Table")
            .key("pk", AttributeValue::S(part.clone()))
            .key("sk", AttributeValue::S("000000".to_owned()))
            .update_expression("SET chunk = :chunk")
            .expression_attribute_values(":chunk", AttributeValue::B(Blob::new(*b"broken")))
            .send()
            .await
            .unwrap();

        // A running search has what it knows, and says how old that is.
        let before = app.get("/api/v1/events").await.json()["as_of"].clone();
        app.advance(HOUR);
        let known = app.get("/api/v1/events").await.json();
        assert_eq!((known["data"].as_array().unwrap().len(), &known["as_of"]), (2, &before));

        let rebuilt = app.platform.operator().run(Command::RebuildEventSearch).await.unwrap();
        assert!(matches!(rebuilt, Outcome::EventSearchRebuilt { listed: 2 }), "{rebuilt:?}");
        assert_eq!(found(app).await, ["One", "Two"]);
        assert_ne!(app.get("/api/v1/events").await.json()["as_of"], before);
        let mut third = tuesdays();
        third["title"] = "Three".into();
        let grace = person(app, "grace").await;
        published(app, &grace, third).await;
        app.platform.settle().await;
        assert_eq!(found(app).await, ["One", "Two", "Three"]);
    });
}
