//! Counts.

use shared::search::engine::{Amount, AmountClasses, Collapse, Document, Facets, Occurrence, Query};

use super::helpers::{DAY, OCTOBER, all, document, index, on, terms};

fn counted(documents: &[Document], collapse: Collapse) -> shared::search::engine::Counts {
    let facets = Facets {
        terms: vec!["status".to_owned(), "city".to_owned(), "mood".to_owned()],
        periods: vec![OCTOBER, OCTOBER + 10 * DAY, OCTOBER + 20 * DAY],
        amounts: Some(AmountClasses { currency: "EUR".to_owned(), bounds: vec![0, 1000, 2000] }),
        ..Facets::default()
    };
    // The first page has one result: counts are over all.
    index(documents).search(&Query { facets, collapse, limit: 1, ..all() }).facets
}

fn documents() -> [Document; 3] {
    let cancelled = Occurrence { terms: terms(&[("status", &["cancelled"])]), ..on(3, 10) };
    let amount = |low, high| Some(Amount { currency: "EUR".to_owned(), low, high });
    [
        Document {
            terms: terms(&[("status", &["scheduled"]), ("city", &["perm"])]),
            occurrences: vec![on(2, 10), cancelled, on(12, 10), on(25, 10)],
            amount: amount(900, 1000),
            ..document("a")
        },
        Document {
            terms: terms(&[("status", &["scheduled"])]),
            occurrences: vec![on(4, 10), on(5, 10)],
            free: true,
            ..document("b")
        },
        Document {
            terms: terms(&[("city", &["perm", "omsk"])]),
            amount: amount(2500, 9000),
            ..document("c")
        },
    ]
}

fn pairs(counts: &std::collections::BTreeMap<String, usize>) -> Vec<(&str, usize)> {
    counts.iter().map(|(term, count)| (term.as_str(), *count)).collect()
}

#[test]
fn documents_count_once_in_each_class() {
    let counts = counted(&documents(), Collapse::Document);
    assert_eq!(pairs(&counts.terms["status"]), [("cancelled", 1), ("scheduled", 2)]);
    assert_eq!(pairs(&counts.terms["city"]), [("omsk", 1), ("perm", 2)]);
    assert!(!counts.terms.contains_key("mood"));
    assert_eq!((counts.periods, counts.amounts, counts.free), (vec![2, 1], vec![2, 1, 1], 1));
}

#[test]
fn occurrences_count_one_by_one() {
    let counts = counted(&documents(), Collapse::Occurrence);
    assert_eq!(pairs(&counts.terms["status"]), [("cancelled", 1), ("scheduled", 5)]);
    assert_eq!(pairs(&counts.terms["city"]), [("omsk", 1), ("perm", 5)]);
    assert_eq!((counts.periods, counts.amounts, counts.free), (vec![4, 1], vec![6, 4, 1], 2));
}
