//! Documents and results in short.

use shared::search::engine::{
    Document, Index, Occurrence, Page, Point, Query, Schema, TermFilter, TextField,
};

pub static SCHEMA: Schema = Schema::new(
    &[
        TextField { name: "title", weight: 8 },
        TextField { name: "tags", weight: 4 },
        TextField { name: "names", weight: 3 },
        TextField { name: "description", weight: 1 },
    ],
    &["category", "city", "status", "tag"],
);

pub const DAY: i64 = 86_400;

/// Midnight of 2026-10-01 in UTC.
pub const OCTOBER: i64 = 1_790_812_800;

pub fn document(id: &str) -> Document {
    Document { id: id.to_owned(), version: 1, ..Document::default() }
}

pub fn with_text(id: &str, field: &str, text: &str) -> Document {
    let texts = [(field.to_owned(), text.to_owned())].into();
    Document { texts, ..document(id) }
}

pub fn terms(terms: &[(&str, &[&str])]) -> std::collections::BTreeMap<String, Vec<String>> {
    let owned = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
    terms.iter().map(|(field, terms)| ((*field).to_owned(), owned(terms))).collect()
}

/// Conditions of a query on terms.
pub fn filters(filters: &[(&str, &[&str])]) -> Vec<TermFilter> {
    let owned = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
    filters
        .iter()
        .map(|(field, terms)| TermFilter { field: (*field).to_owned(), terms: owned(terms) })
        .collect()
}

pub fn at(id: &str, latitude: f64, longitude: f64) -> Document {
    Document { point: Some(Point { latitude, longitude }), ..document(id) }
}

/// An occurrence of two hours on a day of October 2026, at an hour in UTC.
pub fn on(day: i64, hour: i64) -> Occurrence {
    let start = OCTOBER + (day - 1) * DAY + hour * 3600;
    let key = format!("2026-10-{day:02}");
    Occurrence { start, end: start + 7200, key, ..Occurrence::default() }
}

pub fn index(documents: &[Document]) -> Index {
    let mut index = Index::new(&SCHEMA);
    for document in documents {
        index.upsert(document);
    }
    index
}

/// A query of all documents.
pub fn all() -> Query {
    Query { limit: 1000, ..Query::default() }
}

pub fn ids(page: &Page) -> Vec<&str> {
    page.hits.iter().map(|hit| hit.id.as_str()).collect()
}

/// Ids and keys of occurrences.
pub fn dates(page: &Page) -> Vec<(&str, &str)> {
    page.hits
        .iter()
        .map(|hit| (hit.id.as_str(), hit.occurrence.as_ref().map_or("", |it| it.key.as_str())))
        .collect()
}

/// Ids of the documents that fit a query, in their order.
pub fn found(index: &Index, query: &Query) -> Vec<String> {
    let mut found: Vec<String> = index.search(query).hits.into_iter().map(|hit| hit.id).collect();
    found.sort_unstable();
    found
}

/// The text fields and their weights.
pub const SCHEMA_TEXTS: &[(&str, u32)] = &[("title", 8), ("tags", 4), ("names", 3), ("description", 1)];
