//! Orders and scores.

use shared::search::engine::{Amount, Document, Index, Near, Point, Query, Sort};

use super::helpers::{all, at, document, ids, index, on, terms, with_text};

fn sorted(index: &Index, sort: Sort) -> Vec<String> {
    let near = Some(Near { point: Point { latitude: 0.0, longitude: 0.0 }, metres: None });
    ids(&index.search(&Query { sort, near, ..all() })).into_iter().map(str::to_owned).collect()
}

#[test]
fn documents_without_a_value_come_last() {
    let amount = |low| Some(Amount { currency: "EUR".to_owned(), low, high: low });
    let index = index(&[
        Document { occurrences: vec![on(9, 1)], created_at: 5, ..document("a") },
        Document {
            occurrences: vec![on(3, 1), on(20, 1)],
            amount: amount(700),
            created_at: 9,
            ..document("b")
        },
        Document { amount: amount(300), created_at: 9, ..at("c", 0.0, 2.0) },
        Document { free: true, created_at: 1, ..at("d", 0.0, -1.0) },
    ]);
    assert_eq!(sorted(&index, Sort::Start), ["b", "a", "c", "d"]);
    assert_eq!(sorted(&index, Sort::Newest), ["b", "c", "a", "d"]);
    assert_eq!(sorted(&index, Sort::Amount), ["d", "c", "b", "a"]);
    assert_eq!(sorted(&index, Sort::AmountDescending), ["b", "c", "d", "a"]);
    assert_eq!(sorted(&index, Sort::Distance), ["d", "c", "a", "b"]);
    assert_eq!(sorted(&index, Sort::Relevance), ["a", "b", "c", "d"]);
}

#[test]
fn terms_are_compared_as_a_whole() {
    let named = |id: &str, names: &[&str]| Document { terms: terms(&[("city", names)]), ..document(id) };
    let index = index(&[
        document("none"),
        named("a", &["нижний тагил"]),
        named("b", &["нижний новгород"]),
        named("c", &["aachen"]),
        named("d", &[""]),
        named("e", &["ижевск", "нижний"]),
        named("f", &["aachen"]),
    ]);
    let expected = ["d", "c", "f", "e", "b", "a", "none"];
    assert_eq!(sorted(&index, Sort::Term("city")), expected);
    assert_eq!(sorted(&index, Sort::Term("mood")), ["a", "b", "c", "d", "e", "f", "none"]);
    let mut query = Query { sort: Sort::Term("city"), limit: 1, ..Query::default() };
    for id in expected {
        let page = index.search(&query);
        assert_eq!(ids(&page), [id]);
        query.after = page.next;
    }
    assert_eq!(query.after, None);
}

#[test]
fn titles_and_exact_forms_score_higher() {
    let both = |id: &str, title: &str, description: &str| {
        let mut document = with_text(id, "title", title);
        document.texts.insert("description".to_owned(), description.to_owned());
        document
    };
    let index = index(&[
        both("a", "market", "jazz"),
        both("b", "jazz market", ""),
        both("c", "jazz markets", ""),
        both("d", "", "jazz market"),
        with_text("e", "tags", "jazz market"),
        both("f", "jazz", ""),
    ]);
    let page = index.search(&Query { text: "jazz market ".to_owned(), sort: Sort::Relevance, ..all() });
    let scores: Vec<_> = page.hits.iter().map(|hit| (hit.id.as_str(), hit.score)).collect();
    assert_eq!(scores, [("b", 80), ("c", 72), ("a", 27), ("e", 24), ("d", 6)]);
}

#[test]
fn scores_do_not_depend_on_other_documents() {
    let jazz = with_text("a", "description", "jazz");
    let query = Query { text: "jazz".to_owned(), ..all() };
    let alone = index(std::slice::from_ref(&jazz)).search(&query).hits;
    let others: Vec<_> = (0..50).map(|number| with_text(&format!("z{number}"), "title", "jazz")).collect();
    let among = index(&[&others[..], &[jazz]].concat()).search(&query).hits;
    assert_eq!(among.first(), alone.first());
}
