//! Documents generated from the code: the OpenAPI document and the README's route
//! table. `agora write` keeps both in the repository.

use std::{fmt::Write as _, sync::LazyLock};

use serde_json::{Map, Value};

use crate::functions::FUNCTIONS;

/// The OpenAPI document of all groups, as a text that ends in a new line.
pub fn openapi() -> String {
    format!("{:#}\n", merged())
}

/// All routes as a Markdown table, group by group; aliases last.
pub fn route_table() -> String {
    let document = merged();
    let mut table = String::from("| method | path | what it does |\n|---|---|---|\n");
    let tags = document["tags"].as_array().into_iter().flatten();
    for tag in tags.filter_map(|tag| tag["name"].as_str()) {
        for aliases in [false, true] {
            for (method, path, operation) in operations(document) {
                let in_group = operation["tags"][0] == tag;
                if in_group && operation["deprecated"].as_bool().unwrap_or(false) == aliases {
                    let summary = operation["summary"].as_str().unwrap_or_default();
                    let token = if shared::http::documents::needs_token(operation) { " 🔑" } else { "" };
                    // Writing to a String cannot fail.
                    let _ = writeln!(table, "| {method} | `{path}` | {summary}{token} |");
                }
            }
        }
    }
    table.push_str("\n🔑 needs an access token.\n");
    table
}

/// The document, computed once a process.
fn merged() -> &'static Value {
    static MERGED: LazyLock<Value> = LazyLock::new(|| {
        shared::http::documents::merge(
            FUNCTIONS.iter().filter_map(|declared| Some(declared.openapi?())).collect(),
        )
    });
    &MERGED
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flat_map(Map::iter)
            .map(move |(method, operation)| (method.to_ascii_uppercase(), path, operation))
    })
}
