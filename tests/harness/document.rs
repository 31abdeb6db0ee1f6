//! The OpenAPI document as a judge: the reply to any request of a test must be as
//! documented: its status, the code of a problem, every field of a body.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use http::Method;
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

pub use super::operation::{DOCUMENT, Operation, example_of};
use super::{App, client::Reply};

/// URI of the document, for references into it.
const URI: &str = "urn:agora:openapi";

impl Operation {
    /// Differences between a reply and the document.
    fn faults(&self, reply: &Reply) -> Vec<String> {
        let Some(documented) = self.value["responses"].get(reply.status.to_string()) else {
            return vec!["this status is not documented".to_owned()];
        };
        let media = reply.header("content-type").split(';').next().unwrap_or_default();
        let Some(content) = documented["content"].get(media) else {
            let silent = documented.get("content").is_none() && reply.bytes.is_empty();
            return if silent { Vec::new() } else { vec![format!("{media:?} is not documented")] };
        };
        // A document, which may be packed.
        if content.get("schema").is_none() {
            return Vec::new();
        }
        let body = reply.json();
        let media = media.replace('/', "~1");
        schema_faults(&self.pointer(&format!("/responses/{}/content/{media}/schema", reply.status)), &body)
    }
}

/// Fails if the reply of a documented operation is not as documented.
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

/// Differences between a value and the schema at a pointer. A field that the schema
/// does not name is a fault too.
pub fn schema_faults(pointer: &str, value: &Value) -> Vec<String> {
    static REGISTRY: LazyLock<Registry<'static>> =
        LazyLock::new(|| Registry::new().add(URI, &*DOCUMENT).unwrap().prepare().unwrap());
    static VALIDATORS: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let validator = Arc::clone(VALIDATORS.lock().unwrap().entry(pointer.to_owned()).or_insert_with(|| {
        // Braces of a path must be encoded in a reference (RFC 3986, 3.5).
        let fragment = pointer.replace('{', "%7B").replace('}', "%7D");
        let schema = json!({ "$ref": format!("{URI}#{fragment}"), "unevaluatedProperties": false });
        let options = jsonschema::options().with_registry(&REGISTRY).should_validate_formats(true);
        Arc::new(options.build(&schema).unwrap_or_else(|error| panic!("{pointer}: {error}")))
    }));
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Creates the product whose SKUs the examples of orders name.
pub async fn sell_what_examples_order(app: &App, token: &str) {
    let made = app.post_as(token, "/api/v1/products", example_of("POST /api/v1/products")).await;
    assert_eq!(made.status, 201, "{}", made.json());
    app.platform.settle().await;
}
