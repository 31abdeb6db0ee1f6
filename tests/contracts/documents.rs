//! The code <-> the OpenAPI document <-> README's route table.

use axum::body::Body;
use http::{Request, header};
use serde_json::Value;

use crate::harness::test;

fn document() -> Value {
    serde_json::from_str(&local::documents::openapi()).unwrap()
}

#[test]
fn the_kept_document_is_that_of_the_code() {
    assert!(
        web::OPENAPI == local::documents::openapi(),
        "functions/web/assets/openapi.json is stale: run `cargo run -- openapi --write`"
    );
}

#[test]
fn readme_has_the_routes_of_the_code() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    assert!(
        readme.contains(&local::documents::route_table()),
        "README.md's route table is stale: run `cargo run -- routes --write`"
    );
}

#[test]
fn every_operation_is_documented_in_full() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            for text in ["summary", "description", "operationId"] {
                assert!(operation[text].as_str().is_some_and(|text| !text.is_empty()), "{place}: {text}");
            }
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
            for (status, response) in responses {
                assert!(!response["description"].as_str().unwrap().is_empty(), "{place}: {status}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                found.push(reference.to_owned());
            }
            map.values().for_each(|value| collect_references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| collect_references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_code_has_one_status_and_one_title() {
    let document = document();
    let mut statuses = std::collections::BTreeMap::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let examples = response["content"]["application/problem+json"]["examples"].as_object();
                for (code, example) in examples.into_iter().flatten() {
                    let this = (status.clone(), example["value"]["title"].clone());
                    let known = statuses.entry(code.clone()).or_insert_with(|| this.clone());
                    assert_eq!(*known, this, "{code}");
                }
            }
        }
    }
    assert!(statuses.len() > 5);
}

/// A path with the examples of its parameters in it.
fn with_examples(document: &Value, path: &str, item: &Value) -> String {
    let operation = item.as_object().unwrap().values().next().unwrap();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.filter(|parameter| parameter["in"] == "path").fold(path.to_owned(), |path, parameter| {
        let name = parameter["name"].as_str().unwrap();
        let schema = match parameter["schema"]["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => &parameter["schema"],
        };
        let example =
            schema["examples"][0].as_str().unwrap_or_else(|| panic!("{path}: {name} has no example"));
        path.replace(&format!("{{{name}}}"), example)
    })
}

/// What the document says of tokens, bodies and parameters is what happens.
#[test]
fn an_operation_wants_what_its_document_says() {
    test(async |app| {
        // An administrator, whom no permission keeps from what is looked at here.
        let tokens = app.administrator("ada-marker@example.com").await;
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let document = document();
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = &with_examples(&document, path, item);
            for (method, operation) in item.as_object().unwrap() {
                let place = format!("{method} {path}");
                let send = async |token: Option<&str>| {
                    let mut request = Request::builder()
                        .method(method.to_uppercase().as_str())
                        .uri(path)
                        .header(header::CONTENT_TYPE, "text/plain");
                    if let Some(token) = token {
                        request = request.header(header::AUTHORIZATION, token);
                    }
                    app.send(request.body(Body::from("x")).unwrap()).await.status
                };
                assert_eq!(send(None).await == 401, operation.get("security").is_some(), "{place}: a token");
                let body = operation.get("requestBody").is_some();
                assert_eq!(send(Some(&bearer)).await == 415, body, "{place}: a JSON body");
            }
        }
    });
}
