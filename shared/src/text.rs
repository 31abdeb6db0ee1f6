//! Strings parsed into types, so that a value of the type is a valid one.
//! What is wrong with a text is an [`Invalid`]: a stable code and a sentence.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, SchemaFormat, Type},
    },
};

/// Why a field's value is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Stable and in `snake_case`, for programs.
    pub code: &'static str,
    /// For people. Never repeats the value.
    pub detail: String,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
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
#[schema(value_type = String, format = "email", max_length = 254, examples("ada@example.com"))]
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

/// For configuration.
impl FromStr for Email {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
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

/// Declares texts that are trimmed and then checked. What people write about
/// themselves is `personal`: it is never printed by accident.
macro_rules! texts {
    (@debug personal $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
    (@debug public $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// For paths.
        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    };
    ($privacy:ident $($(#[doc = $doc:literal])+ $name:ident: $min:literal to $max:literal, $code:literal $detail:literal, if $valid:expr, such as $example:literal $(in $format:literal)?;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        texts! { @debug $privacy $name }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!($($doc, "\n"),+).trim()))
                    $(.format(Some(SchemaFormat::Custom($format.to_owned()))))?
                    .min_length(Some($min))
                    .max_length(Some($max))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {}

        impl $name {
            /// Trims, then checks.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let text = text.trim();
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.to_owned())) } else { Err(Invalid::new($code, $detail)) }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}

texts! {
    personal

    /// What a person is called: 1 to 100 characters, none of them a control.
    PersonName: 1 to 100,
        "invalid_name" "A name has 1 to 100 characters and no control characters.",
        if |text| is_line(text, 100), such as "Ada Lovelace";

    /// What a person says about themselves: at most 1,000 characters; lines may
    /// end.
    Biography: 1 to 1000,
        "invalid_biography" "A biography has 1 to 1,000 characters and no control characters but ends of lines.",
        if |text| (1..=1000).contains(&text.chars().count())
            && !text.chars().any(|c| c.is_control() && c != '\n'),
        such as "Writes programs for machines that do not exist yet.";

    /// A telephone number as E.164 has it.
    PhoneNumber: 8 to 16,
        "invalid_phone" "A telephone number is a plus sign and 7 to 15 digits, the first not a zero.",
        if |text| text.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
        }),
        such as "+442071234567";

    /// The address of something in the web.
    WebUrl: 1 to 2000,
        "invalid_url" "An URL begins with https:// and has at most 2,000 characters.",
        if |text| text.len() <= 2_000
            && text.parse::<http::Uri>().is_ok_and(|uri| uri.scheme_str() == Some("https") && uri.host().is_some()),
        such as "https://example.com/ada.png" in "uri";

    /// What somebody wants to be known with an order: lines may end.
    Note: 1 to 500,
        "invalid_note" "A note has 1 to 500 characters and no control characters but ends of lines.",
        if |text| (1..=500).contains(&text.chars().count())
            && !text.chars().any(|c| c.is_control() && c != '\n'),
        such as "Please ring twice.";

    /// Why somebody does something.
    Reason: 1 to 200,
        "invalid_reason" "A reason has 1 to 200 characters and no control characters.",
        if |text| is_line(text, 200), such as "Counted on Friday";

    /// A line of a postal address.
    AddressLine: 1 to 200,
        "invalid_address_line" "A line of an address has 1 to 200 characters and no control characters.",
        if |text| is_line(text, 200), such as "12 St James's Square";

    /// A country: ISO 3166-1 alpha-2.
    CountryCode: 2 to 2,
        "invalid_country" "A country is two capital letters (ISO 3166-1 alpha-2).",
        if |text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()), such as "GB";

    /// A day of the calendar, as RFC 3339 has it.
    CalendarDate: 10 to 10,
        "invalid_date" "A date has the form 2026-01-31.",
        if |text| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(), such as "1815-12-10" in "date";

    /// A time zone: a name of the IANA database.
    TimeZoneName: 1 to 64,
        "invalid_time_zone" "A time zone is a name of the IANA database, such as Europe/London.",
        if |text| (1..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b)),
        such as "Europe/London";
}

texts! {
    public

    /// What a seller calls a thing that can be bought. `#` is kept out of it, as
    /// it parts keys. In a path, one with `/`, `?` or `%` is percent-encoded twice.
    Sku: 1 to 64,
        "invalid_sku" "A SKU is 1 to 64 visible ASCII characters without spaces and number signs.",
        if |text| (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#'),
        such as "TEA-EARL-GREY-100";

    /// The name of something in paths that people read.
    Slug: 1 to 100,
        "invalid_slug" "A slug is 1 to 100 small letters and digits, with single hyphens between them.",
        if |text| (1..=100).contains(&text.len())
            && text.split('-').all(|word| {
                !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            }),
        such as "earl-grey";

    /// What a product, a variant or a category is called.
    Title: 1 to 200,
        "invalid_title" "A title has 1 to 200 characters and no control characters.",
        if |text| is_line(text, 200), such as "Earl Grey";

    /// What there is to say about a product or a category; lines may end.
    Description: 1 to 10000,
        "invalid_description" "A description has 1 to 10,000 characters and no control characters but ends of lines.",
        if |text| (1..=10_000).contains(&text.chars().count())
            && !text.chars().any(|c| c.is_control() && c != '\n'),
        such as "Black tea with bergamot.";
}

fn is_line(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

impl crate::vocabulary::Locale {
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
    use crate::vocabulary::Locale;

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
    fn texts_are_trimmed_and_checked() {
        assert_eq!(PersonName::parse("  Ada ").expect("valid").as_str(), "Ada");
        assert!(PersonName::parse("A\u{7}").is_err() && PersonName::parse("  ").is_err());
        assert!(PhoneNumber::parse("+442071234567").is_ok() && PhoneNumber::parse("02071234567").is_err());
        assert!(WebUrl::parse("https://example.com/a.png").is_ok());
        for text in ["http://example.com", "javascript:alert(1)", "https:///a", "ada.png"] {
            assert!(WebUrl::parse(text).is_err(), "{text}");
        }
        assert!(CalendarDate::parse("1815-12-10").is_ok() && CalendarDate::parse("1815-02-30").is_err());
        assert!(CountryCode::parse("GB").is_ok() && CountryCode::parse("gb").is_err());
        assert!(TimeZoneName::parse("America/Argentina/Buenos_Aires").is_ok());
        assert!(TimeZoneName::parse("../etc/passwd").is_err());
    }

    #[test]
    fn what_is_public_is_printed_and_fit_for_keys() {
        let sku = Sku::parse(" TEA-1 ").expect("valid");
        assert_eq!(format!("{sku} {sku:?}"), "TEA-1 \"TEA-1\"");
        for text in ["", "a b", "a#b", "é", &"x".repeat(65)] {
            assert!(Sku::parse(text).is_err(), "{text}");
        }
        assert!(Slug::parse("earl-grey-2").is_ok());
        for text in ["", "Earl", "earl_grey", "-earl", "earl--grey", "earl-"] {
            assert!(Slug::parse(text).is_err(), "{text}");
        }
        assert!(Description::parse("Black.\nWith bergamot.").is_ok() && Title::parse("Black\ntea").is_err());
    }

    #[test]
    fn a_region_does_not_change_the_language() {
        assert_eq!(Locale::parse("ru-RU"), Ok(Locale::Ru));
        assert!(Locale::parse("tlh").is_err());
    }
}
