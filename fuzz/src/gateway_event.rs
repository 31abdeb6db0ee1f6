//! Any request in API Gateway's format, to any group: it must be answered, and never
//! with a 5xx.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use http::{HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};
use shared::lambda::gateway;

use super::{RUNTIME, world::within};

/// A request in the form of HTTP/1.1: a line, headers, an empty line, a body.
fn event(text: &str) -> Value {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().splitn(2, ' ');
    let method = words.next().filter(|word| word.parse::<Method>().is_ok()).unwrap_or("POST");
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = lines.filter_map(|line| line.split_once(": ")).filter(|(name, value)| {
        // A gateway drops invalid headers.
        name.parse::<HeaderName>().is_ok() && value.parse::<HeaderValue>().is_ok()
    });
    let headers: Map<String, Value> =
        headers.map(|(name, value)| (name.to_lowercase(), value.into())).collect();
    json!({
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": { "http": { "method": method, "sourceIp": "192.0.2.1" }, "stage": "$default" },
        "body": body,
        "isBase64Encoded": body.ends_with('='),
    })
}

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let event = event(&String::from_utf8_lossy(bytes));
    let event: ApiGatewayV2httpRequest = serde_json::from_value(event).expect("an event");
    RUNTIME.block_on(within(async |world| {
        let answer = gateway::response(world.send(gateway::request(event)).await).await;
        assert!(answer.status_code < 500, "{answer:?}");
        let answer = serde_json::to_string(&answer).expect("JSON");
        // The documents' script is the largest reply.
        assert!(answer.len() < 4 * 1024 * 1024, "{} bytes", answer.len());
    }));
}
