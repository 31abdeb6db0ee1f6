//! Strings parsed into types, so that a value of the type is always valid. An invalid
//! text gives an [`Invalid`]: a stable code and a sentence.
//!
//! Every text that people write is stored in NFC. A text of one line has no line
//! separators and no bidirectional control characters; in a text of several lines
//! each one ends with LF, and tabs are allowed. Both need a visible character. Rules
//! may become stricter: stored texts are read unchanged, and a change of another
//! field keeps them (`parse_or_keep`).
//!
//! Texts are compared by [`compared`] (filters) or [`searched`] (searches); [`slug`]
//! makes a name for paths from a text.

mod email;
mod fold;
mod places;
mod slug;
mod unicode;
mod web_url;

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, SchemaFormat, Type},
    },
};

pub(crate) use self::fold::{class, plain};
pub(crate) use self::unicode::nfc;
pub use self::{
    email::Email,
    fold::{compared, searched, words},
    slug::{slug, slugs_of},
};
use self::{
    places::{is_country, language, time_zone},
    unicode::{is_ignorable, line, lines, names_a_website, trimmed},
    web_url::web_url,
};

/// Reason for refusing a field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Stable code in `snake_case`, for programs.
    pub code: &'static str,
    /// Explanation, for people. Never repeats the value.
    pub detail: String,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Invalid {
    /// Makes a refusal.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Declares text types, each with its stored form: `None` for an invalid text. Types
/// marked `personal` hide their value from debug output.
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

        /// Parses a parameter of a path.
        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    };
    (@component $name:ident) => { stringify!($name) };
    (@component $name:ident $component:literal) => { $component };
    ($privacy:ident $($(#[doc = $doc:literal])+ $name:ident $(named $component:literal)?: $min:literal to $max:literal, $code:literal $detail:literal, as $stored:expr, such as $example:literal $(in $format:literal)?;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        texts! { @debug $privacy $name }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!($($doc, "\n"),+).trim().replace("\n ", "\n")))
                    $(.format(Some(SchemaFormat::Custom($format.to_owned()))))?
                    .min_length(Some($min))
                    .max_length(Some($max))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                texts! { @component $name $($component)? }.into()
            }
        }

        impl $name {
            /// Parses a text into its stored form.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let stored: fn(&str) -> Option<String> = $stored;
                stored(text).map(Self).ok_or_else(|| Invalid::new($code, $detail))
            }

            /// Parses a text, but accepts one that equals the stored text, which may
            /// be of an earlier release's rules.
            pub fn parse_or_keep(text: &str, stored: Option<&Self>) -> Result<Self, Invalid> {
                match stored {
                    Some(stored) if stored.0 == text => Ok(stored.clone()),
                    Some(_) | None => Self::parse(text),
                }
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

    /// Name of a person: one line of 1 to 100 characters, without web addresses,
    /// because emails show it.
    PersonName: 1 to 100,
        "invalid_name" "A name is one line of 1 to 100 characters without web addresses.",
        as |text| line(text, 100).filter(|text| !names_a_website(text)), such as "Ada Lovelace";

    /// Biography: at most 1,000 characters, with line breaks.
    Biography: 1 to 1000,
        "invalid_biography" "A biography has 1 to 1,000 characters, without control characters other than tabs and line breaks.",
        as |text| lines(text, 1000), such as "Writes programs for machines that do not exist yet.";

    /// Telephone number in E.164 form.
    PhoneNumber: 8 to 16,
        "invalid_phone" "A telephone number is a plus sign and 7 to 15 digits, the first of them not 0.",
        as |text| token(text, |text| text.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
        })),
        such as "+442071234567";

    /// Web address. Non-ASCII letters and spaces are stored percent-encoded, the host
    /// in punycode.
    WebUrl: 1 to 2000,
        "invalid_url" "An URL begins with https:// and has at most 2,000 characters.",
        as web_url, such as "https://example.com/ada.png" in "uri";

    /// Note on an order: at most 500 characters, with line breaks.
    Note named "OrderNote": 1 to 500,
        "invalid_note" "A note has 1 to 500 characters, without control characters other than tabs and line breaks.",
        as |text| lines(text, 500), such as "Please ring twice.";

    /// Reason for an action: one line of 1 to 200 characters.
    Reason named "ActionReason": 1 to 200,
        "invalid_reason" "A reason is one line of 1 to 200 characters.",
        as |text| line(text, 200), such as "Counted on Friday";

    /// Line of a postal address.
    AddressLine: 1 to 200,
        "invalid_address_line" "A line of an address has 1 to 200 characters.",
        as |text| line(text, 200), such as "12 St James's Square";

    /// Country code: an assigned code of ISO 3166-1 alpha-2.
    CountryCode: 2 to 2,
        "invalid_country" "A country is an ISO 3166-1 alpha-2 code, such as GB.",
        as |text| token(text, is_country), such as "GB";

    /// Calendar date: full-date of RFC 3339.
    CalendarDate: 10 to 10,
        "invalid_date" "A date has the form 2026-01-31.",
        as |text| token(text, |text| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()),
        such as "1815-12-10" in "date";

    /// IANA time zone name.
    TimeZoneName: 1 to 64,
        "invalid_time_zone" "A time zone is an IANA time zone name, such as Europe/London.",
        as |text| time_zone(trimmed(text)), such as "Europe/London";
}

texts! {
    public

    /// SKU: the seller's code of a variant, 1 to 64 visible ASCII characters without
    /// `#`. Case-insensitive; the first spelling is kept. Percent-encode it once in a
    /// path; API Gateway drops the part after an encoded question mark.
    Sku: 1 to 64,
        "invalid_sku" "A SKU is 1 to 64 visible ASCII characters, without spaces and number signs (#).",
        as |text| token(text, |text| {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
        }),
        such as "TEA-EARL-GREY-100";

    /// Slug: name in URLs, 1 to 100 lower-case letters and digits, separated by single
    /// hyphens.
    Slug: 1 to 100,
        "invalid_slug" "A slug is 1 to 100 lower-case letters and digits, separated by single hyphens.",
        as |text| token(text, |text| {
            (1..=100).contains(&text.len())
                && text.split('-').all(|word| {
                    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                })
        }),
        such as "earl-grey";

    /// Title of a product, a variant or a category.
    Title named "CatalogTitle": 1 to 200,
        "invalid_title" "A title is one line of 1 to 200 characters.",
        as |text| line(text, 200), such as "Earl Grey";

    /// Description of a product or a category: at most 10,000 characters, with line
    /// breaks.
    Description named "CatalogDescription": 1 to 10000,
        "invalid_description" "A description has 1 to 10,000 characters, without control characters other than tabs and line breaks.",
        as |text| lines(text, 10_000), such as "Black tea with bergamot.";

    /// Name of an organisation: one line of 1 to 100 characters, without web addresses,
    /// because emails show it.
    OrganizationName: 1 to 100,
        "invalid_name" "A name is one line of 1 to 100 characters without web addresses.",
        as |text| line(text, 100).filter(|text| !names_a_website(text)), such as "Analytical Society";

    /// Summary: one line of 1 to 280 characters.
    Summary: 1 to 280,
        "invalid_summary" "A summary is one line of 1 to 280 characters.",
        as |text| line(text, 280), such as "Evenings about machines that do not exist yet.";

    /// Description of an organisation: at most 10,000 characters, with line breaks.
    OrganizationDescription: 1 to 10000,
        "invalid_description" "A description has 1 to 10,000 characters, without control characters other than tabs and line breaks.",
        as |text| lines(text, 10_000), such as "We meet on every first Tuesday.";

    /// City of an organisation or a venue: one line of 1 to 100 characters.
    City: 1 to 100,
        "invalid_city" "A city is one line of 1 to 100 characters.",
        as |text| line(text, 100), such as "London";

    /// Title of an event: one line of 1 to 150 characters, without web addresses, because
    /// emails show it.
    EventTitle: 1 to 150,
        "invalid_title" "A title is one line of 1 to 150 characters without web addresses.",
        as |text| line(text, 150).filter(|text| !names_a_website(text)), such as "Evening of engines";

    /// Description of an event: at most 20,000 characters, with line breaks.
    EventDescription: 1 to 20000,
        "invalid_description" "A description has 1 to 20,000 characters, without control characters other than tabs and line breaks.",
        as |text| lines(text, 20_000), such as "Bring your own punched cards.";

    /// Name of a venue: one line of 1 to 150 characters.
    VenueName: 1 to 150,
        "invalid_venue_name" "The name of a venue is one line of 1 to 150 characters.",
        as |text| line(text, 150), such as "Lovelace Hall";

    /// Postal address of a venue: one line of 1 to 200 characters.
    VenueAddress: 1 to 200,
        "invalid_address_line" "A line of an address has 1 to 200 characters.",
        as |text| line(text, 200), such as "12 St James's Square";

    /// Accessibility of an event: at most 1,000 characters, with line breaks.
    Accessibility: 1 to 1000,
        "invalid_accessibility" "Accessibility has 1 to 1,000 characters, without control characters other than tabs and line breaks.",
        as |text| lines(text, 1_000), such as "Step-free entrance, hearing loop.";

    /// Tag: one line of 1 to 40 characters. Tags that differ in case only are one.
    Tag: 1 to 40,
        "invalid_tag" "A tag is one line of 1 to 40 characters.",
        as |text| line(text, 40), such as "history";

    /// Name of a ticket type: one line of 1 to 100 characters.
    TicketName: 1 to 100,
        "invalid_name" "The name of a ticket type is one line of 1 to 100 characters.",
        as |text| line(text, 100), such as "Standard";

    /// Language: a code of two letters of ISO 639-1, in lower case.
    LanguageCode: 2 to 2,
        "invalid_language" "A language is a code of ISO 639-1, such as en.",
        as |text| language(trimmed(text)), such as "en";

    /// The value of an attribute of a product.
    AttributeValue: 1 to 200,
        "invalid_attributes" "The value of an attribute is one line of 1 to 200 characters.",
        as |text| line(text, 200), such as "100 g";
}

/// True for a text without a visible character: such a parameter counts as absent.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_ignorable(c))
}

/// Trims a text without free-form characters, and checks it.
fn token(text: &str, valid: fn(&str) -> bool) -> Option<String> {
    let text = trimmed(text);
    valid(text).then(|| text.to_owned())
}

impl Reason {
    /// Parses a reason that emails show: it has no web addresses.
    pub fn parse_for_emails(text: &str) -> Result<Self, Invalid> {
        let invalid = || {
            let detail = "A reason is one line of 1 to 200 characters without web addresses.";
            Invalid::new("invalid_reason", detail)
        };
        Self::parse(text).ok().filter(|reason| !names_a_website(reason.as_str())).ok_or_else(invalid)
    }
}

impl Sku {
    /// The folded form for comparison: SKUs that differ only in case are one.
    #[must_use]
    pub fn folded(&self) -> Self {
        Self(self.0.to_ascii_uppercase())
    }

    /// True if both SKUs differ at most in case.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl crate::vocabulary::Locale {
    /// Parses the language of a BCP 47 tag (`ru-RU` is `ru`), or of a locale as
    /// phones and POSIX write it (`ru_RU.UTF-8`).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match trimmed(text)
            .split(['-', '_', '.', '@'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "en" => Ok(Self::En),
            "ru" => Ok(Self::Ru),
            _ => Err(Invalid::new("unsupported_locale", "A locale is one of: en, ru.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Locale;

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
        assert!(PersonName::parse("WIN http://prize.example").is_err() && Title::parse("www.tea").is_ok());
    }

    #[test]
    fn a_stored_text_of_earlier_rules_is_kept_and_no_other() {
        let stored: CountryCode = serde_json::from_str("\"XX\"").expect("read as it is");
        assert_eq!(CountryCode::parse_or_keep("XX", Some(&stored)).as_ref(), Ok(&stored));
        assert!(CountryCode::parse_or_keep("ZZ", Some(&stored)).is_err());
        assert!(CountryCode::parse_or_keep("XX", None).is_err());
    }

    #[test]
    fn skus_that_differ_in_case_only_are_one() {
        let sku = |text| Sku::parse(text).expect("valid");
        assert!(sku("Tea-1").is_same(&sku("TEA-1")) && sku("Tea-1").folded() == sku("tea-1").folded());
        assert_eq!(sku("Tea-1").as_str(), "Tea-1");
    }

    #[test]
    fn skus_and_slugs_are_printed_and_fit_for_keys() {
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
        for text in ["ru-RU", "ru_RU", "RU", " ru ", "ru_RU.UTF-8", "ru@cyrillic"] {
            assert_eq!(Locale::parse(text), Ok(Locale::Ru), "{text}");
        }
        assert!(Locale::parse("tlh").is_err());
    }
}
