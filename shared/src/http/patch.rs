//! The fields of a JSON merge patch (RFC 7396): an absent field keeps its value,
//! `null` removes it, a value replaces it.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::{
    __dev::ComposeSchema,
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{Faults, Field, Mismatch, mismatch::read_field};
use crate::text::Invalid;

/// Value of a field of a merge patch. serde does not distinguish an absent option
/// from a null one, so the request must have a default for an absent field:
///
/// ```
/// use shared::http::Patch;
///
/// #[derive(serde::Deserialize, utoipa::ToSchema)]
/// struct UpdateLampRequest {
/// #[serde(default)]
/// name: Patch<String>,
/// }
///
/// let request: UpdateLampRequest = serde_json::from_str("{}").expect("an object");
/// assert_eq!(request.name, Patch::Absent);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Absent.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A value of another type.
    WrongType(Mismatch),
    /// A value.
    Value(T),
}

/// Effect of a merge patch on an optional value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T> {
    /// Keeps the value.
    Keep,
    /// Removes the value.
    Remove,
    /// Sets the value.
    Set(T),
}

impl Patch<Map<String, Value>> {
    /// Merges the patch into `before`, at every depth, and returns the whole object:
    /// it is then read like one that replaces it.
    #[must_use]
    pub fn onto(self, before: &impl Serialize) -> Self {
        match self {
            Self::Value(patch) => {
                let mut object = serde_json::to_value(before).unwrap_or_default();
                merge(&mut object, Value::Object(patch));
                match object {
                    Value::Object(object) => Self::Value(object),
                    _ => Self::WrongType(Mismatch::with("an object")),
                }
            }
            other => other,
        }
    }
}

/// `MergePatch` of RFC 7396, section 2.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    for (name, value) in patch {
        if value.is_null() {
            if let Some(object) = target.as_object_mut() {
                object.remove(&name);
            }
        } else {
            merge(&mut target[name.as_str()], value);
        }
    }
}

/// A new resource has no value to remove.
impl<T> From<Patch<T>> for Field<T> {
    fn from(patch: Patch<T>) -> Self {
        match patch {
            Patch::Absent | Patch::Null => Self::Missing,
            Patch::WrongType(mismatch) => Self::WrongType(mismatch),
            Patch::Value(value) => Self::Value(value),
        }
    }
}

impl<T> Change<T> {
    /// Applies the change.
    pub fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Remove => *to = None,
            Self::Set(value) => *to = Some(value),
        }
    }
}

impl Faults {
    /// Parses the change of an optional field: `None` means a fault.
    pub fn patch<T, U>(
        &mut self,
        pointer: &str,
        field: Patch<T>,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Option<Change<U>> {
        match field {
            Patch::Absent => Some(Change::Keep),
            Patch::Null => Some(Change::Remove),
            Patch::WrongType(mismatch) => {
                self.required(pointer, Field::WrongType(mismatch), parse).map(Change::Set)
            }
            Patch::Value(value) => self.required(pointer, Field::Value(value), parse).map(Change::Set),
        }
    }

    /// Parses the change of a required field: `null` is a fault, and the outer `None`
    /// means a fault.
    pub fn patch_required<T, U>(
        &mut self,
        pointer: &str,
        field: Patch<T>,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Option<Option<U>> {
        match self.patch(pointer, field, parse)? {
            Change::Keep => Some(None),
            Change::Set(value) => Some(Some(value)),
            Change::Remove => {
                self.add(pointer, Invalid::new("required", "This field cannot be removed."));
                None
            }
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::Null,
            value => read_field(value).map_or_else(Self::WrongType, Self::Value),
        })
    }
}

/// A field is documented as its value or `null`.
impl<T: ComposeSchema> ComposeSchema for Patch<T> {
    fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        Option::<T>::compose(generics)
    }
}

impl<T: ToSchema> ToSchema for Patch<T>
where
    Self: PartialSchema,
{
    fn name() -> std::borrow::Cow<'static, str> {
        "Patch".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body};
    use http::Request;
    use serde_json::json;
    use utoipa::openapi::HttpMethod;

    use super::*;
    use crate::http::{
        Json, NoContent,
        documents::{Documents, merge},
        endpoints::{mount, mount_at},
        testing::{Answer, ask},
    };

    /// The examples of RFC 7396, appendix A, and numbers beside them.
    #[test]
    fn a_patch_is_merged_at_every_depth() {
        for (original, patch, result) in [
            (json!({ "a": "b" }), json!({ "a": "c" }), json!({ "a": "c" })),
            (json!({ "a": "b" }), json!({ "b": "c" }), json!({ "a": "b", "b": "c" })),
            (json!({ "a": "b" }), json!({ "a": null }), json!({})),
            (json!({ "a": "b", "b": "c" }), json!({ "a": null }), json!({ "b": "c" })),
            (json!({ "a": ["b"] }), json!({ "a": "c" }), json!({ "a": "c" })),
            (json!({ "a": "c" }), json!({ "a": ["b"] }), json!({ "a": ["b"] })),
            (
                json!({ "a": { "b": "c" } }),
                json!({ "a": { "b": "d", "c": null } }),
                json!({ "a": { "b": "d" } }),
            ),
            (json!({ "a": [{ "b": "c" }] }), json!({ "a": [1] }), json!({ "a": [1] })),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({ "a": "b" }), json!(["c"]), json!(["c"])),
            (json!({ "a": "foo" }), json!(null), json!(null)),
            (json!({ "a": "foo" }), json!("bar"), json!("bar")),
            (json!({ "e": null }), json!({ "a": 1 }), json!({ "e": null, "a": 1 })),
            (json!([1, 2]), json!({ "a": "b", "c": null }), json!({ "a": "b" })),
            (json!({}), json!({ "a": { "bb": { "ccc": null } } }), json!({ "a": { "bb": {} } })),
        ] {
            let mut merged = original.clone();
            super::merge(&mut merged, patch.clone());
            assert_eq!(merged, result, "{original} with {patch}");
        }
    }

    #[derive(Deserialize, ToSchema)]
    struct ChangeLampRequest {
        #[serde(default)]
        name: Patch<String>,
        #[serde(default)]
        watts: Patch<u8>,
    }

    crate::problems! {
        /// Errors of changing a lamp.
        enum ChangeLampError {
            Invalid(Faults),
        }
    }

    /// Update a lamp
    #[utoipa::path(patch, path = "/lamp", request_body = ChangeLampRequest, responses(NoContent, ChangeLampError))]
    async fn change_lamp(
        Json(body, mut faults): Json<ChangeLampRequest>,
    ) -> Result<NoContent, ChangeLampError> {
        let name = faults.patch("/name", body.name, Ok);
        let watts = faults.patch_required("/watts", body.watts, Ok);
        faults.done((name, watts))?;
        Ok(NoContent)
    }

    async fn send(method: &str, media: &str, body: Value) -> Answer {
        let router = mount::<__path_change_lamp, _, _, _>(Router::new(), change_lamp);
        let router = mount_at(router, &HttpMethod::Put, "/lamp", change_lamp);
        let request = Request::builder().method(method).uri("/lamp").header("content-type", media);
        ask(&router, request.body(Body::from(body.to_string())).unwrap()).await
    }

    fn read(body: Value) -> (Patch<String>, Patch<u8>) {
        let ChangeLampRequest { name, watts } = serde_json::from_value(body).expect("any object fits");
        (name, watts)
    }

    #[test]
    fn an_absent_field_and_null_differ() {
        assert_eq!(read(json!({})), (Patch::Absent, Patch::Absent));
        assert_eq!(read(json!({ "name": null, "watts": 5 })), (Patch::Null, Patch::Value(5)));
        let wrong = read(json!({ "name": 5, "watts": 500 }));
        assert!(matches!(wrong, (Patch::WrongType(_), Patch::WrongType(_))), "{wrong:?}");
    }

    #[test]
    fn a_field_stays_goes_or_becomes_what_is_said() {
        for (field, expected) in
            [(Patch::Absent, Some("old")), (Patch::Null, None), (Patch::Value("new".to_owned()), Some("new"))]
        {
            let mut name = Some("old".to_owned());
            Faults::default().patch("/name", field, Ok).expect("no fault").apply(&mut name);
            assert_eq!(name.as_deref(), expected);
        }
    }

    #[tokio::test]
    async fn every_fault_of_a_patch_is_said_at_once() {
        let answer =
            send("PATCH", "application/json", json!({ "name": 5, "watts": null, "colour": "red" })).await;
        assert_eq!(answer.code(), (422, "invalid_fields"));
        let faults: Vec<_> = answer.body["errors"].as_array().unwrap().iter().collect();
        let faults: Vec<_> = faults.iter().map(|fault| (&fault["pointer"], &fault["code"])).collect();
        let expected = [("/colour", "unknown_field"), ("/name", "wrong_type"), ("/watts", "required")];
        assert_eq!(json!(faults), json!(expected));
    }

    #[tokio::test]
    async fn a_merge_patch_may_be_called_one_only_where_it_is() {
        for media in ["application/json", "application/merge-patch+json; charset=utf-8"] {
            assert_eq!(send("PATCH", media, json!({ "watts": 5 })).await.status, 204, "{media}");
        }
        let answer = send("PUT", "application/merge-patch+json", json!({})).await;
        assert_eq!(answer.code(), (415, "unsupported_media_type"));
    }

    #[test]
    fn the_documents_of_a_patch_name_both_of_its_media_types() {
        let mut documents = Documents::new("lamps", Vec::new());
        documents.add::<__path_change_lamp>();
        let document = merge(vec![documents]);
        let content = &document["paths"]["/lamp"]["patch"]["requestBody"]["content"];
        let types: Vec<_> = content.as_object().unwrap().keys().cloned().collect();
        assert_eq!(types, ["application/json", "application/merge-patch+json"]);
        let schema = &document["components"]["schemas"]["ChangeLampRequest"];
        assert_eq!(schema.get("required"), None);
        let name = &document["components"]["schemas"]["Patch_String"]["oneOf"];
        assert_eq!(name, &json!([{ "type": "null" }, { "type": "string" }]));
    }
}
