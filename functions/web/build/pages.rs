//! Pages that are made of data: the problems, one by one, and the domain events.

use serde_json::{Map, Value};

/// The page of all problems, and a page for each at the path that is its `type`.
pub(super) fn problems(document: &Value) -> Vec<(String, String)> {
    let mut problems: Vec<(&String, &Value)> =
        document["x-problems"].as_object().into_iter().flatten().collect();
    problems.sort_by_key(|(code, problem)| (problem["status"].as_u64(), *code));
    let rows: String = problems.iter().map(|(code, problem)| row(code, problem)).collect();
    let index = page(
        "Problems",
        &format!(
            "<p>Every error is an <a href=\"https://www.rfc-editor.org/rfc/rfc9457\">RFC 9457</a> problem. Its \
             <code>code</code> is stable; its <code>type</code> is the path of its entry here.</p>\n\
             <table>\n<thead><tr><th>status<th>code<th>meaning<th>remedy</thead>\n<tbody>\n{rows}</tbody>\n</table>"
        ),
    );
    let entries =
        problems.iter().map(|(code, problem)| (format!("/problems/{code}"), entry(document, code, problem)));
    std::iter::once(("/problems".to_owned(), index)).chain(entries).collect()
}

fn row(code: &str, problem: &Value) -> String {
    format!(
        "<tr><td>{}<td><a href=\"/problems/{code}\"><code>{code}</code></a><td>{}<td>{}\n",
        problem["status"],
        prose(&problem["title"]),
        prose(&problem["remedy"])
    )
}

fn entry(document: &Value, code: &str, problem: &Value) -> String {
    let operations: String = operations(document, code).collect();
    let operations = if operations.is_empty() {
        "<p>Any request.</p>".to_owned()
    } else {
        format!("<ul>\n{operations}</ul>")
    };
    page(
        code,
        &format!(
            "<p class=\"title\"><strong>{}</strong> {}</p>\n<h2>Cause</h2>\n<p>{}</p>\n<h2>Remedy</h2>\n<p>{}</p>\n\
             <h2>Operations that answer with it</h2>\n{operations}\n<p><a href=\"/problems\">All problems</a></p>",
            problem["status"],
            prose(&problem["title"]),
            prose(&problem["cause"]),
            prose(&problem["remedy"])
        ),
    )
}

/// A line for each operation that documents a code, with a link to it.
fn operations(document: &Value, code: &str) -> impl Iterator<Item = String> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(move |(method, operation)| (method, path, operation))
    });
    operations.filter(move |(_, _, operation)| has_problem(operation, code)).map(
        |(method, path, operation)| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            format!(
                "<li><a href=\"/docs#/{}/{}\"><code>{} {path}</code></a> {}\n",
                text(&operation["tags"][0]),
                text(&operation["operationId"]),
                method.to_uppercase(),
                prose(&operation["summary"])
            )
        },
    )
}

fn has_problem(operation: &Value, code: &str) -> bool {
    let mut responses = operation["responses"].as_object().into_iter().flat_map(Map::values);
    responses.any(|response| !response["content"]["application/problem+json"]["examples"][code].is_null())
}

/// The catalogue of domain events.
pub(super) fn events(events: &[Value]) -> String {
    let rows: String = events.iter().map(event_row).collect();
    page(
        "Domain events",
        &format!(
            "<p>Each type leads to the JSON Schema of its envelope, which is EventBridge's <code>detail</code>. Delivery \
             is at least once and in no order: <code>aggregate_version</code> tells which state is newer. Readers \
             ignore fields and types that they do not know.</p>\n\
             <table>\n<thead><tr><th>type<th>happens when<th>written by<th>handled by</thead>\n\
             <tbody>\n{rows}</tbody>\n</table>"
        ),
    )
}

fn event_row(event: &Value) -> String {
    let list = |value: &Value| {
        let names: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let kind = event["type"].as_str().unwrap_or_default();
    format!(
        "<tr id=\"{kind}\"><td><a href=\"/domain-events/{kind}.schema.json\"><code>{kind}</code></a>\
         <td>{}<td>{}<td>{}\n",
        prose(&event["description"]),
        list(&event["written_by"]),
        list(&event["handled_by"])
    )
}

fn page(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} - Agora API</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/docs/pages.css\">\n\
         <nav><a href=\"/docs\">API</a> <a href=\"/redoc\">Reference</a> <a href=\"/problems\">Problems</a> \
         <a href=\"/domain-events\">Domain events</a></nav>\n\
         <main>\n<h1>{title}</h1>\n{content}\n</main>\n</html>\n"
    )
}

/// A text of the document as HTML: what stands between backticks is code.
fn prose(text: &Value) -> String {
    let text = text.as_str().unwrap_or_default();
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() })
        .collect()
}
