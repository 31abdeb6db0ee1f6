//! What is made from the code for people to read: the OpenAPI document and the
//! README's route table. Both are kept in the repository; tests hold them equal
//! to what is made here.

use std::{fmt::Write as _, path::PathBuf};

use serde_json::{Map, Value};

use crate::{functions::FUNCTIONS, stack::Template};

/// The route table stands between these lines of the README.
const BEGIN: &str = "<!-- routes:begin -->\n";
const END: &str = "<!-- routes:end -->";

/// The OpenAPI document of all groups, as a text that ends in a new line.
pub fn openapi() -> String {
    format!("{:#}\n", merged())
}

/// Where the OpenAPI document is kept.
pub fn openapi_path() -> PathBuf {
    Template::path().with_file_name("functions/web/assets/openapi.json")
}

/// All routes as a Markdown table, group by group; aliases last.
pub fn route_table() -> String {
    let document = merged();
    let mut table = String::from("| method | path | what it does |\n|---|---|---|\n");
    let tags = document["tags"].as_array().into_iter().flatten();
    for tag in tags.filter_map(|tag| tag["name"].as_str()) {
        for aliases in [false, true] {
            for (method, path, operation) in operations(&document) {
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

/// Where the README is.
pub fn readme_path() -> PathBuf {
    Template::path().with_file_name("README.md")
}

/// The README with the current route table; `None` if it has no place for it.
pub fn with_route_table(readme: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", route_table()))
}

fn merged() -> Value {
    shared::http::documents::merge(
        FUNCTIONS.iter().filter_map(|declared| Some(declared.openapi?())).collect(),
    )
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
