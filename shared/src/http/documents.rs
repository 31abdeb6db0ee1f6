//! The OpenAPI 3.1 document, made from the code by `agora write` and kept as
//! `functions/web/assets/openapi.json`; a test fails when that is stale. No
//! function calls this.

mod examples;
mod merged;
mod names;
mod responses;
mod samples;
mod tags;

use serde_json::{Map, Value, json};
use utoipa::openapi::{HttpMethod, RefOr, schema::Schema};

pub use self::{
    examples::example,
    merged::merge,
    responses::{empty_response, problem_responses, success_response, with_header},
    tags::Tag,
};
use self::{
    names::{alias_id, also_id, operation_id},
    responses::{COMPONENTS, MEMBERS, PROBLEMS, add_problem, entry, name_codes},
};
pub use super::json::sorted;
use super::{
    json::MERGE_PATCH,
    problem::{
        AUTHENTICATION_REQUIRED, BODY_TOO_LARGE, FORBIDDEN, INSUFFICIENT_USER_AUTHENTICATION, INTERNAL_ERROR,
        INVALID_IDEMPOTENCY_KEY, INVALID_PARAMETER, INVALID_TOKEN, MALFORMED_JSON, NOT_FOUND, UNAVAILABLE,
        UNKNOWN_PARAMETER, UNSUPPORTED_MEDIA_TYPE,
    },
};

/// Scope in `security`, next to permissions, for operations that require recent
/// authentication, always or for some requests.
const RECENT_AUTHENTICATION: &str = "recent_authentication";

/// A group's paths and schemas.
#[derive(Debug, Clone)]
pub struct Documents {
    group: &'static str,
    tags: Vec<Tag>,
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
    /// Schemas of the members that problems have beside those of RFC 9457.
    problem_members: Map<String, Value>,
    /// Entries of the page of problems, by code.
    problems: Map<String, Value>,
    pages: Vec<&'static str>,
}

impl Documents {
    /// The documents of `group`, still empty.
    pub fn new(group: &'static str, tags: Vec<Tag>) -> Self {
        Self {
            group,
            tags,
            paths: Map::new(),
            schemas: Map::new(),
            problem_members: Map::new(),
            problems: Map::new(),
            pages: Vec::new(),
        }
    }

    /// Adds a page: it has a path, and no place in the document.
    pub fn add_page(&mut self, path: &'static str) {
        self.pages.push(path);
    }

    /// Every path of the group, those of pages included, and true if `GET` is its only
    /// method.
    pub fn paths(&self) -> impl Iterator<Item = (&str, bool)> {
        let operations = self.paths.iter().map(|(path, methods)| {
            let mut methods = methods.as_object().into_iter().flatten();
            (path.as_str(), methods.all(|(method, _)| method == "get"))
        });
        operations.chain(self.pages.iter().map(|page| (*page, true)))
    }

    /// Adds an endpoint.
    pub fn add<P: utoipa::Path + utoipa::__dev::SchemaReferences>(&mut self) {
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        self.keep(schemas);
        for method in P::methods() {
            let mut operation = self.operation::<P>(&method);
            operation["operationId"] = operation_id(self.group, handler_of(&operation)).into();
            self.insert(&method, &P::path(), operation);
        }
    }

    /// Adds an endpoint under another path, with its own summary or another one.
    pub fn add_also<P: utoipa::Path>(&mut self, method: &HttpMethod, path: &str, summary: Option<&str>) {
        let mut operation = self.operation::<P>(method);
        if let Some(summary) = summary {
            operation["summary"] = summary.into();
        }
        operation["operationId"] =
            also_id(self.group, handler_of(&operation), &P::path(), (method, path)).into();
        if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
            parameters.retain(|parameter| parameter["in"] != "path" || stands_in(path, &parameter["name"]));
        }
        self.insert(method, path, operation);
    }

    /// Adds an endpoint under the path of a system that Agora replaces.
    pub fn add_alias<P: utoipa::Path>(&mut self, method: &HttpMethod, path: &str) {
        let mut operation = self.operation::<P>(method);
        let canonical = P::path();
        operation["deprecated"] = true.into();
        operation["summary"] = format!("Alias of {canonical}").into();
        operation["operationId"] = alias_id(self.group, handler_of(&operation)).into();
        operation["x-internal"] = true.into();
        operation["x-alias-of"] = canonical.into();
        // Clients of the replaced systems send no `Idempotency-Key`.
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if parameter["in"] == "header" {
                parameter["required"] = false.into();
            }
        }
        self.insert(method, path, operation);
    }

    fn insert(&mut self, method: &HttpMethod, path: &str, operation: Value) {
        self.paths.entry(path).or_insert_with(|| json!({}))[name_of(method)] = operation;
    }

    fn keep(&mut self, schemas: Vec<(String, RefOr<Schema>)>) {
        self.schemas.extend(schemas.into_iter().map(|(name, schema)| (name, json!(schema))));
    }

    /// The operation with the responses and headers that all operations of its kind
    /// have.
    fn operation<P: utoipa::Path>(&mut self, method: &HttpMethod) -> Value {
        let mut operation = json!(P::operation());
        operation["tags"] = json!([tags::tag_of(&self.tags, &P::path())]);
        if operation.get("security").is_none() {
            operation["security"] = json!([]);
        }
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        parameters.into_iter().flatten().for_each(remove_null);
        let mut common = vec![INTERNAL_ERROR, UNAVAILABLE];
        if operation.get("requestBody").is_some() {
            common.extend([MALFORMED_JSON, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE]);
        }
        let wanted: Vec<&Value> = operation["security"].as_array().into_iter().flatten().collect();
        let mut scopes = wanted.iter().filter_map(|it| it["bearer"].as_array()).flatten().peekable();
        if !wanted.is_empty() {
            common.push(INVALID_TOKEN);
        }
        // An operation with an optional token requires one for its permission.
        if needs_token(&operation) || scopes.peek().is_some() {
            common.push(AUTHENTICATION_REQUIRED);
        }
        for scope in scopes {
            common.push(if scope == RECENT_AUTHENTICATION {
                INSUFFICIENT_USER_AUTHENTICATION
            } else {
                FORBIDDEN
            });
        }
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        if parameters.clone().any(|parameter| parameter["name"] == "Idempotency-Key") {
            common.push(INVALID_IDEMPOTENCY_KEY);
        }
        if parameters.clone().any(|parameter| parameter["in"] == "path") {
            common.push(NOT_FOUND);
        }
        if parameters.clone().any(|parameter| parameter["in"] == "query") {
            common.extend([UNKNOWN_PARAMETER, INVALID_PARAMETER]);
        }
        if *method == HttpMethod::Patch
            && let Some(Value::Object(content)) = operation.pointer_mut("/requestBody/content")
            && let Some(body) = content.get("application/json").cloned()
        {
            content.insert(MERGE_PATCH.to_owned(), body);
        }
        let mut responses = operation["responses"].as_object().cloned().unwrap_or_default();
        for response in responses.values_mut().filter_map(Value::as_object_mut) {
            let extensions = [
                (COMPONENTS, &mut self.schemas),
                (MEMBERS, &mut self.problem_members),
                (PROBLEMS, &mut self.problems),
            ];
            for (extension, to) in extensions {
                if let Some(Value::Object(found)) = response.remove(extension) {
                    to.extend(found);
                }
            }
        }
        for named in common {
            add_problem(&mut responses, named);
            self.problems.insert(named.code.to_owned(), entry(named));
        }
        responses.values_mut().for_each(name_codes);
        let mut headers = Vec::new();
        if *method == HttpMethod::Get
            && responses.get("200").is_some_and(|it| !it["headers"]["ETag"].is_null())
        {
            responses.insert(
                "304".to_owned(),
                json!({ "description": "Not modified: `If-None-Match` holds the current `ETag`." }),
            );
            headers.push((
                "If-None-Match",
                "`ETag` of the cached representation; returns 304 if it is current.",
            ));
        }
        if responses.contains_key("412") {
            headers.push((
                "If-Match",
                "`ETag` of the resource; returns 412 if the resource has another version.",
            ));
        }
        operation["responses"] = Value::Object(responses);
        for (name, description) in headers {
            add_header(&mut operation, name, description);
        }
        operation
    }
}

/// True if an operation requires a token.
pub fn needs_token(operation: &Value) -> bool {
    let wanted = operation["security"].as_array();
    wanted.is_some_and(|wanted| !wanted.is_empty() && !wanted.contains(&json!({})))
}

/// The name of an operation's handler, as `utoipa::path` has it.
fn handler_of(operation: &Value) -> &str {
    operation["operationId"].as_str().unwrap_or_default()
}

/// Removes `null` from a parameter's schema: values in headers and queries are text,
/// and an optional parameter says `required: false`.
fn remove_null(parameter: &mut Value) {
    let Some(named) = parameter.pointer_mut("/schema/type") else {
        return;
    };
    if let Some(types) = named.as_array_mut() {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            *named = only.clone();
        }
    }
}

/// Adds an optional request header.
fn add_header(operation: &mut Value, name: &str, description: &str) {
    let header = json!({
        "name": name,
        "in": "header",
        "description": description,
        "required": false,
        "schema": { "type": "string" },
    });
    match operation.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(parameters) => parameters.push(header),
        None => operation["parameters"] = json!([header]),
    }
}

/// Name of a method in a path item.
fn name_of(method: &HttpMethod) -> String {
    json!(method).as_str().unwrap_or_default().to_owned()
}

/// True if a path has the parameter `name`.
fn stands_in(path: &str, name: &Value) -> bool {
    name.as_str().is_some_and(|name| path.contains(&format!("{{{name}}}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{
        Health, IfMatch, Reply, Stale, Versioned,
        endpoints::{mount, mount_at},
        testing::get,
    };

    /// Get a thing
    ///
    /// By its id.
    #[utoipa::path(
        get,
        path = "/things/{thing_id}",
        params(("thing_id" = String, Path), ("colour" = String, Query)),
        responses(Reply<Health>),
    )]
    async fn get_thing() -> Reply<Health> {
        Reply(Health::default())
    }

    crate::problems! {
        /// Errors of changing a thing.
        enum ChangeError {
            Stale(Stale),
        }
    }

    /// Get a thing with a version
    #[utoipa::path(get, path = "/versioned", security(("bearer" = ["manage_things"])), responses(Versioned<Reply<Health>>, ChangeError))]
    async fn get_versioned(if_match: IfMatch) -> Result<Versioned<Reply<Health>>, ChangeError> {
        if_match.check(7)?;
        Ok(Versioned(7, Reply(Health::default())))
    }

    fn document(add: impl FnOnce(&mut Documents)) -> Value {
        let mut documents = Documents::new("things", vec![Tag::new("things", &[" Things."])]);
        documents.add::<__path_get_thing>();
        documents.add::<__path_get_versioned>();
        add(&mut documents);
        merge(vec![documents])
    }

    #[tokio::test]
    async fn an_endpoint_answers_under_each_of_its_paths() {
        let router = mount::<__path_get_thing, _, _, _>(axum::Router::new(), get_thing);
        let router = mount_at(router, &HttpMethod::Get, "/things/mine", get_thing);
        let router = mount::<__path_get_versioned, _, _, _>(router, get_versioned);
        for path in ["/things/1", "/things/mine", "/things/mine/", "/versioned"] {
            assert_eq!(get(&router, path).await.status, 200, "{path}");
        }
    }

    #[test]
    fn another_path_of_an_endpoint_is_documented_as_one_of_its_own() {
        let document = document(|documents| {
            documents.add_also::<__path_get_thing>(&HttpMethod::Get, "/things/mine", Some("My thing"));
        });
        let operation = &document["paths"]["/things/mine"]["get"];
        assert_eq!(operation["operationId"], "things.get_mine");
        assert_eq!(operation["summary"], "My thing");
        assert_eq!(operation["description"], "By its id.");
        assert_eq!(operation.get("deprecated"), None);
        let parameters: Vec<_> = operation["parameters"].as_array().unwrap().iter().collect();
        assert_eq!(parameters.len(), 1, "the path has no thing_id");
        assert_eq!(parameters[0]["name"], "colour");
    }

    #[test]
    fn a_thing_with_a_version_may_be_asked_for_and_changed_on_a_condition() {
        let document = document(|_| {});
        let operation = &document["paths"]["/versioned"]["get"];
        assert!(operation["responses"]["200"]["headers"]["ETag"].is_object());
        assert!(operation["responses"]["304"].is_object());
        let headers = operation["parameters"].as_array().unwrap().iter();
        let headers: Vec<_> = headers.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        assert_eq!(headers, ["If-None-Match", "If-Match"]);
    }

    #[test]
    fn a_route_that_wants_a_permission_may_forbid() {
        let document = document(|_| {});
        let forbidden = |path: &str| document["paths"][path]["get"]["responses"].get("403").is_some();
        assert_eq!((forbidden("/versioned"), forbidden("/things/{thing_id}")), (true, false));
    }

    #[test]
    fn another_method_of_an_endpoint_is_told_apart_by_its_name() {
        let document = document(|documents| {
            documents.add_also::<__path_get_thing>(&HttpMethod::Put, "/things/{thing_id}", None);
        });
        let operations = &document["paths"]["/things/{thing_id}"];
        assert_eq!(operations["get"]["operationId"], "things.get_thing");
        assert_eq!(operations["put"]["operationId"], "things.put_thing");
        assert_eq!(operations["put"]["summary"], "Get a thing");
    }
}
