//! The publisher: stream -> bus.

use std::time::Duration;

use aws_lambda_events::dynamodb::Event;
use aws_smithy_http_client::test_util::NeverClient;
use serde_json::{Value, json};
use shared::lambda::{Invocation, StreamHandler};

use crate::harness::{App, test, test_with_dead_letters};

async fn publisher(app: &App) -> StreamHandler {
    publisher::publisher(app.environment("Publisher")).await.unwrap()
}

fn invocation() -> Invocation {
    Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(5), client_address: None }
}

/// A record of the stream with outboxes in its images.
pub fn record(sequence_number: &str, old: Option<&str>, new: Option<&str>) -> Value {
    let image = |events: Option<&str>| match events {
        Some(events) => {
            json!({ "pk": { "S": "THING#1" }, "name": { "S": "Ada Marker-Lovelace" }, "events": { "S": events } })
        }
        None => json!({}),
    };
    json!({
        "eventID": sequence_number, "eventName": "MODIFY", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1", "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_700_000_000.0, "SequenceNumber": sequence_number, "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES", "Keys": { "pk": { "S": "THING#1" } },
            "OldImage": image(old), "NewImage": image(new),
        },
    })
}

fn batch(records: &[Value]) -> Event {
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

pub fn envelope(id: &str) -> String {
    json!([{ "id": id, "source": "agora.test", "type": "thing.happened", "data": {} }]).to_string()
}

fn travelled(app: &App) -> Vec<String> {
    app.platform.cloud().travelled().into_iter().map(|event| event.id).collect()
}

#[test]
fn events_of_the_old_image_are_not_published_again() {
    test(async |app| {
        let (first, second) = (envelope("thing.1.0"), envelope("thing.2.0"));
        let records = [
            record("1", None, Some(&first)),
            record("2", Some(&first), Some(&first)),
            record("3", Some(&first), Some(&second)),
            record("4", Some(&second), None),
        ];
        let response = publisher(app).await.call(batch(&records), invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        assert_eq!(travelled(app), ["thing.1.0", "thing.2.0"]);
    });
}

#[test]
fn more_than_ten_events_go_in_several_calls() {
    test(async |app| {
        let outboxes: Vec<String> = (0..23).map(|number| envelope(&format!("thing.{number}.0"))).collect();
        let records: Vec<Value> = outboxes
            .iter()
            .enumerate()
            .map(|(at, events)| record(&at.to_string(), None, Some(events)))
            .collect();
        let response = publisher(app).await.call(batch(&records), invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        assert_eq!(travelled(app).len(), 23);
    });
}

#[test]
fn an_unpublishable_event_becomes_a_dead_letter_and_others_are_sent() {
    test_with_dead_letters(async |app| {
        let records = [record("1", None, Some("no JSON")), record("2", None, Some(&envelope("thing.1.0")))];
        let response = publisher(app).await.call(batch(&records), invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        assert_eq!(travelled(app), ["thing.1.0"]);
        let letters = app.platform.cloud().dead_letters().await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].queue.contains("PublisherDeadLetters"), "{}", letters[0].queue);
        let buried: Value = serde_json::from_str(&letters[0].body).unwrap();
        let image = json!({ "pk": { "S": "THING#1" }, "events": { "S": "no JSON" } });
        assert_eq!(buried["dynamodb"]["NewImage"], image, "and nothing that is somebody's");
    });
}

#[test]
fn without_the_bus_the_batch_comes_again_from_its_first_record() {
    test(async |app| {
        app.expects_errors(&["failed: deadline"]);
        let mut environment = app.environment("Publisher");
        environment.aws = environment.aws.into_builder().http_client(NeverClient::new()).build();
        let handler = publisher::publisher(environment).await.unwrap();
        let records =
            [record("7", None, Some(&envelope("a.1.0"))), record("8", None, Some(&envelope("b.1.0")))];
        let response = handler.call(batch(&records), invocation()).await;
        let failures: Vec<_> =
            response.batch_item_failures.iter().map(|it| it.item_identifier.clone()).collect();
        assert_eq!(failures, [Some("7".to_owned())]);
        assert!(travelled(app).is_empty());
    });
}

/// A `record` of an item with a partition key and an event of a type.
fn record_at(pk: &str, kind: &str, number: usize) -> Value {
    let id = format!("{kind}.{number}.0");
    let events = json!([{ "id": id, "source": "agora.test", "type": kind, "data": {} }]).to_string();
    let mut record = record(&number.to_string(), None, Some(&events));
    record["dynamodb"]["Keys"]["pk"] = json!({ "S": pk });
    record["dynamodb"]["NewImage"]["pk"] = json!({ "S": pk });
    record
}

/// A function may write only its own group's items, but any text into them.
#[test]
fn an_event_of_anothers_item_is_set_aside_and_not_published() {
    test_with_dead_letters(async |app| {
        let records: Vec<Value> = [
            ("PRODUCT#prod_1", "user.deleted"),
            ("ORDER#order_1", "user.created"),
            ("EXPORT#user_1", "user.deleted"),
            ("LIMIT#mac", "user.created"),
            // These types have no consumers, which would fail on the empty data.
            ("SESSION#user_1", "session.created"),
            ("USER#user_1", "user.praised"),
            ("PRODUCT#prod_1", "product.praised"),
            ("PRODUCT#prod_1", "user.praised"),
            ("PRODUCTION#1", "product.updated"),
        ]
        .into_iter()
        .enumerate()
        .map(|(number, (pk, kind))| record_at(pk, kind, number))
        .collect();
        let response = publisher(app).await.call(batch(&records), invocation()).await;
        assert!(response.batch_item_failures.is_empty(), "the shard goes on");
        assert_eq!(travelled(app), ["session.created.4.0", "user.praised.5.0", "product.praised.6.0"]);
        let letters = app.platform.cloud().dead_letters().await;
        assert_eq!(letters.len(), 6);
        let line = app.lines.of("publisher").pop().unwrap();
        assert_eq!(
            (line.level, line.cause.as_deref()),
            ("warn", Some("events of others' items in 6 records"))
        );
    });
}

#[test]
fn an_oversized_record_becomes_a_dead_letter_without_its_events() {
    test_with_dead_letters(async |app| {
        // Quotes take two bytes in JSON, and there are two images.
        let poison = "\"".repeat(399_000);
        let records = [record("1", Some(&poison), Some(&poison))];
        let response = publisher(app).await.call(batch(&records), invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        let letters = format!("{:?}", app.platform.cloud().dead_letters().await);
        assert!(letters.contains("THING#1") && letters.len() < 10_000, "{} bytes", letters.len());
    });
}
