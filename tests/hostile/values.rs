//! Generators of hostile values.

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::Index,
    string::string_regex,
};
use serde_json::{Number, Value, json};

/// Texts that code often does not expect.
const NASTY: &[&str] = &[
    "",
    " ",
    "null",
    "\u{0}",
    "\u{202e}",
    "\u{fffd}",
    "\u{10ffff}",
    "%00",
    "%2e%2e%2f",
    "../..",
    "a\r\nb: c",
    "'",
    "\"",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "<script>",
    "1e999",
    "-0",
    "9223372036854775808",
    "ada@example.com",
    "İ@İ.com",
    "me",
    "USER#x",
    "user_7zzzzzzzzzzzzzzzzzzzzzzzzz",
    "user_00000000000000000000000000",
    "true",
    "[]",
    "{}",
    "W/\"1\"",
    "*",
];

/// Any text, and those of [`NASTY`].
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(NASTY).prop_map(str::to_owned),
        4 => string_regex("\\PC{0,40}").unwrap(),
        2 => vec(any::<char>(), 0..60).prop_map(|chars| chars.into_iter().collect()),
        1 => (any::<char>(), 1..3_000_usize).prop_map(|(one, many)| one.to_string().repeat(many)),
    ]
}

/// Any JSON, with moderate depth and sometimes excessive depth.
pub fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
        text().prop_map(Value::from),
    ];
    let nested = leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(text(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop_oneof![
        20 => nested,
        1 => (1..200_usize).prop_map(|depth| (0..depth).fold(json!(1), |inner, _| json!([inner]))),
    ]
}

/// A change of a valid body.
#[derive(Debug, Clone)]
pub enum Change {
    /// No change.
    Keep,
    /// Another value for a field, at any depth.
    Field(Index, Value),
    /// A missing field, at any depth.
    Without(Index),
    /// An unknown field.
    Unknown(String, Value),
    /// Another byte.
    Byte(Index, u8),
    /// A truncated body.
    Cut(Index),
    /// A duplicate field.
    Twice(Index),
    /// Another value altogether.
    Other(Value),
    /// Bytes that are not JSON.
    Bytes(Vec<u8>),
}

/// Generates any change.
pub fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => Just(Change::Keep),
        6 => (any::<Index>(), json()).prop_map(|(at, value)| Change::Field(at, value)),
        1 => any::<Index>().prop_map(Change::Without),
        1 => (text(), json()).prop_map(|(name, value)| Change::Unknown(name, value)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => any::<Index>().prop_map(Change::Twice),
        1 => json().prop_map(Change::Other),
        2 => vec(any::<u8>(), 0..300).prop_map(Change::Bytes),
    ]
}

impl Change {
    /// Applies the change to `valid`.
    pub fn of(self, valid: &Value) -> Vec<u8> {
        let mut changed = valid.clone();
        let names: Vec<String> = valid.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
        let name = |at: Index| names.get(at.index(names.len().max(1))).cloned().unwrap_or_default();
        match self {
            Self::Keep => {}
            Self::Field(at, value) => *field(&mut changed, at) = value,
            Self::Without(at) => remove(&mut changed, at),
            Self::Unknown(name, value) => {
                if let Some(fields) = changed.as_object_mut() {
                    fields.insert(name, value);
                }
            }
            Self::Byte(at, byte) => {
                let mut bytes = valid.to_string().into_bytes();
                let at = at.index(bytes.len().max(1));
                bytes[at] = byte;
                return bytes;
            }
            Self::Cut(at) => {
                let mut bytes = valid.to_string().into_bytes();
                bytes.truncate(at.index(bytes.len()));
                return bytes;
            }
            Self::Twice(at) => {
                let text = valid.to_string();
                let name = Value::from(name(at));
                return text.replacen('{', &format!("{{{name}:1,"), 1).into_bytes();
            }
            Self::Other(value) => changed = value,
            Self::Bytes(bytes) => return bytes,
        }
        changed.to_string().into_bytes()
    }
}

/// JSON pointers to all fields and elements below a value.
fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let mut add = |name: &str, value: &Value| {
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        pointers(value, &pointer, found);
        found.push(pointer);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| add(name, value)),
        Value::Array(values) => values.iter().enumerate().for_each(|(at, value)| add(&at.to_string(), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn pointer(value: &Value, at: Index) -> String {
    let mut found = Vec::new();
    pointers(value, "", &mut found);
    if found.is_empty() { String::new() } else { found.swap_remove(at.index(found.len())) }
}

/// A field of a value; the value itself if it has none.
fn field(value: &mut Value, at: Index) -> &mut Value {
    let pointer = pointer(value, at);
    value.pointer_mut(&pointer).unwrap()
}

fn remove(value: &mut Value, at: Index) {
    let pointer = pointer(value, at);
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(&name.replace("~1", "/").replace("~0", "~"))),
        Some(Value::Array(values)) => drop(values.remove(name.parse().unwrap())),
        _ => {}
    }
}

/// Changes of one of our tokens; each is another token.
pub fn forgeries(valid: &str, at: Index, with: char, other: &str) -> Vec<String> {
    let chars: Vec<char> = valid.chars().collect();
    let place = at.index(chars.len());
    let changed: String =
        chars.iter().enumerate().map(|(index, char)| if index == place { with } else { *char }).collect();
    let cut: String = chars[..place].iter().collect();
    let inserted = format!("{cut}{with}{}", chars[place..].iter().collect::<String>());
    let all = [changed, cut, inserted, format!("{valid}{with}"), format!("{valid}{other}"), other.to_owned()];
    all.into_iter().filter(|forged| forged != valid).collect()
}

/// A text as a part of a URL, with every byte encoded.
pub fn percent_encoded(text: &str) -> String {
    text.bytes().flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)]).collect()
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap()
}
