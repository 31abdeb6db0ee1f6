//! What AWS hands to the functions: HTTP events as a gateway makes them of what
//! somebody sends, a queue's messages, the stream's records.

use std::{collections::BTreeSet, time::Duration};

use aws_lambda_events::{apigw::ApiGatewayV2httpRequest, dynamodb, sqs::SqsEvent};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use shared::{
    http::Service,
    lambda::{Invocation, SqsHandler, StreamHandler, gateway},
};

use super::{
    LARGEST_REPLY,
    values::{change, text},
};
use crate::harness::{App, property};

fn fixture(path: &str) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../events");
    serde_json::from_str(&std::fs::read_to_string(format!("{folder}/{path}")).unwrap()).unwrap()
}

fn invocation() -> Invocation {
    Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(5), client_address: None }
}

async fn services(app: &App) -> [Service; 3] {
    [
        auth::api(app.environment("AuthApi")).await.unwrap(),
        users::api(app.environment("UsersApi")).await.unwrap(),
        web::api(app.environment("Web")).await.unwrap(),
    ]
}

/// A header's value as somebody may send it: HTTP has no controls in it.
fn header() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace(char::is_control, " "))
}

/// Where requests go, with something hostile in it.
fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        text(),
        text().prop_map(|text| format!("/api/v1/users/{text}")),
        text().prop_map(|text| format!("/{text}/docs/../{text}/")),
        Just("/api/v1/auth/login".to_owned()),
        Just("/openapi.json".to_owned()),
    ]
}

#[test]
fn whatever_http_event_comes_is_answered() {
    let method = proptest::sample::select(vec![
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
    ]);
    let names = proptest::sample::select(vec![
        "host",
        "x-forwarded-proto",
        "authorization",
        "content-type",
        "user-agent",
    ]);
    let values = (method, path(), text(), vec((names, header()), 0..4), (change(), any::<bool>()), text());
    property(
        400,
        values,
        services,
        async |_, services, (method, path, query, headers, (change, base64), address)| {
            let mut event = fixture("http/register.json");
            event["rawPath"] = path.into();
            event["rawQueryString"] = query.into();
            event["requestContext"]["http"]["method"] = method.into();
            event["requestContext"]["http"]["sourceIp"] = address.into();
            for (name, value) in headers {
                event["headers"][name] = value.into();
            }
            let body: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
            event["body"] = String::from_utf8_lossy(&change.of(&body)).into();
            event["isBase64Encoded"] = base64.into();
            for service in services {
                let event: ApiGatewayV2httpRequest = serde_json::from_value(event.clone()).unwrap();
                let answer =
                    gateway::response(service.call(gateway::request(event), invocation()).await).await;
                assert!(answer.status_code < 500, "{answer:?}");
                let answer = serde_json::to_string(&answer).unwrap();
                assert!(answer.len() <= 4 * LARGEST_REPLY, "{} bytes", answer.len());
            }
        },
    );
}

/// A message of a queue that brings an event, with something changed in what
/// EventBridge delivers or in the envelope itself.
fn message() -> impl Strategy<Value = Vec<u8>> {
    (change(), change()).prop_map(|(outer, inner)| {
        let mut delivery: Value =
            serde_json::from_str(fixture("sqs/user_created.json")["Records"][0]["body"].as_str().unwrap())
                .unwrap();
        if let Ok(detail) = serde_json::from_slice(&inner.of(&delivery["detail"])) {
            delivery["detail"] = detail;
        }
        outer.of(&delivery)
    })
}

async fn consumers(app: &App) -> [SqsHandler; 2] {
    [
        notifications::consumer(app.environment("Notifications")).await.unwrap(),
        users::consumer(app.environment("UsersConsumer")).await.unwrap(),
    ]
}

#[test]
fn whatever_message_comes_is_handled_or_comes_again_alone() {
    property(200, vec(message(), 1..6), consumers, async |_, consumers, messages| {
        let record = |(at, body): (usize, &Vec<u8>)| json!({ "messageId": format!("m{at}"), "body": String::from_utf8_lossy(body), "eventSource": "aws:sqs" });
        let mut records: Vec<Value> = messages.iter().enumerate().map(record).collect();
        records.push(json!({ "messageId": "last", "body": "{" }));
        for consumer in consumers {
            let event: SqsEvent = serde_json::from_value(json!({ "Records": records })).unwrap();
            let response = consumer.call(event, invocation()).await;
            let failed: Vec<&str> =
                response.batch_item_failures.iter().map(|it| it.item_identifier.as_str()).collect();
            assert_eq!(failed.iter().collect::<BTreeSet<_>>().len(), failed.len(), "{failed:?}");
            assert_eq!(failed.last(), Some(&"last"));
        }
    });
}

async fn publisher(app: &App) -> StreamHandler {
    publisher::publisher(app.environment("Publisher")).await.unwrap()
}

/// An outbox with something changed, of an event that nobody listens to: else
/// the queues would bring it again for minutes.
fn outbox() -> impl Strategy<Value = Vec<u8>> {
    let event =
        json!({ "id": "thing.1.0", "source": "agora.test", "type": "thing.happened", "data": { "n": 1 } });
    (change(), any::<bool>()).prop_map(move |(change, listed)| match change.of(&event) {
        event if listed => [b"[", event.as_slice(), b"]"].concat(),
        text => text,
    })
}

#[test]
fn whatever_record_comes_is_published_or_set_aside() {
    property(100, vec((outbox(), any::<Option<bool>>()), 1..5), publisher, async |_, publisher, outboxes| {
        let template = fixture("stream/user_created.json")["Records"][0].clone();
        let records: Vec<Value> = outboxes
            .iter()
            .enumerate()
            .map(|(at, (outbox, shape))| {
                let mut record = template.clone();
                record["dynamodb"]["SequenceNumber"] = at.to_string().into();
                let text = String::from_utf8_lossy(outbox);
                record["dynamodb"]["NewImage"]["events"] = match shape {
                    None => json!({ "S": text }),
                    Some(true) => json!({ "L": [{ "S": text }] }),
                    Some(false) => json!({ "NULL": true }),
                };
                record
            })
            .collect();
        let event: dynamodb::Event = serde_json::from_value(json!({ "Records": records })).unwrap();
        let response = publisher.call(event, invocation()).await;
        assert!(response.batch_item_failures.is_empty(), "{response:?}");
    });
}

#[test]
fn what_is_no_payload_at_all_is_refused_before_a_function_sees_it() {
    let anything = change().prop_map(|change| change.of(&fixture("sqs/user_created.json")));
    property(300, anything, consumers, async |_, consumers, bytes| {
        if let Ok(event) = serde_json::from_slice::<SqsEvent>(&bytes) {
            let known = event.records.len();
            let response = consumers[0].call(event, invocation()).await;
            assert!(response.batch_item_failures.len() <= known);
        }
        let _ = serde_json::from_slice::<ApiGatewayV2httpRequest>(&bytes).map(gateway::request);
    });
}
