//! Every operation of the OpenAPI document, from permitted and other callers: hostile
//! bodies, parameters, headers and tokens.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use axum::body::Body;
use http::{HeaderName, HeaderValue, Request, header};
use proptest::{collection::vec, option, prelude::*, sample::Index};
use serde_json::{Map, Value, json};

use super::{
    assert_harmless,
    values::{Change, change, percent_encoded, text},
    world::World,
};
use crate::harness::{
    App,
    operation::{Caller, Operation},
    property,
};

/// Number of requests to each operation.
const ROUNDS: u32 = 20;

/// Hostile parts of a request.
#[derive(Debug)]
struct Attack {
    token: Token,
    change: Change,
    media: Media,
    segment: Option<String>,
    query: Vec<(Option<Index>, String, String)>,
    key: Option<u64>,
    headers: Vec<(&'static str, Vec<u8>)>,
}

#[derive(Debug, Clone)]
enum Token {
    /// A permitted caller's.
    Fitting,
    Other(Caller),
    Garbage(Vec<u8>),
}

#[derive(Debug, Clone)]
enum Media {
    /// A documented media type.
    Documented(usize),
    Other(String),
}

/// Every header that is read.
const HEADERS: &[&str] = &[
    "accept",
    "authorization",
    "content-length",
    "cookie",
    "forwarded",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "origin",
    "traceparent",
    "transfer-encoding",
    "user-agent",
    "x-forwarded-for",
    "x-request-id",
];

fn attack() -> impl Strategy<Value = Attack> {
    let token = prop_oneof![
        7 => Just(Token::Fitting),
        1 => proptest::sample::select(vec![Caller::Anyone, Caller::User, Caller::Administrator])
            .prop_map(Token::Other),
        1 => vec(any::<u8>(), 0..80).prop_map(Token::Garbage),
    ];
    let media = prop_oneof![
        12 => any::<usize>().prop_map(Media::Documented),
        1 => Just(Media::Other("application/merge-patch+json".to_owned())),
        1 => text().prop_map(Media::Other),
    ];
    let segment = option::weighted(0.2, text());
    let query = vec((option::of(any::<Index>()), text(), text()), 0..3);
    let key = option::weighted(0.9, any::<u64>());
    let headers = vec((prop::sample::select(HEADERS), vec(any::<u8>(), 0..60)), 0..3);
    (token, change(), media, segment, option::weighted(0.5, query), key, option::weighted(0.5, headers))
        .prop_map(|(token, change, media, segment, query, key, headers)| Attack {
            token,
            change,
            media,
            segment,
            query: query.unwrap_or_default(),
            key,
            headers: headers.unwrap_or_default(),
        })
}

/// Every operation must be reached: some reply to it is no refusal of the caller or
/// of the path. The test fails for a group whose paths cannot be filled in, and for a
/// body that is never read.
#[test]
fn hostile_requests_are_answered() {
    let operations: Vec<Operation> = Operation::all().collect();
    let round = vec(attack(), operations.len());
    let answers: RefCell<BTreeMap<String, BTreeSet<u16>>> = RefCell::default();
    property(ROUNDS, round, World::new, async |app, world, round| {
        for (operation, attack) in operations.iter().zip(round) {
            let honest = attack.segment.is_none() && matches!(attack.token, Token::Fitting);
            let request = request(app, world, operation, attack).await;
            let reply = app.send(request).await;
            assert_harmless(&reply);
            answers.borrow_mut().entry(operation.name()).or_default().insert(reply.status);
            if honest {
                world.learn(app, operation, reply.status).await;
            }
        }
    });
    let answers = answers.borrow();
    assert_eq!(answers.len(), operations.len());
    let refused = [401, 403, 404, 405];
    let unreached: Vec<_> =
        answers.iter().filter(|(_, statuses)| statuses.iter().all(|it| refused.contains(it))).collect();
    assert!(unreached.is_empty(), "no request gets beyond caller and path of {unreached:#?}");
}

#[test]
fn no_body_causes_an_oversized_reply() {
    property(1, Just(()), World::new, async |app, world, ()| {
        let unknown: Map<String, Value> =
            (0..20_000).map(|number| (format!("{number:x}"), json!(1))).collect();
        let tildes: Map<String, Value> = (0..200).map(|length| ("~".repeat(length * 6), json!(1))).collect();
        for operation in Operation::all().filter(|operation| operation.bodies().count() > 0) {
            for body in [&unknown, &tildes] {
                let attack = Attack::with_body(Value::Object(body.clone()));
                let request = request(app, world, &operation, attack).await;
                let reply = app.send(request).await;
                assert_harmless(&reply);
                // An import is parsed later.
                let read = [202, 400, 413, 422].contains(&reply.status);
                assert!(read, "{} answers {} before it reads a body", operation.name(), reply.status);
            }
        }
    });
}

impl Attack {
    /// An attack by the body only.
    fn with_body(body: Value) -> Self {
        Self {
            token: Token::Fitting,
            change: Change::Other(body),
            media: Media::Documented(0),
            segment: None,
            query: Vec::new(),
            key: Some(0),
            headers: Vec::new(),
        }
    }
}

/// Builds the request of an attack on an operation.
async fn request(app: &App, world: &World, operation: &Operation, attack: Attack) -> Request<Body> {
    let mut path = operation.path.clone();
    for (name, thing) in operation.things() {
        let segment = match &attack.segment {
            Some(text) => percent_encoded(text),
            None => world.thing(app, thing).await,
        };
        // The gateway limits the request line to 10 KB.
        let segment: String = segment.chars().take(9_000).collect();
        path = path.replace(&format!("{{{name}}}"), &segment);
    }
    let query = query(operation, &attack);
    let mut request = Request::builder().method(operation.method.clone()).uri(format!("{path}?{query}"));
    let bearer = |token: &[u8]| HeaderValue::from_bytes(&[b"Bearer ", token].concat()).ok();
    let authorization = match &attack.token {
        Token::Fitting => world.token(operation.caller()).and_then(|token| bearer(token.as_bytes())),
        Token::Other(caller) => world.token(*caller).and_then(|token| bearer(token.as_bytes())),
        Token::Garbage(bytes) => bearer(bytes),
    };
    let bodies: Vec<_> = operation.bodies().collect();
    let (documented, example) = match &attack.media {
        Media::Documented(at) if !bodies.is_empty() => bodies[at % bodies.len()],
        _ => bodies.first().copied().unwrap_or(("", &Value::Null)),
    };
    let content_type = match &attack.media {
        Media::Documented(_) => HeaderValue::from_static(documented),
        Media::Other(text) => HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(documented)),
    };
    let key = attack.key.filter(|_| operation.takes_header("Idempotency-Key"));
    let given = attack.headers.into_iter().filter_map(|(name, bytes)| {
        Some((HeaderName::from_static(name), HeaderValue::from_bytes(&bytes).ok()?))
    });
    let fitting = [
        (header::AUTHORIZATION, authorization),
        (header::CONTENT_TYPE, Some(content_type)),
        (HeaderName::from_static("idempotency-key"), key.map(HeaderValue::from)),
    ];
    let fitting = fitting.into_iter().filter_map(|(name, value)| Some((name, value?)));
    for (name, value) in fitting.chain(given) {
        request = request.header(name, value);
    }
    let body = match world.body(example) {
        Value::Null => Vec::new(),
        // A body that is not JSON is changed as a text.
        Value::String(text) => {
            let changed = attack.change.of(&json!(text));
            serde_json::from_slice::<String>(&changed).map_or(changed, String::into_bytes)
        }
        valid => attack.change.of(&valid),
    };
    request.body(body.into()).unwrap()
}

/// The query: required parameters, and the attack's.
fn query(operation: &Operation, attack: &Attack) -> String {
    let known: Vec<&str> = operation.query().filter_map(|parameter| parameter["name"].as_str()).collect();
    let required = operation.query().filter(|parameter| parameter["required"] == true).map(|parameter| {
        let example = parameter["example"].as_str().unwrap_or_default();
        format!("{}={}", parameter["name"].as_str().unwrap(), percent_encoded(example))
    });
    let told = attack.query.iter().map(|(at, name, value)| {
        let name = at.filter(|_| !known.is_empty()).map_or(name.as_str(), |at| known[at.index(known.len())]);
        format!("{}={}", percent_encoded(name), percent_encoded(value))
    });
    required.chain(told).collect::<Vec<_>>().join("&")
}
