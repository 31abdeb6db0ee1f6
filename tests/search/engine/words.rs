//! Words of queries.

use shared::search::engine::Query;

use super::helpers::{all, found, index, with_text};

fn texts() -> shared::search::engine::Index {
    index(&[
        with_text("a", "title", "Jazz concerts"),
        with_text("b", "description", "a concert of jazz and tango"),
        with_text("c", "names", "Concertina"),
        with_text("d", "title", "master-class"),
        with_text("e", "title", "masterclass"),
        with_text("f", "title", "a master of the class"),
        with_text("unknown", "mood", "jazz"),
    ])
}

fn search(text: &str) -> Vec<String> {
    found(&texts(), &Query { text: text.to_owned(), ..all() })
}

#[test]
fn a_document_has_all_words_in_any_field_and_form() {
    assert_eq!(search("jazz concert "), ["a", "b"]);
    assert_eq!(search("CONCERTS, jazz! "), ["a", "b"]);
    assert_eq!(search("jazz tango concert "), ["b"]);
    assert!(search("jazz opera ").is_empty());
}

#[test]
fn the_last_word_may_be_a_beginning() {
    assert_eq!(search("concert"), ["a", "b", "c"]);
    assert_eq!(search("concert "), ["a", "b"]);
    assert_eq!(search("jazz con"), ["a", "b"]);
    assert!(search("con jazz").is_empty());
}

#[test]
fn a_compound_is_found_in_parts_and_in_one_piece() {
    assert_eq!(search("master-class "), ["d", "e", "f"]);
    assert_eq!(search("masterclass "), ["d", "e"]);
    assert_eq!(search("master class "), ["d", "f"]);
    assert_eq!(search("master-cla"), ["d", "e", "f"]);
}

#[test]
fn a_text_without_words_is_no_condition() {
    assert_eq!(search("").len(), 7);
    assert_eq!(search(" -- !").len(), 7);
}

#[test]
fn words_after_the_16th_do_not_count() {
    let words = "jazz ".repeat(16) + "opera ";
    assert_eq!(search(&words), ["a", "b"]);
    assert!(search(&"x".repeat(1_000_000)).is_empty());
}
