//! Email addresses.

use std::{borrow::Cow, fmt, str::FromStr};

use icu_normalizer::ComposingNormalizerBorrowed;
use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Invalid,
    unicode::{is_ignorable, trimmed},
};

/// An email address, trimmed and in lower case: addresses that differ in case are one
/// account. The local part is ASCII; an international domain is stored in punycode.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = "email", max_length = 254, examples("ada@example.com"))]
pub struct Email(String);

impl Email {
    /// RFC 5321, 4.5.3.1.3 less the angle brackets.
    const MAX_BYTES: usize = 254;

    /// Accepts addresses that HTML's `input type=email` accepts, with a dot in the
    /// domain, and international domains. Only a mail can verify that the mailbox
    /// exists.
    ///
    /// Only ASCII letters are folded. Unicode's lower case of the Kelvin sign is an
    /// ASCII `k`, which would be another mailbox.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid::new("invalid_email", "This is not a valid email address.");
        let address = trimmed(text);
        // An upper bound: the conversion to punycode does not shorten an address
        // below a quarter.
        if address.len() > 4 * Self::MAX_BYTES {
            return Err(invalid());
        }
        let (local, domain) = address.split_once('@').ok_or_else(invalid)?;
        let domain = ascii_domain(domain).ok_or_else(invalid)?;
        let address = format!("{}@{domain}", local.to_ascii_lowercase());
        let valid = address.len() <= Self::MAX_BYTES
            && (1..=64).contains(&local.len())
            && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c))
            && domain.contains('.')
            && domain.split('.').all(is_domain_label);
        if valid { Ok(Self(address)) } else { Err(invalid()) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Converts a domain to lower case and punycode (UTS 46). Refuses characters that
/// stand for ASCII ones, such as `K` (U+212A) or `ａ`: the domain would look like
/// another one.
fn ascii_domain(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_ascii_lowercase());
    }
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let stands_for_ascii = |c: char| {
        let lower: String = c.to_lowercase().collect();
        // Characters that UTS 46 ignores, and its other dots.
        !c.is_ascii() && (is_ignorable(c) || nfkc.normalize(&lower).is_ascii() || matches!(c, '。' | '｡'))
    };
    if domain.chars().any(stands_for_ascii) {
        return None;
    }
    let ascii = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    ascii.ok().map(Cow::into_owned)
}

/// Parses a variable of the configuration.
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

/// Hides the address, which is personal data, from logs.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
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
    fn invalid_addresses_are_refused() {
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
    fn no_character_becomes_the_ascii_one_that_it_looks_like() {
        for text in [
            "blac\u{212a}@example.com",
            "ada@lin\u{212a}.example.com",
            "ada@\u{17f}hop.example",
            "ada@ｅxample.com",
            "ada@example。com",
            "ada@ﬁsh.example",
            "адам@example.com",
            "ada@exam\u{200b}ple.com",
            "ada@пример\u{202e}.рф",
            "ada@-пример.рф",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_international_domain_is_stored_in_punycode() {
        for (text, expected) in [
            ("Ada@Пример.РФ", "ada@xn--e1afmkfd.xn--p1ai"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("ada@bu\u{308}cher.example", "ada@xn--bcher-kva.example"),
            ("ada@παράδειγμα.gr", "ada@xn--hxajbheg2az3al.gr"),
            ("ada@xn--e1afmkfd.xn--p1ai", "ada@xn--e1afmkfd.xn--p1ai"),
        ] {
            assert_eq!(Email::parse(text).expect("valid").as_str(), expected, "{text}");
        }
    }
}
