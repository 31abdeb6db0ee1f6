//! Payloads from AWS to the functions: HTTP events of hostile requests, a queue's
//! messages, the stream's records.

use std::{collections::BTreeSet, time::Duration};

use aws_lambda_events::{apigw::ApiGatewayV2httpRequest, dynamodb, sqs::SqsEvent};
use local::functions::{FUNCTIONS, Handler};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use shared::{
    bus::DomainEvent,
    http::Service,
    lambda::{Invocation, SqsHandler, StreamHandler, gateway},
};

use super::{
    LARGEST_REPLY,
    values::{change, text},
};
use crate::harness::{App, operation::Operation, property, test};

fn fixture(path: &str) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../events");
    serde_json::from_str(&std::fs::read_to_string(format!("{folder}/{path}")).unwrap()).unwrap()
}

fn invocation() -> Invocation {
    Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(5), client_address: None }
}

/// Every function with an HTTP side, and an administrator's token.
async fn services(app: &App) -> (Vec<Service>, String) {
    let mut services = Vec::new();
    for declared in FUNCTIONS {
        if let Handler::Http(service) = declared.start(app.environment(declared.id)).await.unwrap() {
            services.push(service);
        }
    }
    let administrator = app.administrator("root-marker@example.com").await;
    (services, administrator["access_token"].as_str().unwrap().to_owned())
}

/// A hostile value of a header: HTTP permits no control characters in it.
fn header() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace(char::is_control, " "))
}

/// Method and path of a request: of every operation, with hostile parameters, and of
/// none.
fn target() -> impl Strategy<Value = (String, String)> {
    let method = proptest::sample::select(vec![
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
    ]);
    let method = method.prop_map(str::to_owned);
    let operation = proptest::sample::select(Operation::all().collect::<Vec<_>>());
    let path = prop_oneof![text(), text().prop_map(|text| format!("/{text}/docs/../{text}/"))];
    prop_oneof![
        4 => (operation.clone(), text()).prop_map(|(operation, text)| {
            let mut path = operation.path.clone();
            for name in operation.parameters() {
                path = path.replace(&format!("{{{name}}}"), &text);
            }
            (operation.method.to_string(), path)
        }),
        1 => (method.clone(), operation).prop_map(|(method, operation)| (method, operation.path)),
        1 => (method, path),
    ]
}

#[test]
fn hostile_http_events_are_answered() {
    let names = proptest::sample::select(vec![
        "host",
        "x-forwarded-proto",
        "authorization",
        "content-type",
        "user-agent",
    ]);
    let body = (change(), any::<bool>());
    let values = (target(), any::<bool>(), text(), vec((names, header()), 0..4), body, text());
    property(
        600,
        values,
        services,
        async |_, (services, token), ((method, path), signed, query, headers, (change, base64), address)| {
            let mut event = fixture("http/register.json");
            event["rawPath"] = path.into();
            event["rawQueryString"] = query.into();
            event["requestContext"]["http"]["method"] = method.into();
            event["requestContext"]["http"]["sourceIp"] = address.into();
            if signed {
                event["headers"]["authorization"] = format!("Bearer {token}").into();
            }
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

/// Every kind of event in EventBridge's form.
fn deliveries() -> Vec<Value> {
    DomainEvent::TYPES.iter().map(|kind| fixture(&format!("eventbridge/{kind}.json"))).collect()
}

/// A queue message of an event, with changes in EventBridge's fields or in the
/// envelope.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let delivery = proptest::sample::select(deliveries());
    (delivery, change(), change()).prop_map(|(mut delivery, outer, inner)| {
        if let Ok(detail) = serde_json::from_slice(&inner.of(&delivery["detail"])) {
            delivery["detail"] = detail;
        }
        outer.of(&delivery)
    })
}

/// Every consumer, with the name of its function.
async fn consumers(app: &App) -> Vec<(&'static str, SqsHandler)> {
    let mut consumers = Vec::new();
    for declared in FUNCTIONS {
        if let Handler::Queue(consumer) = declared.start(app.environment(declared.id)).await.unwrap() {
            consumers.push((declared.id, consumer));
        }
    }
    consumers
}

/// Consumers for messages that may be invalid: failures are logged as errors, and the
/// messages are delivered again.
async fn failing_consumers(app: &App) -> Vec<(&'static str, SqsHandler)> {
    app.expects_errors(&["failed: malformed event"]);
    consumers(app).await
}

fn record(at: usize, body: &[u8]) -> Value {
    let body = String::from_utf8_lossy(body);
    json!({ "messageId": format!("m{at}"), "body": body, "eventSource": "aws:sqs" })
}

#[test]
fn every_consumer_handles_or_skips_every_kind_of_event() {
    test(async |app| {
        for (id, consumer) in consumers(app).await {
            for delivery in deliveries() {
                let records = json!({ "Records": [record(0, delivery.to_string().as_bytes())] });
                let event: SqsEvent = serde_json::from_value(records).unwrap();
                let failed = consumer.call(event, invocation()).await.batch_item_failures;
                assert!(failed.is_empty(), "{id}: {}", delivery["detail-type"]);
            }
        }
    });
}

#[test]
fn a_hostile_message_is_handled_or_returned_alone() {
    property(400, vec(message(), 1..6), failing_consumers, async |_, consumers, messages| {
        let mut records: Vec<Value> =
            messages.iter().enumerate().map(|(at, body)| record(at, body)).collect();
        records.push(json!({ "messageId": "last", "body": "{" }));
        for (_, consumer) in consumers {
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

/// A changed outbox with an event without consumers: otherwise queues would redeliver
/// it for minutes.
fn outbox() -> impl Strategy<Value = Vec<u8>> {
    let event =
        json!({ "id": "thing.1.0", "source": "agora.test", "type": "thing.happened", "data": { "n": 1 } });
    (change(), any::<bool>()).prop_map(move |(change, listed)| match change.of(&event) {
        event if listed => [b"[", event.as_slice(), b"]"].concat(),
        text => text,
    })
}

#[test]
fn a_hostile_record_is_published_or_set_aside() {
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
fn a_text_that_is_no_payload_does_not_reach_a_function() {
    let anything = change().prop_map(|change| change.of(&fixture("sqs/user_created.json")));
    property(300, anything, failing_consumers, async |_, consumers, bytes| {
        for (_, consumer) in consumers {
            let Ok(event) = serde_json::from_slice::<SqsEvent>(&bytes) else { break };
            let known = event.records.len();
            let response = consumer.call(event, invocation()).await;
            assert!(response.batch_item_failures.len() <= known);
        }
        let _ = serde_json::from_slice::<ApiGatewayV2httpRequest>(&bytes).map(gateway::request);
    });
}
