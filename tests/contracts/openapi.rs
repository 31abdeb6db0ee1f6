//! The form of the OpenAPI document: requirements of generated clients.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::harness::{
    document::{DOCUMENT, schema_faults},
    operation::Operation,
    test,
};

#[test]
fn an_operation_id_is_unique_and_names_group_and_verb() {
    let mut known = BTreeMap::new();
    for operation in Operation::all() {
        let (place, id) = (operation.name(), operation.value["operationId"].as_str().unwrap());
        let (group, name) = id.split_once('.').unwrap_or_default();
        assert_eq!(operation.value["tags"], json!([group]), "{place}: {id}");
        let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(name.split('_').all(word), "{place}: {id}");
        let other = known.insert(id, place.clone());
        assert_eq!(other, None, "{id} is the operationId of two: the other is {place}");
    }
    for (place, id) in [
        ("GET /api/v1/auth/health", "auth.get_health"),
        ("GET /api/v1/users/me", "users.get_me"),
        ("GET /api/v1/users/{user_id}", "users.get_user"),
        ("POST /api/v1/order", "orders.create_order_alias"),
    ] {
        assert_eq!(known[id], place);
    }
}

#[test]
fn an_alias_is_deprecated_and_internal() {
    let aliases: Vec<Operation> =
        Operation::all().filter(|operation| operation.value.get("x-alias-of").is_some()).collect();
    assert!(aliases.len() > 5);
    for operation in Operation::all() {
        let is = |flag: &str| operation.value.get(flag).is_some_and(|value| *value == true);
        let alias = aliases.iter().any(|alias| alias.name() == operation.name());
        assert_eq!((is("deprecated"), is("x-internal")), (alias, alias), "{}", operation.name());
    }
}

#[test]
fn every_operation_says_who_may_call() {
    let public = |operation: &Operation| operation.value["security"] == json!([]);
    assert!(Operation::all().all(|operation| operation.value["security"].is_array()));
    let public: Vec<_> = Operation::all().filter(public).map(|operation| operation.name()).collect();
    assert!(public.contains(&"POST /api/v1/auth/login".to_owned()));
    assert!(!public.contains(&"POST /api/v1/auth/logout".to_owned()));
}

#[test]
fn no_parameter_and_no_header_may_be_null() {
    let mut headers = 0;
    for operation in Operation::all() {
        let sent = operation.value["parameters"].as_array().into_iter().flatten();
        let responses = operation.value["responses"].as_object().unwrap().values();
        let answered = responses.filter_map(|response| response["headers"].as_object()).flat_map(Map::values);
        for parameter in sent.chain(answered) {
            headers += usize::from(parameter["in"] == "header");
            let schema = parameter["schema"].to_string();
            assert!(!schema.contains("\"null\""), "{}: {parameter}", operation.name());
        }
    }
    assert!(headers > 10);
}

#[test]
fn a_problem_response_has_the_codes_of_its_examples_and_no_others() {
    for operation in Operation::all() {
        for (status, response) in operation.value["responses"].as_object().unwrap() {
            let Some(problem) = response["content"].get("application/problem+json") else { continue };
            let examples: BTreeSet<_> = problem["examples"].as_object().unwrap().keys().collect();
            let codes = problem["schema"]["allOf"][1]["properties"]["code"]["enum"].as_array();
            let codes: BTreeSet<_> = codes.unwrap().iter().map(|code| code.as_str().unwrap()).collect();
            assert!(examples.into_iter().eq(codes), "{}: {status}", operation.name());
        }
    }
    // The harness compares replies with it: a code of another status is a fault.
    let order = Operation::named("POST /api/v1/orders");
    let conflict = order.pointer("/responses/409/content/application~1problem+json");
    let mut example = DOCUMENT.pointer(&conflict).unwrap()["examples"]["price_changed"]["value"].clone();
    assert_eq!(schema_faults(&format!("{conflict}/schema"), &example), Vec::<String>::new());
    example["code"] = "not_found".into();
    assert_eq!(schema_faults(&format!("{conflict}/schema"), &example).len(), 1);
}

#[test]
fn the_document_is_of_no_installation_until_it_is_served() {
    assert_eq!(DOCUMENT["servers"], json!([{ "url": "/" }]));
    test(async |app| {
        let mut served = app.get("/openapi.json").await.json();
        let url = app.platform.stack().functions["Web"].variables["PUBLIC_URL"].clone();
        assert_eq!(served["servers"], json!([{ "url": url }]));
        let mut types = 0;
        strings(&mut served, &mut |text| {
            if let Some(path) = text.strip_prefix(&url) {
                types += usize::from(path.starts_with("/problems/"));
                *text = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
            }
        });
        assert!(types > 100);
        for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
            assert!(served["paths"][path] == *item, "{path}");
        }
        assert!(served == *DOCUMENT, "something else differs");
    });
}

/// Applies `change` to every text of a value.
fn strings(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(list) => list.iter_mut().for_each(|value| strings(value, change)),
        Value::Object(map) => map.values_mut().for_each(|value| strings(value, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn the_type_of_a_problem_leads_to_the_documents() {
    test(async |app| {
        let problem = app.get("/api/v1/users/me").await;
        assert_eq!(problem.problem(), (401, "authentication_required".to_owned()));
        let kind = problem.json()["type"].as_str().unwrap().to_owned();
        assert_eq!(kind, "/problems/authentication_required");
        let reply = app.get(&kind).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/docs"));
        assert_eq!(app.get("/problems/nothing").await.status, 404);
    });
}
