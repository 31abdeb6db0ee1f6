//! Versions, removals and the past.

use shared::search::engine::{Document, Index};

use super::helpers::{DAY, OCTOBER, SCHEMA, all, document, found, index, on};

fn version(id: &str, version: u64) -> Document {
    Document { version, card: format!("{id} {version}"), ..document(id) }
}

fn versions(index: &Index) -> Vec<(String, u64)> {
    let mut versions: Vec<_> = index.versions().map(|(id, version)| (id.to_owned(), version)).collect();
    versions.sort_unstable();
    versions
}

#[test]
fn the_highest_version_stays() {
    let index = index(&[version("a", 2), version("a", 3), version("a", 1), version("a", 3)]);
    assert_eq!(versions(&index), [("a".to_owned(), 3)]);
    assert_eq!(index.search(&all()).hits[0].card, "a 3");
}

#[test]
fn a_removal_refuses_versions_up_to_its_own() {
    let mut index = index(&[version("a", 2), version("b", 5)]);
    index.remove("a", 3, OCTOBER);
    index.remove("b", 4, OCTOBER);
    index.upsert(&version("a", 2));
    index.upsert(&version("a", 3));
    assert_eq!(versions(&index), [("b".to_owned(), 5)]);
    index.upsert(&version("a", 4));
    assert_eq!(versions(&index), [("a".to_owned(), 4), ("b".to_owned(), 5)]);
}

#[test]
fn a_removal_may_come_first() {
    let mut index = Index::new(&SCHEMA);
    index.remove("a", 3, OCTOBER);
    let mut index = Index::restore(&SCHEMA, &index.write()).expect("restored");
    index.upsert(&version("a", 3));
    assert!(index.is_empty());
    index.upsert(&version("a", 4));
    assert_eq!(index.len(), 1);
}

#[test]
fn the_last_4096_removals_are_kept() {
    let mut index = Index::new(&SCHEMA);
    for number in 0..5000 {
        index.remove(&format!("{number:04}"), 1, OCTOBER + number);
    }
    for number in 0..5000 {
        index.upsert(&version(&format!("{number:04}"), 1));
    }
    assert_eq!(index.len(), 5000 - 4096);
    assert!(index.versions().all(|(id, _)| id < "0904"));
}

#[test]
fn the_past_is_removed_and_what_has_no_dates_stays() {
    let dated = |id: &str, days: &[i64]| Document {
        occurrences: days.iter().map(|day| on(*day, 20)).collect(),
        ..document(id)
    };
    let mut index = index(&[dated("a", &[1, 2]), dated("b", &[2, 9]), dated("c", &[3]), document("d")]);
    let end_of_day_2 = OCTOBER + DAY + 22 * 3600;
    assert_eq!(index.clone().remove_past(end_of_day_2 - 1), 0);
    assert_eq!(index.remove_past(end_of_day_2), 1);
    assert_eq!(found(&index, &all()), ["b", "c", "d"]);
    // Nothing refuses the document afterwards.
    index.upsert(&dated("a", &[1, 2, 30]));
    assert_eq!(index.len(), 4);
}

#[test]
fn a_clone_keeps_its_documents() {
    let mut changed = index(&[version("a", 1), version("b", 1)]);
    let before = changed.clone();
    changed.upsert(&version("a", 2));
    changed.remove("b", 1, OCTOBER);
    assert_eq!(versions(&before), [("a".to_owned(), 1), ("b".to_owned(), 1)]);
    assert_eq!(found(&before, &all()), ["a", "b"]);
    assert_eq!(versions(&changed), [("a".to_owned(), 2)]);
}

#[test]
fn documents_are_read_without_fields_of_later_releases() {
    let text =
        r#"{"id":"a","version":7,"created_at":0,"mood":"good","terms":{"city":["perm"],"mood":["good"]}}"#;
    let document: Document = serde_json::from_str(text).expect("a document");
    let mut query = all();
    query.terms = super::helpers::filters(&[("city", &["perm"])]);
    assert_eq!(found(&index(&[document]), &query), ["a"]);
}

#[test]
fn documents_beyond_the_bounds_are_kept_within_them() {
    let mut odd = document(&"x".repeat(3000));
    odd.occurrences = vec![
        super::helpers::on(5, 0),
        shared::search::engine::Occurrence {
            start: i64::MAX,
            end: i64::MIN,
            key: "🎷".repeat(900),
            ..on(1, 1)
        },
        shared::search::engine::Occurrence { start: i64::MIN, end: i64::MAX, key: String::new(), ..on(1, 1) },
    ];
    odd.created_at = i64::MIN;
    odd.version = u64::MAX;
    odd.point = Some(shared::search::engine::Point { latitude: f64::NAN, longitude: 1e300 });
    odd.amount =
        Some(shared::search::engine::Amount { currency: String::new(), low: i64::MAX, high: i64::MIN });
    odd.texts = [
        ("title".to_owned(), "é".repeat(100_000)),
        ("description".to_owned(), "\u{0}\u{301}-- -".to_owned()),
    ]
    .into();
    let index = index(&[odd, document("")]);
    let mut query = all();
    query.collapse = shared::search::engine::Collapse::Occurrence;
    let restored = Index::restore(&SCHEMA, &index.write()).expect("restored");
    assert_eq!(restored.search(&query), index.search(&query));
    assert_eq!(restored.search(&query).total, 4);
    assert_eq!(restored.write(), index.write());
}
