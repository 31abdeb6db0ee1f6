//! Pages while documents come and go.

use std::collections::BTreeMap;

use fastrand::Rng;
use shared::search::engine::{Collapse, Document, Index, Position, Query, Sort};

use super::{
    helpers::{OCTOBER, SCHEMA},
    random,
};

/// Documents whose ids no change touches.
fn stable(rng: &mut Rng, number: u32) -> Document {
    Document { id: format!("stable_{number:03}"), ..random::document(rng, 1) }
}

fn walk(sort: Sort, collapse: Collapse, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let mut index = Index::new(&SCHEMA);
    let mut model = super::model::Model::default();
    for number in 0..120 {
        let document = stable(&mut rng, number);
        index.upsert(&document);
        model.upsert(&document);
        random::change(&mut rng, &mut index, &mut model, 100, 1);
    }
    let near = random::query(&mut rng).near;
    let text = if rng.bool() { "a".to_owned() } else { String::new() };
    let mut query = Query { sort, collapse, near, text, limit: 7, ..Query::default() };
    let of = |id: &str, key: &str| (id.to_owned(), key.to_owned());
    let mut expected: BTreeMap<(String, String), usize> = BTreeMap::new();
    for result in model.results(&query).into_iter().filter(|it| it.id.starts_with("stable")) {
        let key = result.occurrence.map(|it| it.key).unwrap_or_default();
        expected.insert(of(&result.id, &key), 1);
    }
    let mut met: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut version = 100;
    loop {
        let page = index.search(&query);
        for hit in page.hits.iter().filter(|hit| hit.id.starts_with("stable")) {
            let key = hit.occurrence.as_ref().map_or("", |it| it.key.as_str());
            *met.entry(of(&hit.id, key)).or_default() += 1;
        }
        let Some(next) = page.next else { break };
        // A position travels as text.
        let text = serde_json::to_string(&next).expect("written");
        query.after = Some(serde_json::from_str::<Position>(&text).expect("read"));
        for _ in 0..10 {
            version += 1;
            random::change(&mut rng, &mut index, &mut model, 100, version);
        }
        if rng.u8(..4) == 0 {
            index = Index::restore(&SCHEMA, &index.write()).expect("restored");
        }
        index.remove("nothing", 1, OCTOBER);
    }
    assert_eq!(met, expected, "{sort:?} {collapse:?} {seed}");
}

#[test]
fn pages_neither_lose_nor_double_what_does_not_change() {
    for (seed, sort) in (0..).zip(random::SORTS.repeat(3)) {
        walk(sort, Collapse::Document, seed);
        walk(sort, Collapse::Occurrence, seed);
    }
}

#[test]
fn a_position_of_a_removed_document_stays_valid() {
    let mut index = super::helpers::index(&["a", "b", "c", "d"].map(super::helpers::document));
    let mut query = Query { limit: 2, ..Query::default() };
    query.after = index.search(&query).next;
    index.remove("b", 1, OCTOBER);
    let page = index.search(&query);
    assert_eq!((super::helpers::ids(&page), &page.next, page.total), (vec!["c", "d"], &None, 3));
    query.limit = 0;
    let none = index.search(&query);
    assert_eq!((none.hits.len(), none.next, none.total), (0, None, 3));
}
