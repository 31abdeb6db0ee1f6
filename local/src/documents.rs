//! Documents that are made from the code: the OpenAPI document, and the pages
//! of routes and of problems. `agora write` keeps them in the repository.

use std::{fmt::Write as _, sync::LazyLock};

use serde_json::{Map, Value};

use crate::functions::FUNCTIONS;

/// The OpenAPI document of all groups, as a text that ends in a new line.
pub fn openapi() -> String {
    format!("{:#}\n", merged())
}

/// The page of routes, section by section; aliases last.
pub fn routes() -> String {
    let document = merged();
    let mut table = String::from(
        "# Routes\n\n\
         Written from the code by `cargo run -- write`. `/docs` and `/redoc` of a running platform say\n\
         more of each; \u{1f511} needs an access token.\n",
    );
    let tags = document["tags"].as_array().into_iter().flatten();
    for tag in tags.filter_map(|tag| tag["name"].as_str()) {
        // Writing to a String cannot fail.
        let _ = write!(table, "\n## {tag}\n\n| method | path | what it does |\n|---|---|---|\n");
        for aliases in [false, true] {
            for (method, path, operation) in operations(document) {
                let in_group = operation["tags"][0] == tag;
                if in_group && operation["deprecated"].as_bool().unwrap_or(false) == aliases {
                    let summary = operation["summary"].as_str().unwrap_or_default();
                    let token = if shared::http::documents::needs_token(operation) { " 🔑" } else { "" };
                    let _ = writeln!(table, "| {method} | `{path}` | {summary}{token} |");
                }
            }
        }
    }
    table
}

/// The page of problems, by status and code.
pub fn problems() -> String {
    let mut page = String::from(
        "# Problems\n\n\
         Written from the code by `cargo run -- write`. Every error is an\n\
         [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem: its `code` is stable, and its `type`\n\
         is the path of its entry on a running platform (`/problems/not_found`).\n\n\
         | status | code | meaning | cause | remedy |\n|---|---|---|---|---|\n",
    );
    let problems = merged()["x-problems"].as_object().into_iter().flatten();
    let mut problems: Vec<(&String, &Value)> = problems.collect();
    problems.sort_by_key(|(code, problem)| (problem["status"].as_u64(), *code));
    for (code, problem) in problems {
        let text = |name: &str| problem[name].as_str().unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(
            page,
            "| {} | `{code}` | {} | {} | {} |",
            problem["status"],
            text("title"),
            text("cause"),
            text("remedy"),
        );
    }
    page
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
