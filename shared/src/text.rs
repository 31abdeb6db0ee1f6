//! Strings parsed into types, so that a value of the type is a valid one.
//! What is wrong with a text is an [`Invalid`]: a stable code and a sentence.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a field's value is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Stable and in `snake_case`, for programs.
    pub code: &'static str,
    /// For people. Never repeats the value.
    pub detail: String,
}

impl Invalid {
    /// A refusal of a value.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// An e-mail address, trimmed and in lower case: two spellings of a mailbox that
/// differ in case are one account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = "email", examples("ada@example.com"))]
pub struct Email(String);

impl Email {
    /// RFC 5321, 4.5.3.1.3 less the angle brackets.
    const MAX_BYTES: usize = 254;

    /// Accepts what HTML's `input type=email` accepts, with a dot in the domain:
    /// whether the mailbox exists only a mail can tell.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let address = text.trim().to_lowercase();
        let valid = address.len() <= Self::MAX_BYTES
            && address.split_once('@').is_some_and(|(local, domain)| {
                (1..=64).contains(&local.len())
                    && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c))
                    && domain.contains('.')
                    && domain.split('.').all(is_domain_label)
            });
        if valid {
            Ok(Self(address))
        } else {
            Err(Invalid::new("invalid_email", "This is not an e-mail address."))
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_domain_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// An address is personal: it is never printed by accident.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// What a person is called: 1 to 100 characters, none of them a control.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 100, examples("Ada Lovelace"))]
pub struct PersonName(String);

impl PersonName {
    /// Trims, then checks.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = text.trim();
        if (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
            Ok(Self(name.to_owned()))
        } else {
            Err(Invalid::new("invalid_name", "A name has 1 to 100 characters and no control characters."))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name is personal: it is never printed by accident.
impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// A language that Agora speaks to people in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Locale {
    /// Takes the language of a BCP 47 tag (`ru-RU` is `ru`).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Ok(Self::En),
            "ru" => Ok(Self::Ru),
            _ => Err(Invalid::new("unsupported_locale", "The locale is one of: en, ru.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lowered() {
        let email = Email::parse("  Ada.L+shop@Example.COM ").expect("valid");
        assert_eq!(email.as_str(), "ada.l+shop@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "a b@example.com",
            "ada@-x.com",
            "ada@x..com",
            "ada@exa mple.com",
            "ada@example.com\u{0}",
            "a@b@c.com",
            &long,
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn personal_text_is_not_printed() {
        let email = Email::parse("ada@example.com").expect("valid");
        let name = PersonName::parse("Ada").expect("valid");
        assert_eq!(format!("{email:?} {name:?}"), "Email(…) PersonName(…)");
    }

    #[test]
    fn a_region_does_not_change_the_language() {
        assert_eq!(Locale::parse("ru-RU"), Ok(Locale::Ru));
        assert!(Locale::parse("tlh").is_err());
    }
}
