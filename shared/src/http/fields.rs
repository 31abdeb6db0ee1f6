//! The fields of a request's body, with every fault collected at once.
//!
//! serde stops at the first field that is missing or of a wrong type. A [`Field`]
//! accepts any value, and [`Faults`] reports all faults together; the handler parses
//! each value into a type of [`crate::text`]:
//!
//! ```text
//! let email = faults.required("/email", body.email, |text| Email::parse(&text));
//! let name = faults.optional("/name", body.name, |text| PersonName::parse(&text));
//! let (email, name) = faults.done((email, name))?;
//! ```

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, Visitor},
};
use utoipa::{
    __dev::ComposeSchema,
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{Mismatch, mismatch::read_field};
use crate::{
    text::Invalid,
    vocabulary::{Open, Vocabulary},
};

/// Value of a field of a body.
#[derive(Clone)]
pub enum Field<T> {
    /// Absent, or `null`.
    Missing,
    /// A value of another type.
    WrongType(Mismatch),
    /// A value.
    Value(T),
}

/// Reads as an option: serde visits a missing optional field as `none` instead of
/// failing.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldVisitor<T>(std::marker::PhantomData<T>);

        impl<'de, T: DeserializeOwned> Visitor<'de> for FieldVisitor<T> {
            type Value = Field<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Field::Missing)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Field::Missing)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                let value = serde_json::Value::deserialize(deserializer).map_err(D::Error::custom)?;
                Ok(read_field(value).map_or_else(Field::WrongType, Field::Value))
            }
        }

        deserializer.deserialize_option(FieldVisitor(std::marker::PhantomData))
    }
}

/// A field is documented as its value.
impl<T: ComposeSchema> ComposeSchema for Field<T> {
    fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        T::compose(generics)
    }
}

impl<T: ToSchema> ToSchema for Field<T>
where
    Self: PartialSchema,
{
    fn name() -> std::borrow::Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// One fault of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    /// JSON pointer (RFC 6901) to the field.
    pub pointer: String,
    /// Stable code in `snake_case`, for programs.
    pub code: &'static str,
    /// Explanation for people.
    pub detail: String,
}

/// Maximum number of reported faults: 256 KB of unknown fields would otherwise be
/// answered with 2 MB of faults.
const MAX_FAULTS: usize = 100;

/// Maximum number of characters of a pointer: it names unknown fields, and the report of an
/// import repeats the name for each row.
const POINTER: usize = 200;

/// The faults of a body, up to [`MAX_FAULTS`].
#[derive(Debug, Clone, Default)]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    /// A single fault that is found after all others were checked.
    pub fn one(pointer: &str, invalid: Invalid) -> Self {
        let mut faults = Self::default();
        faults.add(pointer, invalid);
        faults
    }

    /// Adds a fault; faults beyond [`MAX_FAULTS`] are dropped. A pointer beyond [`POINTER`] is cut.
    pub fn add(&mut self, pointer: impl Into<String>, invalid: Invalid) {
        if self.0.len() < MAX_FAULTS {
            let mut pointer: String = pointer.into();
            if let Some((end, _)) = pointer.char_indices().nth(POINTER) {
                pointer.truncate(end);
                pointer.push('…');
            }
            self.0.push(FieldFault { pointer, code: invalid.code, detail: invalid.detail });
        }
    }

    /// Parses a required field; `None` means a fault.
    pub fn required<T, U>(
        &mut self,
        pointer: &str,
        field: Field<T>,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Option<U> {
        let parsed = match field {
            Field::Value(value) => parse(value),
            Field::Missing => Err(Invalid::new("required", "This field is required.")),
            Field::WrongType(mismatch) => Err(mismatch.into()),
        };
        parsed.map_err(|invalid| self.add(pointer, invalid)).ok()
    }

    /// Parses an optional field: the outer `None` means a fault.
    pub fn optional<T, U>(
        &mut self,
        pointer: &str,
        field: Field<T>,
        parse: impl FnOnce(T) -> Result<U, Invalid>,
    ) -> Option<Option<U>> {
        match field {
            Field::Missing => Some(None),
            field => self.required(pointer, field, parse).map(Some),
        }
    }

    /// Sets a status or role to the value of the body. A value that a later release
    /// wrote is kept: this release cannot judge the transition from it.
    pub fn transition<V: Vocabulary>(&mut self, pointer: &str, word: &mut Open<V>, value: Option<V>) {
        match (value, word.known()) {
            (None, _) => {}
            (Some(value), Some(_)) => *word = value.into(),
            (Some(_), None) => {
                let detail = "The current value is unknown to this release, which cannot change it.";
                self.add(pointer, Invalid::new("unknown_state", detail));
            }
        }
    }

    /// Adds the faults of a part of the body, whose pointers begin at `pointer`.
    pub fn within(&mut self, pointer: &str, part: Self) {
        for fault in part.0 {
            let invalid = Invalid { code: fault.code, detail: fault.detail };
            self.add(format!("{pointer}{}", fault.pointer), invalid);
        }
    }

    /// True if no more faults are added.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MAX_FAULTS
    }

    /// True if there is no fault.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The parsed values, or every fault if there is one, including faults of unknown
    /// fields.
    ///
    /// ```
    /// # use shared::http::Faults;
    /// assert!(matches!(Faults::default().done((Some(1), Some("one"))), Ok((1, "one"))));
    /// ```
    pub fn done<T: Parsed>(self, parsed: T) -> Result<T::Values, Self> {
        if self.0.is_empty() { parsed.values().ok_or(self) } else { Err(self) }
    }

    pub(super) fn into_list(self) -> Vec<FieldFault> {
        self.0
    }

    /// Pointers and codes of the faults.
    #[cfg(test)]
    pub(crate) fn codes(self) -> Vec<(String, &'static str)> {
        self.0.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }
}

/// Parsed fields of a body: one `Option`, or a tuple of them.
pub trait Parsed {
    /// The values.
    type Values;

    /// The values, if all are present.
    fn values(self) -> Option<Self::Values>;
}

impl<A> Parsed for Option<A> {
    type Values = A;

    fn values(self) -> Option<A> {
        self
    }
}

macro_rules! parsed {
    ($(($($field:ident),+)),+ $(,)?) => {$(
        impl<$($field),+> Parsed for ($(Option<$field>,)+) {
            type Values = ($($field,)+);

            #[expect(non_snake_case, reason = "a field's type and its value have one name")]
            fn values(self) -> Option<Self::Values> {
                let ($($field,)+) = self;
                Some(($($field?,)+))
            }
        }
    )+};
}

parsed! {
    (A, B), (A, B, C), (A, B, C, D), (A, B, C, D, E), (A, B, C, D, E, F), (A, B, C, D, E, F, G),
    (A, B, C, D, E, F, G, H),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Role;

    #[derive(Deserialize)]
    struct Body {
        count: Field<u8>,
        name: Field<String>,
        note: Field<String>,
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let body: Body =
            serde_json::from_str(r#"{"count": "three", "note": null}"#).expect("any object fits");
        let mut faults = Faults::default();
        assert_eq!(faults.required("/count", body.count, Ok), None);
        assert_eq!(faults.required("/name", body.name, Ok), None);
        assert_eq!(faults.optional("/note", body.note, Ok), Some(None));
        let faults = faults.done(Some(())).expect_err("two fields have faults");
        assert_eq!(faults.codes(), [("/count".to_owned(), "wrong_type"), ("/name".to_owned(), "required")]);
    }

    #[test]
    fn a_word_of_a_later_release_is_not_changed() {
        let mut faults = Faults::default();
        let mut known = Open::from(Role::User);
        faults.transition("/role", &mut known, Some(Role::Admin));
        let mut unknown: Open<Role> = Open::Unknown("OWNER".to_owned());
        faults.transition("/role", &mut unknown, None);
        assert!(faults.is_empty() && known == Role::Admin);
        faults.transition("/role", &mut unknown, Some(Role::User));
        assert_eq!(unknown.word(), "OWNER");
        assert_eq!(faults.codes(), [("/role".to_owned(), "unknown_state")]);
    }

    #[test]
    fn values_are_handed_out_together_and_only_without_a_fault() {
        let values = Faults::default().done((Some(1), Some("one"), Some(None::<char>)));
        assert_eq!(values.expect("no fault"), (1, "one", None));
        let mut faults = Faults::default();
        faults.add("/colour", Invalid::new("unknown_field", "This field is unknown."));
        assert!(faults.done((Some(1), Some("one"))).is_err());
    }
}
