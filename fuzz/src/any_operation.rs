//! Every operation of the OpenAPI document, called by a permitted caller with other
//! data in its body, its path or its query: it must be answered, and never with a
//! 5xx. New groups are covered, as they are in the document.
//!
//! | bytes | meaning |
//! |---|---|
//! | 2 | operation |
//! | 1 | place of the other data: the body, a part of the path, the query, or a field of the example |
//! | the rest | the other data |

use std::{fmt::Write as _, sync::LazyLock};

use axum::body::Body;
use http::{HeaderValue, Request, header};
use serde_json::Value;

use super::{
    RUNTIME,
    operation::Operation,
    world::{World, within},
};

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| Operation::all().collect());

/// Place of the other data.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Body,
    Path,
    Query,
    Field(usize),
}

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let [low, high, place, other @ ..] = bytes else { return };
    let operation = &OPERATIONS[usize::from(u16::from_le_bytes([*low, *high])) % OPERATIONS.len()];
    let place = match place {
        0 => Place::Body,
        1 => Place::Path,
        2 => Place::Query,
        field => Place::Field(usize::from(*field) - 3),
    };
    RUNTIME.block_on(within(async |world| Box::pin(ask(world, operation, place, other)).await));
}

async fn ask(world: &mut World, operation: &Operation, place: Place, other: &[u8]) {
    let text = String::from_utf8_lossy(other);
    let mut path = operation.path.clone();
    for name in operation.parameters() {
        let thing = if place == Place::Path { encoded(&text) } else { Box::pin(world.thing(name)).await };
        path = path.replace(&format!("{{{name}}}"), &thing);
    }
    let query = if place == Place::Query {
        encoded(&text).replace("%3D", "=").replace("%26", "&")
    } else {
        String::new()
    };
    let mut request = Request::builder().method(operation.method.clone()).uri(format!("{path}?{query}"));
    if let Some(token) = world.token(operation.caller()) {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if operation.takes_header("Idempotency-Key") {
        // A distinct key for each body.
        request = request.header("idempotency-key", HeaderValue::from(key_of(other)));
    }
    let body = match operation.bodies().next() {
        None => Vec::new(),
        Some((media, example)) => {
            request = request.header(header::CONTENT_TYPE, media);
            match place {
                Place::Body => other.to_vec(),
                Place::Field(at) => changed(example, at, &text).into_bytes(),
                Place::Path | Place::Query => whole(example),
            }
        }
    };
    let response = world.send(request.body(Body::from(body)).expect("a request")).await;
    let status = response.status().as_u16();
    assert!(status < 500, "{} answers {status}", operation.name());
    if place != Place::Path {
        Box::pin(world.learn(operation, status)).await;
    }
}

/// The example with another value in one of its fields, at any depth: JSON, or a
/// text.
fn changed(example: &Value, at: usize, text: &str) -> String {
    let mut fields = Vec::new();
    pointers(example, "", &mut fields);
    let other = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let mut body = example.clone();
    if fields.is_empty() {
        return text.to_owned();
    }
    if let Some(field) = body.pointer_mut(&fields[at % fields.len()]) {
        *field = other;
    }
    body.to_string()
}

fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => {
            values.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, value) in inner {
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

fn whole(example: &Value) -> Vec<u8> {
    example.as_str().map_or_else(|| example.to_string(), str::to_owned).into_bytes()
}

/// An idempotency key derived from the data.
fn key_of(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// A text as a part of a URL, with every byte encoded.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        // Writing to a String cannot fail.
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}
