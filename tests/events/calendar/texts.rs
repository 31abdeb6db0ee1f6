//! Texts of people in content lines.

use events::calendar::{Happening, Place};

use super::helpers::{concert, file, having, lines, tuesdays};

const HOSTILE: &[&str] = &[
    "a\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM",
    "a\nATTENDEE:mailto:x@example.org",
    "a\rX-EVIL:1",
    "a\u{2028}X-EVIL:1\u{2029}X-EVIL:1\u{85}X-EVIL:1\u{b}X-EVIL:1\u{c}X-EVIL:1",
    "a\\nX-EVIL:1\\",
    "\";X-EVIL=1:mailto:x@example.org\r\nX-EVIL:1",
    "\0\u{1b}[31m\u{7f}\u{9f}",
    "END:VEVENT",
];

fn with(text: &str) -> Happening {
    let text = || text.to_owned();
    let plain = concert(tuesdays());
    Happening {
        id: text(),
        title: text(),
        summary: Some(text()),
        description: Some(text()),
        place: Some(Place { name: Some(text()), address: Some(text()), ..Place::default() }),
        organizer: text(),
        categories: vec![text()],
        tags: vec![text(), format!("{},{}", text(), text())],
        language: Some(text()),
        images: vec![text()],
        page: text(),
        ..plain
    }
}

fn names(file: &str) -> Vec<String> {
    lines(file).iter().map(|line| line.split([':', ';']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn no_text_adds_a_line() {
    let expected = names(&file(&with("a")));
    for text in HOSTILE {
        let file = file(&with(text));
        assert_eq!(names(&file), expected, "{text:?}");
        let is_plain = |char: char| !char.is_control() && !matches!(char, '\u{2028}' | '\u{2029}');
        assert!(file.replace("\r\n", "").chars().all(is_plain), "{text:?}");
    }
}

#[test]
fn texts_are_escaped() {
    let file =
        file(&Happening { title: "a; b, c\\ d: \"e\"\r\nf\rg\n\nh".to_owned(), ..concert(tuesdays()) });
    assert_eq!(having(&file, "SUMMARY"), ["SUMMARY:a\\; b\\, c\\\\ d: \"e\"\\nf\\ng\\n\\nh"]);
}

#[test]
fn lists_are_separated_by_commas_that_are_not_escaped() {
    let tags = vec!["a,b".to_owned(), "Music".to_owned()];
    let file = file(&Happening { tags, ..concert(tuesdays()) });
    assert_eq!(having(&file, "CATEGORIES"), ["CATEGORIES:Music,a\\,b"]);
}

#[test]
fn an_address_has_no_character_that_none_can_have() {
    let page = "https://example.org/a b\"<é>?x=1;y=2,3#%41".to_owned();
    let file = file(&Happening { page, ..concert(tuesdays()) });
    assert_eq!(having(&file, "URL"), ["URL:https://example.org/a%20b%22%3C%C3%A9%3E?x=1;y=2,3#%41"]);
}

#[test]
fn lines_are_folded_between_characters() {
    for letter in ["a", "é", "ж", "漢", "👩‍👩‍👧", ";"] {
        for length in 60..90 {
            let title = letter.repeat(length);
            let file = file(&Happening { title: title.clone(), ..concert(tuesdays()) });
            assert!(file.split("\r\n").all(|line| line.len() <= 75));
            assert!(!file.replace("\r\n", "").contains(['\r', '\n']));
            let expected = format!("SUMMARY:{}", title.replace(';', "\\;"));
            assert_eq!(having(&file, "SUMMARY")[0], expected);
        }
    }
}

#[test]
fn a_place_off_the_earth_has_no_point() {
    for (latitude, longitude) in [(f64::NAN, 0.0), (91.0, 0.0), (0.0, f64::INFINITY), (0.0, 180.1)] {
        let place = Place { latitude: Some(latitude), longitude: Some(longitude), ..Place::default() };
        let file = file(&Happening { place: Some(place), ..concert(tuesdays()) });
        assert!(having(&file, "GEO").is_empty());
    }
    assert_eq!(having(&file(&concert(tuesdays())), "GEO"), ["GEO:52.521900;13.413200"]);
}
