//! The code <-> the OpenAPI document <-> the page of routes.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Request, header};
use serde_json::Value;
use shared::http::documents::needs_token;

use crate::harness::{
    document::{DOCUMENT, Operation, schema_faults, sell_what_examples_order},
    test,
};

#[test]
fn every_operation_is_documented_in_full() {
    for operation in Operation::all() {
        let place = operation.name();
        for text in ["summary", "description", "operationId"] {
            let text = operation.value[text].as_str().unwrap_or_default();
            assert!(!text.is_empty() && !text.contains("//"), "{place}: {text}");
        }
        let responses = operation.value["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
        for (status, response) in responses {
            assert!(!response["description"].as_str().unwrap().is_empty(), "{place}: {status}");
            let problem = status.starts_with(['4', '5']);
            let codes = response["content"]["application/problem+json"]["examples"].as_object();
            assert_eq!(codes.is_some_and(|codes| !codes.is_empty()), problem, "{place}: {status}");
        }
    }
}

/// Pointer and content of each body of requests and successful replies.
fn bodies() -> Vec<(String, &'static Value)> {
    let mut bodies = Vec::new();
    for operation in Operation::all() {
        let mut add = |place: String, body: &'static Value| {
            for (media, content) in body["content"].as_object().into_iter().flatten() {
                let pointer = operation.pointer(&format!("{place}/content/{}", media.replace('/', "~1")));
                bodies.push((pointer, content));
            }
        };
        add("/requestBody".to_owned(), &operation.value["requestBody"]);
        for (status, response) in operation.value["responses"].as_object().unwrap() {
            if status.starts_with('2') {
                add(format!("/responses/{status}"), response);
            }
        }
    }
    bodies
}

#[test]
fn every_body_has_an_example_that_is_one_of_its_schema() {
    assert!(bodies().len() > 10);
    for (pointer, content) in bodies() {
        assert!(content.get("example").is_some(), "{pointer}: a field of it has no example");
        if content.get("schema").is_some() {
            let faults = schema_faults(&format!("{pointer}/schema"), &content["example"]);
            assert!(faults.is_empty(), "{pointer}: {faults:#?}");
        }
    }
}

#[test]
fn a_field_is_documented_as_what_it_is_parsed_into() {
    // Without `value_type`, `Field<String>` becomes a schema of that name, which has
    // no format, no limits and no example.
    let names = DOCUMENT["components"]["schemas"].as_object().unwrap().keys();
    let wrapped: Vec<_> = names.filter(|name| name.contains('_')).collect();
    assert!(wrapped.is_empty(), "{wrapped:?}");
}

#[test]
fn the_example_of_a_body_is_one_that_its_handler_takes() {
    test(async |app| {
        let ada = app.administrator("ada-marker@example.com").await;
        sell_what_examples_order(app, ada["access_token"].as_str().unwrap()).await;
        for operation in Operation::all() {
            let Some(body) = operation.example() else { continue };
            // Signed in again, as the previous operation may have ended the session.
            // An account may sign in 50 times an hour.
            app.advance(std::time::Duration::from_mins(2));
            let tokens = app.log_in("ada-marker@example.com").await;
            let call = app.request(operation.method.clone(), &operation.path_with_examples());
            let call = call.token(tokens["access_token"].as_str().unwrap()).json(body);
            let reply = call.send().await;
            let place = operation.name();
            let refused = reply.status >= 400;
            let code = if refused { reply.problem().1 } else { String::new() };
            assert!(
                !["malformed_json", "invalid_fields"].contains(&code.as_str()),
                "{place}: {}",
                reply.json()
            );
        }
    });
}

#[test]
fn every_reference_leads_somewhere() {
    let mut references = Vec::new();
    collect_references(&DOCUMENT, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(DOCUMENT.pointer(pointer).is_some(), "{reference}");
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
    let mut statuses = BTreeMap::new();
    for operation in Operation::all() {
        for (status, response) in operation.value["responses"].as_object().unwrap() {
            let examples = response["content"]["application/problem+json"]["examples"].as_object();
            for (code, example) in examples.into_iter().flatten() {
                assert_eq!(example["$ref"], format!("#/components/examples/{code}"));
                let example = &DOCUMENT["components"]["examples"][code]["value"];
                assert_eq!(
                    (&example["code"], example["status"].to_string()),
                    (&code.as_str().into(), status.clone())
                );
                let this = (status.clone(), example["title"].clone());
                let known = statuses.entry(code.clone()).or_insert_with(|| this.clone());
                assert_eq!(*known, this, "{code}");
            }
        }
    }
    assert!(statuses.len() > 5);
}

/// Requirements of tokens, bodies and parameters in the document match the behaviour.
#[test]
fn an_operation_wants_what_its_document_says() {
    test(async |app| {
        // An administrator, so that no permission interferes.
        let tokens = app.administrator("ada-marker@example.com").await;
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        for operation in Operation::all() {
            let (place, path) = (operation.name(), operation.path_with_examples());
            let send = async |token: Option<&str>| {
                let request = Request::builder().method(operation.method.clone()).uri(&path);
                let mut request = request.header(header::CONTENT_TYPE, "text/plain");
                if let Some(token) = token {
                    request = request.header(header::AUTHORIZATION, token);
                }
                app.send(request.body(Body::from("x")).unwrap()).await.status
            };
            let documented = operation.value;
            assert_eq!(send(None).await == 401, needs_token(documented), "{place}: a token");
            let body = documented.get("requestBody").is_some();
            assert_eq!(send(Some(&bearer)).await == 415, body, "{place}: a JSON body");
        }
    });
}

#[test]
fn an_operation_wants_a_key_where_its_document_says_so() {
    test(async |app| {
        let ada = app.administrator("ada-marker@example.com").await;
        let token = ada["access_token"].as_str().unwrap();
        let mut wanted = Vec::new();
        for operation in Operation::all() {
            let mut parameters = operation.value["parameters"].as_array().into_iter().flatten();
            let Some(key) = parameters.find(|parameter| parameter["name"] == "Idempotency-Key") else {
                continue;
            };
            let body = operation.example().unwrap().clone();
            let reply = app.post_as(token, &operation.path_with_examples(), body).await;
            let required = reply.status == 400 && reply.problem().1 == "idempotency_key_required";
            assert_eq!(key["required"], required, "{}: {}", operation.name(), reply.json());
            wanted.extend(required.then(|| operation.name()));
        }
        assert_eq!(wanted, ["POST /api/v1/orders", "POST /api/v1/stock/{sku}"]);
    });
}
