//! The OpenAPI document as a judge: what the API answers to any test must be
//! what the document says of it: its status, the code of a problem, every field
//! of a body.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use http::Method;
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use super::{App, client::Reply};

/// The document of the code as it is.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&local::documents::openapi()).unwrap());

/// Its name, for references into it.
const URI: &str = "urn:agora:openapi";

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    /// `/api/v1/users/{user_id}`.
    pub path: String,
    pub value: &'static Value,
}

impl Operation {
    /// Every operation there is.
    pub fn all() -> impl Iterator<Item = Self> {
        DOCUMENT["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(|(method, value)| Self {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                value,
            })
        })
    }

    /// The one that a request is for. A path that is written out goes before one
    /// with parameters, as in the router.
    fn find(method: &Method, path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let matching = Self::all().filter(|it| it.method == method && it.names(path));
        matching.min_by_key(|operation| operation.path.matches('{').count())
    }

    fn names(&self, path: &str) -> bool {
        let (template, path): (Vec<_>, Vec<_>) = (self.path.split('/').collect(), path.split('/').collect());
        template.len() == path.len()
            && template
                .iter()
                .zip(path)
                .all(|(template, part)| template.starts_with('{') || *template == part)
    }

    /// `POST /api/v1/auth/login`, as it stands in tables of tests.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The example of its body, if it has one of JSON.
    pub fn example(&self) -> Option<&'static Value> {
        Some(&self.value.get("requestBody")?["content"].get("application/json")?["example"])
    }

    /// Its path with the examples of its parameters in it.
    pub fn path_with_examples(&self) -> String {
        let parameters = self.value["parameters"].as_array().into_iter().flatten();
        parameters.filter(|parameter| parameter["in"] == "path").fold(self.path.clone(), |path, parameter| {
            let name = parameter["name"].as_str().unwrap();
            let schema = match parameter["schema"]["$ref"].as_str() {
                Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
                None => &parameter["schema"],
            };
            let example = schema["examples"][0].as_str();
            path.replace(&format!("{{{name}}}"), example.unwrap_or_else(|| panic!("{path}: no {name}")))
        })
    }

    /// A pointer to something of it.
    pub fn pointer(&self, rest: &str) -> String {
        let path = self.path.replace('~', "~0").replace('/', "~1");
        format!("/paths/{path}/{}{rest}", self.method.as_str().to_lowercase())
    }

    /// What is wrong with an answer.
    fn faults(&self, reply: &Reply) -> Vec<String> {
        let Some(documented) = self.value["responses"].get(reply.status.to_string()) else {
            return vec!["this status is not documented".to_owned()];
        };
        let media = reply.header("content-type");
        let Some(content) = documented["content"].get(media) else {
            let silent = documented.get("content").is_none() && reply.bytes.is_empty();
            return if silent { Vec::new() } else { vec![format!("{media:?} is not documented")] };
        };
        let body = reply.json();
        if let Some(code) = body["code"].as_str().filter(|_| media == "application/problem+json")
            && content["examples"].get(code).is_none()
        {
            return vec![format!("the code {code} is not documented")];
        }
        if content.get("schema").is_none() {
            return Vec::new();
        }
        let media = media.replace('/', "~1");
        schema_faults(&self.pointer(&format!("/responses/{}/content/{media}/schema", reply.status)), &body)
    }
}

/// Fails where an answer of a documented operation is not as documented.
pub fn judge(method: &Method, path: &str, reply: &Reply) {
    if let Some(operation) = Operation::find(method, path) {
        let faults = operation.faults(reply);
        assert!(
            faults.is_empty(),
            "{} answered {} {}: {faults:#?}",
            operation.name(),
            reply.status,
            String::from_utf8_lossy(&reply.bytes)
        );
    }
}

/// What keeps a value from being what the schema at a pointer describes. A field
/// that the schema does not name is a fault too.
pub fn schema_faults(pointer: &str, value: &Value) -> Vec<String> {
    static REGISTRY: LazyLock<Registry<'static>> =
        LazyLock::new(|| Registry::new().add(URI, &*DOCUMENT).unwrap().prepare().unwrap());
    static VALIDATORS: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let validator = Arc::clone(VALIDATORS.lock().unwrap().entry(pointer.to_owned()).or_insert_with(|| {
        // A path's braces have no place in a reference (RFC 3986, 3.5).
        let fragment = pointer.replace('{', "%7B").replace('}', "%7D");
        let schema = json!({ "$ref": format!("{URI}#{fragment}"), "unevaluatedProperties": false });
        let options = jsonschema::options().with_registry(&REGISTRY).should_validate_formats(true);
        Arc::new(options.build(&schema).unwrap_or_else(|error| panic!("{pointer}: {error}")))
    }));
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The body that the documents show of an operation.
pub fn example_of(name: &str) -> Value {
    let named = |operation: &Operation| operation.name() == name;
    Operation::all().find(named).unwrap().example().unwrap().clone()
}

/// Makes the product whose SKUs the examples of orders name.
pub async fn sell_what_examples_order(app: &App, token: &str) {
    let made = app.post_as(token, "/api/v1/products", example_of("POST /api/v1/products")).await;
    assert_eq!(made.status, 201, "{}", made.json());
    app.platform.settle().await;
}
