//! Known words for unknown ones.

use super::helpers::{OCTOBER, document, index, with_text};
use shared::search::engine::Index;

fn texts() -> Index {
    let lamps = (0..3).map(|number| with_text(&format!("lamp{number}"), "title", "Desk lamp"));
    let others = [
        with_text("lamb", "description", "lamb's wool"),
        with_text("tea", "title", "Зелёный чайник"),
        with_text("sku", "title", "A55"),
    ];
    index(&lamps.chain(others).collect::<Vec<_>>())
}

#[track_caller]
fn suggests(text: &str, expected: Option<&str>) {
    assert_eq!(texts().suggest(text).as_deref(), expected, "{text}");
}

#[test]
fn a_known_word_is_one_edit_away() {
    suggests("lamo ", Some("lamp"));
    suggests("lmap ", Some("lamp"));
    suggests("lampp ", Some("lamp"));
    suggests("lap ", Some("lamp"));
    suggests("зеленый чайнек ", Some("зеленый чайник"));
    suggests("desk lamm ", Some("desk lamp"));
    suggests("LAMB DESC ", Some("lamb desk"));
}

#[test]
fn nothing_is_suggested_without_a_neighbour_or_for_known_words() {
    suggests("lxmx ", None);
    suggests("lamps ", None);
    suggests("lam", None);
    suggests("la ", None);
    suggests("a54 ", None);
    suggests("lamo zzzz ", None);
    suggests("", None);
    suggests(&"ы".repeat(10_000), None);
}

#[test]
fn words_of_removed_documents_are_unknown() {
    let mut index = index(&[with_text("a", "title", "teapot"), document("b"), document("c"), document("d")]);
    assert_eq!(index.suggest("teapoz ").as_deref(), Some("teapot"));
    index.remove("a", 1, OCTOBER);
    assert_eq!(index.suggest("teapoz "), None);
}
