//! JSON texts of callers. For a duplicate name in an object, `serde_json` silently
//! keeps the last value, and other readers the first (RFC 8259, 4): here it is an
//! error, at any depth.

use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Byte order mark at the start of files by Windows programs. RFC 8259 (8.1) lets a
/// reader ignore it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Removes the byte order mark of a text.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// Reason why a text is not an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnObject {
    /// Another value, or no JSON.
    #[error("Not a JSON object: line {line}, column {column}.")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column in bytes.
        column: usize,
    },
    /// A duplicate name in an object.
    #[error("The name {name:?} stands twice in an object: line {line}, column {column}.")]
    Duplicate {
        /// The name, cut to 64 characters.
        name: String,
        /// Line, from 1.
        line: usize,
        /// Column in bytes.
        column: usize,
    },
}

/// Parses an object.
///
/// ```
/// use shared::json::object;
///
/// assert!(object(br#"{"a": {"b": 1}, "b": 2}"#).is_ok());
/// assert!(object(br#"{"a": {"b": 1, "b": 2}}"#).is_err());
/// ```
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, NotAnObject> {
    let duplicate = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(without_mark(bytes));
    let value = Unique(&duplicate).deserialize(&mut reader);
    match value.and_then(|value| reader.end().map(|()| value)) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(NotAnObject::Malformed { line: 1, column: 1 }),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(match duplicate.into_inner() {
                Some(name) => NotAnObject::Duplicate { name, line, column },
                None => NotAnObject::Malformed { line, column },
            })
        }
    }
}

/// Reads a value and records a duplicate name.
struct Unique<'a>(&'a RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Unique(self.0))? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                *self.0.borrow_mut() = Some(name.chars().take(64).collect());
                return Err(A::Error::custom("a name stands twice"));
            }
            let value = members.next_value_seed(Unique(self.0))?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_is_read_as_serde_json_reads_it() {
        for text in [
            "{}",
            r#"{"a": null, "b": true, "c": [1, -2, 3.5, 1e3, -0, 18446744073709551615], "d": "x\u00e9"}"#,
            r#"{"a": {"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}, "b": "", "A": 0}"#,
        ] {
            let expected: Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(object(text.as_bytes()).map(Value::Object), Ok(expected), "{text}");
        }
        assert_eq!(object(b"\xef\xbb\xbf{\"a\":1}").map(Value::Object), Ok(json!({ "a": 1 })));
    }

    #[test]
    fn a_name_that_stands_twice_is_an_error_at_any_depth() {
        for (text, name) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"{"a": 1, "b": 2, "\u0061": 3}"#, "a"),
            (r#"{"a": {"b": 1, "b": null}}"#, "b"),
            (r#"{"a": [1, {"c": 1}, {"c": 1, "c": 2}]}"#, "c"),
            (r#"{"": 1, "": 2}"#, ""),
        ] {
            let error = object(text.as_bytes()).expect_err(text);
            assert!(matches!(&error, NotAnObject::Duplicate { name: found, .. } if found == name), "{error}");
        }
        let long = format!("{{\"{0}\":1,\"{0}\":2}}", "n".repeat(200));
        let error = object(long.as_bytes()).expect_err("twice").to_string();
        assert!(error.starts_with("The name \"nnn") && error.len() < 140, "{error}");
    }

    #[test]
    fn another_value_is_no_object() {
        for text in ["", " ", "[]", "null", "5", "\"a\"", "{", "{}x", "{\"a\":1,}", "{\"a\":1e999}", "NaN"] {
            let error = object(text.as_bytes()).expect_err(text);
            assert!(matches!(error, NotAnObject::Malformed { .. }), "{text}: {error}");
        }
        assert!(object("[".repeat(5_000).as_bytes()).is_err());
        assert!(object("{\"a\":".repeat(5_000).as_bytes()).is_err());
    }
}
