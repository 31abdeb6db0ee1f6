//! The documents of replies and problems.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, HeaderBuilder, RefOr, Response, ResponseBuilder, extensions::ExtensionsBuilder,
    },
};

use crate::http::problem::{Named, type_of};

/// Extension with the schemas that a response refers to, until they are moved into the
/// document's components.
pub(super) const COMPONENTS: &str = "x-components";

/// Extension in which the entries of a response's problems wait to be moved into the
/// document.
pub(super) const PROBLEMS: &str = "x-problem-entries";

/// Extension with the schemas of problem members, until they are moved into the schema
/// of problems.
pub(super) const MEMBERS: &str = "x-problem-members";

/// The schema of problems, with all codes and all further members.
pub(super) fn problem_schema(codes: &BTreeSet<&str>, members: Map<String, Value>) -> Value {
    let mut schema = json!({
        "type": "object",
        "description": "An RFC 9457 problem.",
        "required": ["type", "title", "status", "code", "instance", "request_id"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri-reference",
                "description": "Problem type, relative to the request URL (RFC 9457, 3.1.1).",
                "examples": [type_of("email_taken")],
            },
            "title": { "type": "string", "description": "Summary, the same for every occurrence of the code." },
            "status": { "type": "integer", "format": "int32", "examples": [409] },
            "code": { "type": "string", "description": "Stable code for programs.", "enum": codes },
            "detail": { "type": "string", "description": "Explanation of this occurrence." },
            "instance": { "type": "string", "description": "Path of the request." },
            "request_id": { "type": "string", "description": "Id of the request in the log, assigned by the server regardless of `X-Request-Id`." },
        },
    });
    for (name, member) in members {
        schema["properties"][name] = member;
    }
    schema
}

/// The documents of the lines of a `problems!`, each with the schemas of its
/// members.
pub fn problem_responses(problems: Vec<(Named, Value)>) -> BTreeMap<String, RefOr<Response>> {
    let mut responses = Map::new();
    for (named, members) in problems {
        let response = add_problem(&mut responses, named);
        response[PROBLEMS][named.code] = entry(named);
        for (name, member) in members.as_object().into_iter().flatten() {
            response[MEMBERS][name] = member.clone();
        }
    }
    responses
        .into_iter()
        .filter_map(|(status, response)| Some((status, RefOr::T(serde_json::from_value(response).ok()?))))
        .collect()
}

/// Names the codes of a response's problems: those of its examples and no others.
pub(super) fn name_codes(response: &mut Value) {
    let Some(content) = response.pointer_mut("/content/application~1problem+json") else {
        return;
    };
    // In one order, whichever features of serde_json are on.
    let codes: BTreeSet<&String> = content["examples"].as_object().into_iter().flat_map(Map::keys).collect();
    let codes = json!({ "type": "object", "properties": { "code": { "type": "string", "enum": codes } } });
    content["schema"] = json!({ "allOf": [{ "$ref": "#/components/schemas/Problem" }, codes] });
}

/// Adds a problem to the response of its status, beside others of the same.
pub(super) fn add_problem(responses: &mut Map<String, Value>, named: Named) -> &mut Value {
    let Named { status, code, title, .. } = named;
    let response = responses.entry(status.to_string()).or_insert_with(|| {
        json!({
            "description": "",
            "content": {
                "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                    "examples": {},
                },
            },
        })
    });
    if response["content"]["application/problem+json"]["examples"].get(code).is_some() {
        return response;
    }
    if status == 429 {
        response["headers"] = limit_headers();
    }
    let description = response["description"].as_str().unwrap_or_default();
    let separator = if description.is_empty() { "" } else { " " };
    response["description"] = format!("{description}{separator}`{code}`: {title}").into();
    response["content"]["application/problem+json"]["examples"][code] =
        json!({ "$ref": format!("#/components/examples/{code}") });
    response
}

/// A problem's entry on the page of problems.
pub(super) fn entry(named: Named) -> Value {
    let Named { status, title, cause, remedy, .. } = named;
    json!({ "status": status, "title": title, "cause": cause, "remedy": remedy })
}

/// The example of a problem, to which every response that has it refers.
pub(super) fn example(code: &str, entry: &Value) -> Value {
    let text = |name: &str| entry[name].as_str().unwrap_or_default();
    json!({
        "summary": entry["title"],
        "description": format!("{} {}", text("cause"), text("remedy")),
        "value": {
            "type": type_of(code),
            "title": entry["title"],
            "status": entry["status"],
            "code": code,
            "instance": "/…",
            "request_id": "req_01h455vb4pex5vsknk084sn02q",
        },
    })
}

/// The documents of replies that have a header.
pub fn with_header(
    mut responses: BTreeMap<String, RefOr<Response>>,
    name: &str,
    description: &str,
) -> BTreeMap<String, RefOr<Response>> {
    for response in responses.values_mut() {
        if let RefOr::T(response) = response {
            let header = HeaderBuilder::new().description(Some(description)).build();
            response.headers.insert(name.to_owned(), RefOr::T(header));
        }
    }
    responses
}

/// Headers of [`Limited`](crate::http::Limited).
fn limit_headers() -> Value {
    let header = |description| json!({ "description": description, "schema": { "type": "integer" } });
    json!({
        "Retry-After": header("Seconds until the next attempt is allowed."),
        "RateLimit-Limit": header("Attempts allowed in the window."),
        "RateLimit-Remaining": header("Attempts left in the window."),
        "RateLimit-Reset": header("Seconds until the window ends."),
    })
}

/// The document of a reply without a body.
pub fn empty_response(status: StatusCode) -> BTreeMap<String, RefOr<Response>> {
    let response = ResponseBuilder::new().description(status.canonical_reason().unwrap_or_default()).build();
    BTreeMap::from([(status.as_str().to_owned(), RefOr::T(response))])
}

/// The document of a reply that holds a `T`.
pub fn success_response<T: ToSchema>(status: StatusCode) -> BTreeMap<String, RefOr<Response>> {
    let mut components = vec![(T::name().into_owned(), <T as PartialSchema>::schema())];
    T::schemas(&mut components);
    let components: Map<String, Value> =
        components.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    let reference = utoipa::openapi::Ref::from_schema_name(T::name());
    let response = ResponseBuilder::new()
        .description(status.canonical_reason().unwrap_or_default())
        .content("application/json", ContentBuilder::new().schema(Some(reference)).build())
        .extensions(Some(ExtensionsBuilder::new().add(COMPONENTS, Value::Object(components)).build()))
        .build();
    BTreeMap::from([(status.as_str().to_owned(), RefOr::T(response))])
}
