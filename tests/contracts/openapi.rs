//! The form of the OpenAPI document: requirements of generated clients.

use std::collections::{BTreeMap, BTreeSet};

use local::functions::FUNCTIONS;
use serde_json::{Map, Value, json};
use shared::bus::DomainEvent;

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
        assert!(FUNCTIONS.iter().any(|function| function.group() == group), "{place}: {id}");
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
    let example = &DOCUMENT.pointer(&conflict).unwrap()["examples"]["price_changed"]["$ref"];
    let example = DOCUMENT.pointer(example.as_str().unwrap().trim_start_matches('#')).unwrap();
    let mut example = example["value"].clone();
    assert_eq!(schema_faults(&format!("{conflict}/schema"), &example), Vec::<String>::new());
    example["code"] = "not_found".into();
    assert_eq!(schema_faults(&format!("{conflict}/schema"), &example).len(), 1);
}

#[test]
fn the_document_is_of_no_installation_until_it_is_served() {
    assert_eq!(DOCUMENT["servers"], json!([{ "url": "/" }]));
    test(async |app| {
        let url = app.platform.stack().functions["Web"].variables["PUBLIC_URL"].clone();
        let mut served = app.get("/openapi.json").await.json();
        assert_eq!(served["servers"], json!([{ "url": url }]));
        served["servers"] = DOCUMENT["servers"].clone();
        assert!(served == *DOCUMENT, "something else differs");
    });
}

/// The order in which a newcomer needs them. Other groups stand before the last.
const SECTIONS: [&str; 9] =
    ["auth", "users", "products", "categories", "orders", "stock", "organizations", "invitations", "health"];

/// The sections of the document.
fn sections() -> Vec<&'static str> {
    let tags = DOCUMENT["tags"].as_array().unwrap().iter();
    tags.map(|tag| tag["name"].as_str().unwrap()).collect()
}

#[test]
fn sections_come_in_the_order_in_which_a_newcomer_needs_them() {
    let sections = sections();
    let known: Vec<&str> = sections.iter().copied().filter(|name| SECTIONS.contains(name)).collect();
    assert_eq!(known, SECTIONS);
    assert_eq!(sections.last(), Some(&"health"));
    for operation in Operation::all() {
        let own = operation.value["tags"].as_array().unwrap();
        assert!(own.len() == 1 && sections.contains(&own[0].as_str().unwrap()), "{}", operation.name());
    }
}

#[test]
fn a_section_is_introduced_with_its_main_flow_in_three_requests() {
    for tag in DOCUMENT["tags"].as_array().unwrap() {
        let operations = Operation::all().filter(|operation| operation.value["tags"][0] == tag["name"]);
        let text = tag["description"].as_str().unwrap();
        let steps = (1..10).map_while(|number| {
            let (_, rest) = text.split_once(&format!("\n{number}. `"))?;
            Some(rest.split_once('`').unwrap().0)
        });
        let steps: Vec<&str> = steps.collect();
        // A new group has its health only.
        assert!(steps.len() == 3 || operations.count() < 3, "{text}");
        for step in steps {
            Operation::named(step);
        }
    }
}

#[test]
fn every_operation_has_samples_for_curl_and_typescript() {
    for operation in Operation::all() {
        let samples = operation.value["x-codeSamples"].as_array().unwrap();
        let labels: Vec<&str> = samples.iter().map(|sample| sample["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["curl", "TypeScript"], "{}", operation.name());
    }
}

#[test]
fn every_problem_has_a_cause_and_a_remedy() {
    let problems = DOCUMENT["x-problems"].as_object().unwrap();
    for (code, problem) in problems {
        for name in ["title", "cause", "remedy"] {
            let text = problem[name].as_str().unwrap();
            assert!(text.ends_with('.') && !text.contains('|'), "{code}: {name}: {text:?}");
        }
    }
    // Those too that no operation documents.
    for code in ["method_not_allowed", "direct_access"] {
        assert!(problems.contains_key(code), "{code}");
    }
    for code in DOCUMENT["components"]["examples"].as_object().unwrap().keys() {
        assert!(problems.contains_key(code), "{code}");
    }
}

#[test]
fn the_type_of_a_problem_leads_to_its_entry() {
    test(async |app| {
        let index = String::from_utf8(app.get("/problems").await.bytes).unwrap();
        for (code, problem) in DOCUMENT["x-problems"].as_object().unwrap() {
            let reply = app.get(&format!("/problems/{code}")).await;
            assert_eq!(reply.status, 200, "{code}");
            let entry = String::from_utf8(reply.bytes).unwrap();
            for text in [&problem["cause"], &problem["remedy"]] {
                let begin = text.as_str().unwrap().split(['`', '<', '>', '&']).next().unwrap();
                assert!(entry.contains(begin), "{code}: {begin}");
            }
            assert!(index.contains(&format!("href=\"/problems/{code}\"")), "{code}");
        }
        let problem = app.get("/api/v1/users/me").await;
        assert_eq!(problem.problem(), (401, "authentication_required".to_owned()));
        assert_eq!(problem.json()["type"], "/problems/authentication_required");
        assert_eq!(app.get("/problems/nothing").await.status, 404);
    });
}

#[test]
fn the_document_leads_to_the_catalogue_of_events() {
    test(async |app| {
        let link = DOCUMENT["externalDocs"]["url"].as_str().unwrap();
        let page = String::from_utf8(app.get(link).await.bytes).unwrap();
        for kind in DomainEvent::TYPES {
            let schema = format!("{link}/{kind}.schema.json");
            assert!(page.contains(&format!("href=\"{schema}\"")), "{kind}");
            assert_eq!(app.get(&schema).await.json()["title"], **kind);
        }
    });
}

#[test]
fn a_groups_document_has_its_operations_and_all_that_they_refer_to() {
    test(async |app| {
        let mut operations = 0;
        for section in sections() {
            let part = app.get(&format!("/openapi/{section}.json")).await.json();
            for item in part["paths"].as_object().unwrap().values() {
                for operation in item.as_object().unwrap().values() {
                    assert_eq!(operation["tags"], json!([section]));
                    operations += 1;
                }
            }
            let mut references = BTreeSet::new();
            collect_references(&part, &mut references);
            for reference in &references {
                assert!(part.pointer(reference).is_some(), "{section}: {reference}");
            }
            for (kind, components) in part["components"].as_object().unwrap() {
                let unused = components.as_object().unwrap().keys().find(|name| {
                    kind != "securitySchemes" && !references.contains(&format!("/components/{kind}/{name}"))
                });
                assert_eq!(unused, None, "{section}: {kind}");
            }
        }
        assert_eq!(operations, Operation::all().count());
    });
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            found.extend(
                map.get("$ref").and_then(Value::as_str).map(|it| it.trim_start_matches('#').to_owned()),
            );
            map.values().for_each(|value| collect_references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| collect_references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
