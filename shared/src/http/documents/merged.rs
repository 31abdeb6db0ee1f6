//! The document of the whole platform, merged from those of its groups.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    Documents,
    examples::add_examples,
    responses::{self, entry, problem_schema},
    samples::add_samples,
    sorted,
};
use crate::http::problem::COMMON;

/// Introduction of the whole document.
const DESCRIPTION: &str = "\
Every error is an RFC 9457 problem with a stable `code`. The `type` of a problem is the path of its \
entry on the [page of problems](/problems), with cause and remedy. The gateway's own 413, 429 and \
503, before a function is reached, are bare `{\"message\"}` objects.

Changes are also published as domain events: [catalogue of domain events](/domain-events).

The samples run in a shell that has their variables: `AGORA` is the platform's address, such as \
`http://127.0.0.1:3000`. `ACCESS_TOKEN` comes from `POST /api/v1/auth/login`, and `ADMIN_TOKEN` \
from the same request with the account of an administrator. After `cargo run -- seed --demo` that \
is `shopkeeper@example.com` with the password `wooden lighthouse over the bay`. Ids, such as \
`ORDER_ID`, come from the reply that created the resource or from a list.";

/// The whole platform's document.
pub fn merge(groups: Vec<Documents>) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    let mut problem_members = Map::new();
    let common = COMMON.iter().map(|named| (named.code.to_owned(), entry(*named)));
    let mut problems: Map<String, Value> = common.collect();
    let mut tags = Vec::new();
    for group in groups {
        tags.extend(group.tags);
        for (path, item) in group.paths {
            let all = paths.entry(path).or_insert_with(|| json!({}));
            if let (Value::Object(all), Value::Object(item)) = (all, item) {
                all.extend(item);
            }
        }
        schemas.extend(group.schemas);
        problem_members.extend(group.problem_members);
        problems.extend(group.problems);
    }
    add_examples(&mut paths, &schemas);
    add_samples(&mut paths, &schemas);
    let codes: BTreeSet<&str> = paths.values().flat_map(problem_codes).collect();
    let examples: Map<String, Value> =
        codes.iter().map(|&code| (code.to_owned(), responses::example(code, &problems[code]))).collect();
    schemas.insert("Problem".to_owned(), problem_schema(&codes, problem_members));
    sorted(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Agora",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            "description": DESCRIPTION,
        },
        "externalDocs": { "description": "Catalogue of domain events", "url": "/domain-events" },
        // Relative, as the types of problems are: the file is the same for every
        // installation, and the server of the file knows its own address.
        "servers": [{ "url": "/" }],
        "tags": tags,
        // Every entry of the page of problems, those too that no operation documents.
        "x-problems": problems,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "examples": examples,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
            },
        },
    }))
}

/// The documented codes below a path.
fn problem_codes(path_item: &Value) -> Vec<&str> {
    let operations = path_item.as_object().into_iter().flat_map(Map::values);
    let responses =
        operations.filter_map(|operation| operation["responses"].as_object()).flat_map(Map::values);
    responses
        .filter_map(|response| response["content"]["application/problem+json"]["examples"].as_object())
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect()
}
