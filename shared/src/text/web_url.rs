//! HTTPS URLs.

use super::unicode::{nfc, trimmed};

const LONGEST: usize = 2_000;

/// The stored form of a URL: letters beyond ASCII and blanks are percent-encoded, the
/// host is in punycode. A URL that needs neither is kept unchanged.
pub(super) fn web_url(text: &str) -> Option<String> {
    let text = nfc(trimmed(text));
    let scheme = "https://";
    let rest = text.get(scheme.len()..)?;
    if !text.get(..scheme.len())?.eq_ignore_ascii_case(scheme)
        // The URL standard ignores all of these.
        || rest.starts_with(['/', '\\', '?', '#'])
        || text.chars().any(char::is_control)
    {
        return None;
    }
    let text = format!("{scheme}{rest}");
    let is_encoded = text.is_ascii()
        && text.parse::<http::Uri>().is_ok_and(|uri| uri.host().is_some_and(|host| !host.is_empty()));
    let stored = if is_encoded { text } else { String::from(url::Url::parse(&text).ok()?) };
    (stored.len() <= LONGEST).then_some(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_stored_percent_encoded() {
        for (text, stored) in [
            ("https://img.example.com/чай.jpg", "https://img.example.com/%D1%87%D0%B0%D0%B9.jpg"),
            ("https://img.example.com/green tea.jpg", "https://img.example.com/green%20tea.jpg"),
            ("https://bücher.example/1.jpg", "https://xn--bcher-kva.example/1.jpg"),
            ("HTTPS://img.example.com/A.jpg", "https://img.example.com/A.jpg"),
            ("https://img.example.com/%D1%87.jpg?q=é#x", "https://img.example.com/%D1%87.jpg?q=%C3%A9#x"),
            ("https://example.com", "https://example.com"),
        ] {
            assert_eq!(web_url(text).as_deref(), Some(stored), "{text}");
        }
    }

    #[test]
    fn invalid_addresses_are_refused() {
        let long = format!("https://example.com/{}", "é".repeat(400));
        for text in [
            "http://example.com",
            "javascript:alert(1)",
            "https:///a",
            "https://\\a",
            "https://?a",
            "ada.png",
            "https://exa mple/a",
            "https://a/\nb",
            "чай",
            "https://",
            &long,
        ] {
            assert_eq!(web_url(text), None, "{text}");
        }
    }
}
