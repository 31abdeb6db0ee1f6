//! The language that a caller prefers.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{header, request::Parts};

use crate::vocabulary::Locale;

/// The first language of `Accept-Language` (RFC 9110, 12.5.4) that mails are written
/// in; `None` if the caller names none of them.
#[derive(Debug, Clone, Copy)]
pub struct Language(pub Option<Locale>);

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let lines = parts.headers.get_all(header::ACCEPT_LANGUAGE).iter();
        let text: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        Ok(Self(preferred(&text.join(","))))
    }
}

fn preferred(text: &str) -> Option<Locale> {
    let mut ranges: Vec<(u32, Locale)> = text.split(',').filter_map(range).collect();
    // The sort is stable: of equal weight, the first wins.
    ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    ranges.first().map(|(_, locale)| *locale)
}

/// A language range, with its weight in thousandths.
fn range(text: &str) -> Option<(u32, Locale)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let weight = match parameters.trim().strip_prefix("q=") {
        Some(weight) => thousandths(weight.trim())?,
        None => 1_000,
    };
    let locale = Locale::parse(tag.trim()).ok()?;
    (weight > 0).then_some((weight, locale))
}

/// A weight from 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let decimals: u32 = format!("{decimals:0<3}").get(..3)?.parse().ok()?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_that_there_is_counts() {
        for (text, expected) in [
            ("", None),
            ("*", None),
            ("de", None),
            ("ru", Some(Locale::Ru)),
            ("ru-RU,ru;q=0.9,en;q=0.8", Some(Locale::Ru)),
            ("de, en;q=0.5, ru;q=0.7", Some(Locale::Ru)),
            ("en;q=0.5, ru;q=0.50", Some(Locale::En)),
            ("ru;q=0, en;q=0.1", Some(Locale::En)),
            ("ru;q=x, ,;, en;q=1.000", Some(Locale::En)),
        ] {
            assert_eq!(preferred(text), expected, "{text}");
        }
    }
}
