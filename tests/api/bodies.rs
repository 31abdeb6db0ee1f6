//! Rules of every operation: those of bodies, and of conditions.

use axum::body::Body;
use http::{HeaderName, Method, Request, header};
use serde_json::{Value, json};

use crate::harness::{
    App, PASSWORD,
    client::Reply,
    operation::{Caller, Operation},
    parameters::{Parameters, People},
    test, test_of, with_cheap_passwords,
};
async fn people(app: &App) -> People {
    let owner = app.register_as("owner-marker@example.com").await;
    let administrator = app.administrator("root-marker@example.com").await;
    People { owner, administrator, password: PASSWORD, ..People::default() }
}

/// The path of an operation, with new resources. Events among them make the agenda
/// longer with every call.
async fn path(app: &App, people: &People, operation: &Operation) -> String {
    Box::pin(Parameters { api: app, people }.path(operation)).await
}

/// Sends a request for an operation as a permitted caller.
async fn send(
    app: &App,
    people: &People,
    (operation, path): (&Operation, &str),
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Reply {
    let mut request = Request::builder().method(operation.method.clone()).uri(path);
    if let Some(token) = people.token(operation.caller()) {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if operation.takes_header("Idempotency-Key") {
        request = request.header("idempotency-key", "bodies");
    }
    for (name, value) in headers {
        request = request.header(HeaderName::from_bytes(name.as_bytes()).unwrap(), *value);
    }
    app.send(request.body(body.into()).unwrap()).await
}

#[test]
fn a_compressed_body_is_refused_by_every_operation() {
    test(async |app| {
        let people = people(app).await;
        let mut tried = 0;
        for operation in Operation::all() {
            let Some((media, _)) = operation.bodies().next() else { continue };
            let path = path(app, &people, &operation).await;
            for coding in ["gzip", "br", "identity, gzip", "zstd"] {
                let headers = [("content-type", media), ("content-encoding", coding)];
                let reply = send(app, &people, (&operation, &path), &headers, "{}").await;
                let name = operation.name();
                assert_eq!(reply.problem(), (415, "unsupported_media_type".to_owned()), "{name} {coding}");
                assert_eq!(reply.header("accept-encoding"), "identity");
            }
            let headers = [("content-type", media), ("content-encoding", "Identity")];
            let reply = send(app, &people, (&operation, &path), &headers, "[").await;
            assert_ne!(reply.status, 415, "{}", operation.name());
            tried += 1;
        }
        assert!(tried > 25, "{tried}");
    });
}

#[test]
fn a_name_that_stands_twice_is_refused_by_every_operation() {
    test(async |app| {
        let people = people(app).await;
        for operation in Operation::all() {
            let Some(example) = operation.example() else { continue };
            let path = path(app, &people, &operation).await;
            let first = example.as_object().and_then(|body| body.iter().next());
            let (name, value) =
                first.map_or(("reason", &Value::Null), |(name, value)| (name.as_str(), value));
            for body in [
                format!("{{{0}:{1},{0}:{1}}}", json!(name), value),
                format!("{{{}:[{{\"a\":1,\"a\":2}}]}}", json!(name)),
            ] {
                let headers = [("content-type", "application/json")];
                let reply = send(app, &people, (&operation, &path), &headers, body.clone()).await;
                assert_eq!(
                    reply.problem(),
                    (400, "malformed_json".to_owned()),
                    "{} {body}",
                    operation.name()
                );
                let detail = reply.json()["detail"].as_str().unwrap_or_default().to_owned();
                assert!(detail.contains("stands twice"), "{detail}");
            }
        }
    });
}

#[test]
fn an_empty_body_is_none_whatever_its_media_type() {
    test_of(with_cheap_passwords, async |app| {
        // An operation may end sessions, or delete a resource of the next one.
        for operation in Operation::all().filter(|operation| operation.example().is_some()) {
            let mut answers = Vec::new();
            for (number, media) in
                [None, Some("application/json"), Some("text/plain")].into_iter().enumerate()
            {
                let name = operation.value["operationId"].as_str().unwrap().replace(['.', '_'], "-");
                let owner = app.register_as(&format!("o{number}{name}-marker@example.com")).await;
                let root = format!("r{number}{name}-marker@example.com");
                let administrator = app.administrator(&root).await;
                let people = People { owner, administrator, password: PASSWORD, ..People::default() };
                let headers: Vec<_> = media.iter().map(|media| ("content-type", *media)).collect();
                let path = path(app, &people, &operation).await;
                let reply = send(app, &people, (&operation, &path), &headers, "").await;
                let json: Value = serde_json::from_slice(&reply.bytes).unwrap_or_default();
                let code = json["code"].clone();
                assert_ne!(code, "malformed_json", "{} {media:?}", operation.name());
                answers.push((reply.status, code));
            }
            assert!(answers.iter().all(|it| *it == answers[0]), "{} {answers:?}", operation.name());
        }
    });
}

#[test]
fn a_resource_that_must_not_exist_is_not_written() {
    test(async |app| {
        let people = people(app).await;
        for operation in Operation::all() {
            let writes = [Method::PUT, Method::PATCH, Method::DELETE].contains(&operation.method);
            if !writes {
                continue;
            }
            let body = operation.example().map(Value::to_string).unwrap_or_default();
            let path = path(app, &people, &operation).await;
            let get = async || {
                let token = people.token(Caller::Administrator).unwrap();
                let token = if path.contains("/me") { people.token(Caller::User).unwrap() } else { token };
                let path = path.replace("update_order", "orders").replace("delete_order", "orders");
                let reply = app.get_as(token, &path).await;
                // A session has no GET of its own, only a list.
                if reply.status == 200 { reply.json() } else { json!(reply.status) }
            };
            let before = get().await;
            let headers = [("content-type", "application/json"), ("if-none-match", "*")];
            let reply = send(app, &people, (&operation, &path), &headers, body).await;
            assert_eq!(reply.problem(), (412, "stale_version".to_owned()), "{}", operation.name());
            assert_eq!(get().await, before, "{}", operation.name());
        }
    });
}
