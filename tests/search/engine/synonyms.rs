//! Synonyms of words of a query.

use std::sync::Arc;

use shared::search::engine::{Index, Query, Sort, Synonyms};

use super::helpers::{all, found, ids, index, with_text};

fn texts() -> Index {
    index(&[
        with_text("phone", "title", "Mobile phones"),
        with_text("cell", "title", "Red smartphone"),
        with_text("mobile", "title", "A mobile for the cot"),
        with_text("apart", "description", "a phone that is not mobile"),
        with_text("sneakers", "title", "Белые кроссовки"),
        with_text("kedy", "title", "Белые кеды"),
    ])
}

fn synonyms() -> Arc<Synonyms> {
    let groups: [&[&str]; 3] =
        [&["mobile phone", "smartphone", "--"], &["кроссовки", "кеды", "sneaker"], &["cot", "crib"]];
    Arc::new(Synonyms::new(groups.map(|group| group.iter().copied())))
}

fn query(text: &str) -> Query {
    Query { text: text.to_owned(), synonyms: synonyms(), ..all() }
}

fn search(text: &str) -> Vec<String> {
    found(&texts(), &query(text))
}

#[test]
fn a_synonym_finds_the_others_of_its_group_in_any_form() {
    assert_eq!(search("кед "), ["kedy", "sneakers"]);
    assert_eq!(search("белый кроссовок "), ["kedy", "sneakers"]);
    assert_eq!(search("sneakers "), ["kedy", "sneakers"]);
    assert!(search("красные кеды ").is_empty());
}

#[test]
fn several_words_are_a_synonym_together_and_not_alone() {
    assert_eq!(search("mobile phones "), ["apart", "cell", "phone"]);
    assert_eq!(search("red mobile phone "), ["cell"]);
    assert_eq!(search("smartphones "), ["apart", "cell", "phone"]);
    assert_eq!(search("mobile "), ["apart", "mobile", "phone"]);
    assert_eq!(search("mobile crib "), ["mobile"]);
}

#[test]
fn the_last_word_may_still_be_a_beginning() {
    assert_eq!(search("smartph"), ["cell"]);
    assert_eq!(search("mobile phone"), ["apart", "cell", "phone"]);
}

#[test]
fn matches_of_the_word_come_before_those_of_its_synonyms() {
    let page = texts().search(&Query { sort: Sort::Relevance, ..query("smartphone ") });
    assert_eq!(ids(&page), ["cell", "phone", "apart"]);
    let page = texts().search(&Query { sort: Sort::Relevance, ..query("mobile phones ") });
    assert_eq!(ids(&page), ["phone", "cell", "apart"]);
}

#[test]
fn without_groups_nothing_changes() {
    let none = Arc::new(Synonyms::new(std::iter::empty::<[&str; 0]>()));
    assert_eq!(found(&texts(), &Query { synonyms: none, ..query("кеды ") }), ["kedy"]);
}
