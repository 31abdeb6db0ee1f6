//! Stored form of texts: composed (NFC), without invisible characters at their ends,
//! and without characters that change the order of the text around them.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Normalises to NFC, so that `é` and `e` with U+0301 are stored alike.
pub(crate) fn nfc(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// True for `Default_Ignorable_Code_Point`, which is invisible, and for U+2800, the
/// Braille pattern without dots.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// True for `Bidi_Control`, which changes the order of the following text.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// True for noncharacters, which Unicode never assigns.
fn is_noncharacter(c: char) -> bool {
    u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

/// True for characters that end a line but are no control characters.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// True if the text has a visible character.
fn shows(text: &str) -> bool {
    text.chars()
        .any(|c| !c.is_whitespace() && !c.is_control() && !is_ignorable(c) && super::fold::class(c) == 0)
}

/// Trims white space, byte order marks, zero-width spaces and word joiners from both
/// ends.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}'))
}

/// Normalises a text of one line with at most `longest` characters.
pub(super) fn line(text: &str, longest: usize) -> Option<String> {
    let text = nfc(trimmed(text));
    let fits = (1..=longest).contains(&text.chars().count())
        && shows(&text)
        && !text
            .chars()
            .any(|c| c.is_control() || is_bidi_control(c) || is_separator(c) || is_noncharacter(c));
    fits.then(|| text.into_owned())
}

/// Normalises a text of several lines and tabs with at most `longest` characters.
/// Every line ending becomes LF.
pub(super) fn lines(text: &str, longest: usize) -> Option<String> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let text = nfc(trimmed(&text));
    let fits = (1..=longest).contains(&text.chars().count())
        && shows(&text)
        && !text.chars().any(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || is_noncharacter(c));
    fits.then(|| text.into_owned())
}

/// Top-level domains under which mail programs turn a bare domain into a link. Those that
/// are endings of company names or of files (`co`, `ai`, `js`, `md`) are left out.
const LINKED_DOMAINS: [&str; 40] = [
    "com", "net", "org", "info", "biz", "io", "app", "dev", "me", "xyz", "site", "online", "website", "shop",
    "store", "club", "link", "click", "live", "top", "page", "pro", "tv", "cc", "ws", "eu", "de", "uk", "fr",
    "nl", "pl", "ru", "su", "ua", "by", "kz", "us", "cn", "рф", "рус",
];

/// Names of technologies that are domains of their owners.
const TECHNOLOGIES: [&str; 4] = ["asp.net", "ado.net", "vb.net", "socket.io"];

/// Endings of files that are no top-level domains.
const FILES: [&str; 2] = ["js", "ts"];

/// True for a text that mail programs turn into a link: an address with its scheme, a
/// domain, or any name with a dot and a path (`bit.ly/x`). Every part of the text is
/// judged, whatever is around it (`Prize:x.com`, `claim/x.com`). Compatibility forms
/// (`ｗｗｗ．`) count as their ASCII counterparts.
pub(super) fn names_a_website(text: &str) -> bool {
    let text = super::fold::compatible(text).replace('。', ".");
    let is_of_a_name = |c: char| {
        c.is_alphanumeric() || super::fold::class(c) != 0 || matches!(c, '.' | '-' | '_' | '@' | '+')
    };
    let mut rest = text.as_str();
    while let Some(begin) = rest.find(is_of_a_name) {
        let part = &rest[begin..];
        let (name, after) = part.split_at(part.find(|c: char| !is_of_a_name(c)).unwrap_or(part.len()));
        if is_host(name, after.starts_with('/')) {
            return true;
        }
        rest = after;
    }
    text.contains("://") || text.contains("www.")
}

/// True for a domain name; with a path after it, whatever its top-level domain is.
fn is_host(name: &str, has_path: bool) -> bool {
    let host = name.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((rest, top)) = host.rsplit_once('.') else { return false };
    // An email address names nobody but its owner.
    let is_email = name.find('@').is_some_and(|at| at > 0);
    if is_email || rest.ends_with('.') || TECHNOLOGIES.contains(&host) {
        return false;
    }
    let is_word = top.chars().count() > 1 && top.chars().all(char::is_alphabetic);
    LINKED_DOMAINS.contains(&top)
        || top.starts_with("xn--")
        || (has_path && is_word && !name.ends_with('.') && !FILES.contains(&top))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_stored_composed_and_trimmed() {
        assert_eq!(line(" \u{feff}Cafe\u{301}\u{200b} ", 4).as_deref(), Some("Café"));
        assert_eq!(line("각", 1), line("\u{1100}\u{1161}\u{11a8}", 1));
    }

    #[test]
    fn a_text_of_nothing_that_shows_is_refused() {
        for text in [
            "",
            " ",
            "\u{200b}\u{2060}\u{200d}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{2800}",
            "\u{feff}",
            "\u{ad}",
            "\u{fe0f}",
            "\u{301}",
            "\u{e0020}",
            "\u{fffe}",
            "\u{fdd0}",
            "\u{10ffff}",
        ] {
            assert_eq!((line(text, 10), lines(text, 10)), (None, None), "{text:?}");
        }
    }

    #[test]
    fn one_line_is_neither_turned_around_nor_ended() {
        for c in
            "\u{202e}\u{202a}\u{2066}\u{2069}\u{200f}\u{61c}\u{2028}\u{2029}\u{85}\u{b}\r\n\t\0\u{9b}\u{ffff}"
                .chars()
        {
            assert_eq!(line(&format!("Ada{c}Admin"), 20), None, "{c:?}");
        }
        for text in ["می\u{200c}خواهم", "👩\u{200d}🚀 Ada", "שרה", "Zoë", "夏目 漱石"] {
            assert!(line(text, 20).is_some(), "{text}");
        }
    }

    #[test]
    fn every_end_of_a_line_is_stored_as_lf() {
        assert_eq!(lines("a\r\nb\rc\u{2028}d\u{85}e\n\tf\r\n", 20).as_deref(), Some("a\nb\nc\nd\ne\n\tf"));
        assert_eq!(lines("a\u{b}b", 20), None);
    }

    #[test]
    fn addresses_of_websites_are_found_in_every_form() {
        for text in [
            "WIN http://prize.example/x",
            "see WWW.prize.example",
            "ｈｔｔｐ：／／prize.example",
            "x ｗｗｗ．prize",
            "x.com",
            "Prizes (PRIZE.example.Net)",
            "сайт.рф/приз",
            "prize。com",
            "bit.ly/x",
            "Claim at t.co/abc today",
            "goo.gl/",
            "Prize:evil.com",
            "claim/evil.com",
            "a:b/c:evil.com",
            "evil.com/@ada",
            "@evil.com",
            "ada@example.com evil.com",
            "evil.com:8080",
            "evil.com?prize",
            "evil.com#prize",
            "“evil.com”",
            "«evil.com»",
            "[evil.com]",
            "prize;evil.com",
            "prize|evil.com",
            "prize—evil.com",
            "evil.com!",
            "evil.com.",
            "EVIL\u{200b}.\u{2060}COM",
            "evil․com",
            "ｅｖｉｌ．ｃｏｍ",
            "пример.рф",
            "evil.xn--p1ai",
            "my-prize.sub.shop",
            "Приз:пример.рус",
        ] {
            assert!(names_a_website(text), "{text}");
        }
        for text in [
            "Ada Lovelace: countess",
            "Awww",
            "J. R. R. Tolkien",
            "Node.js",
            "Com",
            "St. Me",
            "ada@example.com",
            "St. Petersburg",
            "St.Petersburg",
            "A.B. Smith",
            "A. B. Smith",
            "J.R.R.Tolkien",
            "Dr.Who",
            "Dr. Who",
            "Mr./Mrs. Smith",
            "Prof.Dr./PhD Ada",
            "A.D./B.C.",
            "and/or",
            "Rock/Pop: live",
            "Node.js",
            "Node.js/Deno",
            "ASP.NET",
            "Learn ASP.NET in a day",
            ".NET",
            "C++/C#",
            "Web 2.0",
            "No.1/2",
            "3.14/2",
            "24/7",
            "Wait…me too",
            "Hello...com",
            "Smith & Co.",
            "Acme Inc.",
            "О.Генри",
            "ул. Мира, д. 1/2",
            "г.Москва",
            "Ada_Lovelace",
            "#.com",
            "10:30",
            "Anne-Marie",
            "O’Neill",
            "夏目。漱石",
        ] {
            assert!(!names_a_website(text), "{text}");
        }
    }
}
