//! Details of faults that name a remedy: the type of a field, and the name of a known
//! field that resembles an unknown one.

use serde::{
    Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error as _, SeqAccess, Visitor, value::Error as ValueError},
};
use serde_json::Value;

use crate::text::Invalid;

/// The detail of a value of a wrong type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(String);

impl From<Mismatch> for Invalid {
    fn from(mismatch: Mismatch) -> Self {
        Self::new("wrong_type", mismatch.0)
    }
}

impl Mismatch {
    /// The detail of a value that is not `wanted`, such as `a string`.
    pub fn with(wanted: &str) -> Self {
        Self(format!("This field must be {wanted}."))
    }
}

/// Reads a value into the type of a field.
pub(super) fn read_field<T: DeserializeOwned>(value: Value) -> Result<T, Mismatch> {
    let found = Found::of(&value);
    serde_json::from_value(value).map_err(|error| {
        let wanted = Wanted::of::<T>();
        if !wanted.takes(found) {
            return Mismatch(format!("This field must be {}, not {}.", wanted.words(), found.words()));
        }
        match wanted {
            // The error of a type of our own, such as an id.
            Wanted::String => Mismatch(format!("This field is {error}.")),
            wanted => Mismatch::with(&wanted.words()),
        }
    })
}

/// Type of a JSON value; numbers differ by notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Null,
    Boolean,
    WholeNumber,
    Fraction,
    String,
    Array,
    Object,
}

impl Found {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Fraction,
            Value::Number(_) => Self::WholeNumber,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::WholeNumber => "a number",
            Self::Fraction => "a number with a fraction or an exponent",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// The JSON type that a Rust type is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Other,
    Boolean,
    /// A whole number, with its bounds where they are short.
    WholeNumber(&'static str),
    Number,
    String,
    OneOf(&'static [&'static str]),
    Array(Box<Wanted>),
    Object,
}

impl Wanted {
    /// The type that serde's derived code requests when it reads a `T`.
    fn of<T: DeserializeOwned>() -> Self {
        let mut wanted = Self::Other;
        // Always fails: only the requested type is needed.
        let _ = T::deserialize(Asked(&mut wanted));
        wanted
    }

    fn takes(&self, found: Found) -> bool {
        match self {
            Self::Other => true,
            Self::Boolean => found == Found::Boolean,
            Self::WholeNumber(_) => found == Found::WholeNumber,
            Self::Number => matches!(found, Found::WholeNumber | Found::Fraction),
            Self::String | Self::OneOf(_) => found == Found::String,
            Self::Array(_) => found == Found::Array,
            Self::Object => found == Found::Object,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Other => "of the documented type".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::WholeNumber(bounds) => format!("a whole number{bounds}"),
            Self::Number => "a number".to_owned(),
            Self::String => "a string".to_owned(),
            Self::OneOf(words) => format!("one of \"{}\"", words.join("\", \"")),
            Self::Array(items) => match **items {
                Self::Boolean => "an array of booleans".to_owned(),
                Self::WholeNumber(_) | Self::Number => "an array of numbers".to_owned(),
                Self::String | Self::OneOf(_) => "an array of strings".to_owned(),
                Self::Array(_) => "an array of arrays".to_owned(),
                Self::Object => "an array of objects".to_owned(),
                Self::Other => "an array".to_owned(),
            },
            Self::Object => "an object".to_owned(),
        }
    }
}

struct Asked<'a>(&'a mut Wanted);

impl Asked<'_> {
    fn note<T>(self, wanted: Wanted) -> Result<T, ValueError> {
        *self.0 = wanted;
        Err(ValueError::custom("only the type is wanted"))
    }
}

macro_rules! asked {
    ($($method:ident => $wanted:expr;)+) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ValueError> {
            self.note($wanted)
        }
    )+};
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = ValueError;

    asked! {
        deserialize_any => Wanted::Other;
        deserialize_ignored_any => Wanted::Other;
        deserialize_unit => Wanted::Other;
        deserialize_bool => Wanted::Boolean;
        deserialize_u8 => Wanted::WholeNumber(" from 0 to 255");
        deserialize_u16 => Wanted::WholeNumber(" from 0 to 65535");
        deserialize_u32 => Wanted::WholeNumber(" from 0 to 4294967295");
        deserialize_u64 => Wanted::WholeNumber(", at least 0");
        deserialize_u128 => Wanted::WholeNumber(", at least 0");
        deserialize_i8 => Wanted::WholeNumber(" from -128 to 127");
        deserialize_i16 => Wanted::WholeNumber(" from -32768 to 32767");
        deserialize_i32 => Wanted::WholeNumber("");
        deserialize_i64 => Wanted::WholeNumber("");
        deserialize_i128 => Wanted::WholeNumber("");
        deserialize_f32 => Wanted::Number;
        deserialize_f64 => Wanted::Number;
        deserialize_char => Wanted::String;
        deserialize_str => Wanted::String;
        deserialize_string => Wanted::String;
        deserialize_identifier => Wanted::String;
        deserialize_bytes => Wanted::Other;
        deserialize_byte_buf => Wanted::Other;
        deserialize_map => Wanted::Object;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let mut items = Wanted::Other;
        let _ = visitor.visit_seq(Items(&mut items));
        self.note(Wanted::Array(Box::new(items)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, _: V) -> Result<V::Value, ValueError> {
        self.note(Wanted::Other)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, ValueError> {
        self.note(Wanted::Object)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, ValueError> {
        self.note(Wanted::OneOf(words))
    }
}

/// An array of which one item is requested, for the type of its items.
struct Items<'a>(&'a mut Wanted);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ValueError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ValueError> {
        seed.deserialize(Asked(self.0)).map(Some)
    }
}

/// The longest name that is compared: the cost is the product of both lengths.
const LONGEST: usize = 64;

/// The known name that is nearest to an unknown one.
pub(super) fn nearest(unknown: &str, known: &[&'static str]) -> Option<&'static str> {
    if unknown.len() > LONGEST {
        return None;
    }
    let wanted = plain(unknown);
    let distances = known.iter().map(|name| (distance(&wanted, &plain(name)), *name));
    let (distance, name) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= (wanted.len() / 3).clamp(1, 3) && distance < wanted.len()).then_some(name)
}

/// Removes separators and case, in which naming conventions differ: `postalCode`,
/// `postal-code`.
fn plain(name: &str) -> Vec<char> {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

/// Number of characters that have to be inserted, removed, replaced or swapped with the next
/// one (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let (mut two_above, mut above) = (Vec::new(), (0..=b.len()).collect::<Vec<usize>>());
    for (row, from) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, to) in b.iter().enumerate() {
            let replaced = above[column] + usize::from(from != to);
            let mut best = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *from == b[column - 1] && a[row - 1] == *to {
                best = best.min(two_above[column - 1] + 1);
            }
            current.push(best);
        }
        two_above = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::{id::ProductId, vocabulary::Role};

    fn detail<T: DeserializeOwned>(value: Value) -> String {
        match read_field::<T>(value) {
            Ok(_) => String::new(),
            Err(Mismatch(detail)) => detail,
        }
    }

    #[test]
    fn a_fault_says_which_type_is_wanted() {
        type Object = Map<String, Value>;
        for (detail, expected) in [
            (detail::<String>(json!(5)), "This field must be a string, not a number."),
            (detail::<String>(json!({})), "This field must be a string, not an object."),
            (detail::<bool>(json!("true")), "This field must be a boolean, not a string."),
            (detail::<i64>(json!("5")), "This field must be a whole number, not a string."),
            (
                detail::<i64>(json!(19.99)),
                "This field must be a whole number, not a number with a fraction or an exponent.",
            ),
            (detail::<u32>(json!(-1)), "This field must be a whole number from 0 to 4294967295."),
            (detail::<u64>(json!(-1)), "This field must be a whole number, at least 0."),
            (detail::<u8>(json!([])), "This field must be a whole number from 0 to 255, not an array."),
            (detail::<Object>(json!([1])), "This field must be an object, not an array."),
            (detail::<Vec<String>>(json!("a")), "This field must be an array of strings, not a string."),
            (detail::<Vec<String>>(json!(["a", 1])), "This field must be an array of strings."),
            (detail::<Vec<Object>>(json!({})), "This field must be an array of objects, not an object."),
            (detail::<Vec<ProductId>>(json!(1)), "This field must be an array of strings, not a number."),
            (detail::<Option<bool>>(json!(1)), "This field must be a boolean, not a number."),
            (detail::<Role>(json!("OWNER")), "This field must be one of \"USER\", \"ADMIN\"."),
            (detail::<Role>(json!(1)), "This field must be one of \"USER\", \"ADMIN\", not a number."),
            (detail::<ProductId>(json!(1)), "This field must be a string, not a number."),
            (detail::<ProductId>(json!("tea")), "This field is not an id that begins with `prod_`."),
            (detail::<String>(json!("fits")), ""),
        ] {
            assert_eq!(detail, expected);
        }
    }

    #[test]
    fn an_unknown_name_is_told_the_nearest() {
        let known = ["email", "password", "name", "postal_code", "quantity", "sku"];
        for (unknown, expected) in [
            ("emial", Some("email")),
            ("e-mail", Some("email")),
            ("Email", Some("email")),
            ("passwrod", Some("password")),
            ("pasword", Some("password")),
            ("postalCode", Some("postal_code")),
            ("quantitiy", Some("quantity")),
            ("SKU", Some("sku")),
            ("skus", Some("sku")),
            ("colour", None),
            ("x", None),
            ("", None),
            ("id", None),
        ] {
            assert_eq!(nearest(unknown, &known), expected, "{unknown}");
        }
        assert_eq!(nearest(&"e".repeat(100_000), &known), None);
        assert_eq!(nearest("email", &[]), None);
    }
}
