//! The operations of the OpenAPI document, for suites that cover all of them. The
//! fuzz targets include this file too.

use std::sync::LazyLock;

use http::Method;
use serde_json::Value;

/// The document of the current code.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&local::documents::openapi()).unwrap());

/// Least caller whose requests reach the body of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Anyone,
    User,
    Administrator,
}

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    /// `/api/v1/users/{user_id}`.
    pub path: String,
    pub value: &'static Value,
}

impl Operation {
    /// Every operation.
    pub fn all() -> impl Iterator<Item = Self> {
        DOCUMENT["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(|(method, value)| Self {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                value,
            })
        })
    }

    /// The operation with this [name](Self::name).
    pub fn named(name: &str) -> Self {
        Self::all().find(|operation| operation.name() == name).unwrap_or_else(|| panic!("no {name}"))
    }

    /// The operation of a request. A literal path takes precedence over one with
    /// parameters, as in the router.
    pub fn find(method: &Method, path: &str) -> Option<Self> {
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

    /// The operation's name in tables of tests: `POST /api/v1/auth/login`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The caller that the operation requires. A scope other than recent
    /// authentication is a permission, and administrators have every permission.
    pub fn caller(&self) -> Caller {
        let wanted = self.value["security"].as_array().into_iter().flatten();
        let mut scopes = wanted.clone().filter_map(|it| it["bearer"].as_array()).flatten();
        if scopes.any(|scope| scope != "recent_authentication") {
            Caller::Administrator
        } else if wanted.count() > 0 {
            Caller::User
        } else {
            Caller::Anyone
        }
    }

    /// Names of the path's parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        let parts = self.path.split('/');
        parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Names of the path's parameters, and what [`Parameters::make`] makes for them:
    /// below an organisation an invitation is one of it, elsewhere the caller's.
    ///
    /// [`Parameters::make`]: super::parameters::Parameters::make
    pub fn things(&self) -> impl Iterator<Item = (&str, &str)> {
        let below_organization = self.path.contains("{organization_id}");
        self.parameters().map(move |name| match name {
            "invitation_id" if below_organization => (name, "invitation_of_organization"),
            name => (name, name),
        })
    }

    /// Parameters of the query.
    pub fn query(&self) -> impl Iterator<Item = &'static Value> {
        let parameters = self.value["parameters"].as_array().into_iter().flatten();
        parameters.filter(|parameter| parameter["in"] == "query")
    }

    /// True if the operation takes the header.
    pub fn takes_header(&self, name: &str) -> bool {
        let mut parameters = self.value["parameters"].as_array().into_iter().flatten();
        parameters.any(|parameter| parameter["in"] == "header" && parameter["name"] == name)
    }

    /// True if the operation returns a page of a list: its reply has a `next_cursor`.
    pub fn is_list(&self) -> bool {
        let schema = &self.value["responses"]["200"]["content"]["application/json"]["schema"];
        has_property(schema, "next_cursor")
    }

    /// Media types of the body, each with its example.
    pub fn bodies(&self) -> impl Iterator<Item = (&'static str, &'static Value)> {
        let content = self.value["requestBody"]["content"].as_object().into_iter().flatten();
        content.map(|(media, body)| (media.as_str(), &body["example"]))
    }

    /// JSON example of the body, if there is one.
    pub fn example(&self) -> Option<&'static Value> {
        Some(&self.value.get("requestBody")?["content"].get("application/json")?["example"])
    }

    /// The path with the examples of its parameters.
    pub fn path_with_examples(&self) -> String {
        let parameters = self.value["parameters"].as_array().into_iter().flatten();
        parameters.filter(|parameter| parameter["in"] == "path").fold(self.path.clone(), |path, parameter| {
            let name = parameter["name"].as_str().unwrap();
            let schema = match parameter["schema"]["$ref"].as_str() {
                Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
                None => &parameter["schema"],
            };
            let example = schema["examples"][0].as_str().or(parameter["example"].as_str());
            path.replace(&format!("{{{name}}}"), example.unwrap_or_else(|| panic!("{path}: no {name}")))
        })
    }

    /// JSON pointer into the operation.
    pub fn pointer(&self, rest: &str) -> String {
        let path = self.path.replace('~', "~0").replace('/', "~1");
        format!("/paths/{path}/{}{rest}", self.method.as_str().to_lowercase())
    }
}

/// True if a schema has a property.
fn has_property(schema: &Value, name: &str) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        return has_property(DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(), name);
    }
    let mut parts = schema["allOf"].as_array().into_iter().flatten();
    schema["properties"].get(name).is_some() || parts.any(|part| has_property(part, name))
}

/// JSON example of an operation's body.
pub fn example_of(name: &str) -> Value {
    Operation::named(name).example().unwrap().clone()
}
