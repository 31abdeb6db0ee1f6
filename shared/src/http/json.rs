//! The body of a request. `axum::Json` is banned: it answers with plain text
//! and stops at the first fault.

use std::collections::BTreeMap;

use axum::{
    body::{Bytes, HttpBody as _},
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::{
    Deserializer,
    de::{DeserializeOwned, Error as _, Visitor, value::Error as ValueError},
};
use serde_json::{Map, Value};

use super::{
    Faults, Mismatch, Problem,
    mismatch::nearest,
    problem::{BODY_TOO_LARGE, MALFORMED_JSON, UNSUPPORTED_MEDIA_TYPE},
};
use crate::{json, text::Invalid};

/// The media type of RFC 7396.
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";

/// A JSON object read into `T`, and the faults of fields that `T` does not have.
///
/// An empty body is an object without fields, whatever its media type. 415 for a body
/// of another media type or a compressed one; 413 over the limit; 400 for a body that
/// is no JSON object, or has an object with a duplicate name. Faults of fields are
/// the handler's to report, all at once.
#[derive(Debug)]
pub struct Json<T>(pub T, pub Faults);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (body, faults) = read(object(request, state).await?)?;
        Ok(Self(body, faults))
    }
}

/// Reads the JSON object of a request's body.
pub(super) async fn object<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Map<String, Value>, Problem> {
    if request.body().is_end_stream() {
        // Clients send a media type with empty bodies, too.
        return Ok(Map::new());
    }
    let is_json = is_json(request.method(), request.headers().get(header::CONTENT_TYPE));
    let is_plain = reject_compressed(request.headers());
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(inner) if inner.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            too_large()
        }
        other => malformed().cause(other.to_string()),
    })?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    is_plain?;
    if !is_json {
        return Err(Problem::from(UNSUPPORTED_MEDIA_TYPE).detail("The body must be application/json."));
    }
    json::object(&bytes).map_err(|error| malformed().detail(error.to_string()))
}

/// Answers 415 to a compressed body: no route reads one (RFC 9110, 15.5.16).
pub(super) fn reject_compressed(headers: &HeaderMap) -> Result<(), Problem> {
    let lines = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = lines.flat_map(|line| line.to_str().unwrap_or("?").split(',')).map(str::trim);
    if codings.all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case("identity")) {
        return Ok(());
    }
    Err(Problem::from(UNSUPPORTED_MEDIA_TYPE)
        .detail("Compressed bodies are not supported: send the body without Content-Encoding.")
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

/// True if the media type is JSON, or for PATCH that of a merge patch.
fn is_json(method: &Method, content_type: Option<&header::HeaderValue>) -> bool {
    let text = content_type.and_then(|value| value.to_str().ok());
    let media = text.and_then(|text| text.split(';').next()).map(str::trim).unwrap_or_default();
    media.eq_ignore_ascii_case("application/json")
        || (method == Method::PATCH && media.eq_ignore_ascii_case(MERGE_PATCH))
}

/// The problem 413, also used by the middleware.
pub(super) fn too_large() -> Problem {
    BODY_TOO_LARGE.into()
}

fn malformed() -> Problem {
    MALFORMED_JSON.into()
}

/// Reads an object into `T`, with the faults of fields that `T` does not have.
pub(super) fn read<T: DeserializeOwned>(mut object: Map<String, Value>) -> Result<(T, Faults), Problem> {
    let known = fields_of::<T>();
    let unknown: Vec<String> =
        object.keys().filter(|name| !known.contains(&name.as_str())).cloned().collect();
    let mut faults = Faults::default();
    for name in unknown {
        object.remove(&name);
        if faults.is_full() {
            continue;
        }
        let detail = match nearest(&name, known) {
            Some(nearest) => format!("This field is unknown. Did you mean `{nearest}`?"),
            None => "This field is unknown.".to_owned(),
        };
        faults.add(pointer_to(&name), Invalid::new("unknown_field", detail));
    }
    // With only known fields, each of them a `Field`, nothing is left that could
    // fail; a type without `Field` gets the plain answer.
    match serde_json::from_value(Value::Object(object)) {
        Ok(body) => Ok((body, faults)),
        Err(_) => Err(malformed()),
    }
}

impl Faults {
    /// Reads an object within the body as the body is read, and adds the faults of
    /// its unknown fields to these.
    pub fn nested<T: DeserializeOwned>(&mut self, pointer: &str, object: Map<String, Value>) -> Option<T> {
        let Ok((body, inner)) = read(object) else {
            self.add(pointer, Mismatch::with("an object of the documented fields").into());
            return None;
        };
        self.within(pointer, inner);
        Some(body)
    }
}

/// Sorts the keys of a value: `serde_json` keeps or drops the order of insertion
/// depending on the features of the whole build.
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<String, Value> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(map.into_iter().collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

/// A name as a JSON pointer (RFC 6901, 3), cut to 64 characters to bound the answer.
fn pointer_to(name: &str) -> String {
    let name: String = name.chars().take(64).collect();
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The names of fields that serde's derived code requests when it reads a `T`.
pub(super) fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Asked<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Asked<'_> {
        type Error = ValueError;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ValueError> {
            Err(ValueError::custom("only a struct has names"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, ValueError> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut fields: &'static [&'static str] = &[];
    // Always fails: only the requested names are needed.
    let _ = T::deserialize(Asked(&mut fields));
    fields
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::http::Field;

    #[derive(Deserialize)]
    struct Body {
        name: Field<String>,
    }

    #[test]
    fn the_faults_of_an_object_within_a_body_have_its_pointer_before_theirs() {
        let object = serde_json::from_str(r#"{"name": "n", "x": 2}"#).expect("an object");
        let mut faults = Faults::default();
        let body: Body = faults.nested("/profile", object).expect("reads");
        assert!(matches!(body.name, Field::Value(name) if name == "n"));
        let pointers: Vec<_> = faults.into_list().into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/profile/x"]);
    }

    #[test]
    fn unknown_fields_are_faults_beside_the_others() {
        let object = serde_json::from_str(r#"{"nam/e": 1, "x": 2, "name": "n"}"#).expect("an object");
        let (body, faults) = read::<Body>(object).expect("reads");
        assert!(matches!(body.name, Field::Value(name) if name == "n"));
        let pointers: Vec<_> = faults.into_list().into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/nam~1e", "/x"]);
    }
}
