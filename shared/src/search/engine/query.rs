//! Queries.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Bounds, Point, Synonyms};

/// Search for documents that fit all given conditions.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Words that a document has, in any form. The last one may be the beginning of a word,
    /// unless a space follows. Words after the 16th do not count.
    pub text: String,
    /// Synonyms of the words.
    pub synonyms: Arc<Synonyms>,
    /// Conditions on terms, all of which the document or its occurrence fits.
    pub terms: Vec<TermFilter>,
    /// Start of the range of time that an occurrence overlaps, in Unix seconds.
    pub from: Option<i64>,
    /// End of the range of time, exclusive.
    pub to: Option<i64>,
    /// Earliest start of an occurrence, in Unix seconds.
    pub starts_from: Option<i64>,
    /// Ranges of time that differ between documents, instead of `from` and `to`.
    pub ranges: Option<Ranges>,
    /// Distance from a point.
    pub near: Option<Near>,
    /// Box that has the point of the document.
    pub bounds: Option<Bounds>,
    /// Amount.
    pub amount: Option<AmountFilter>,
    /// Number of results of a document.
    pub collapse: Collapse,
    /// Order of the results.
    pub sort: Sort,
    /// Position after which the page begins.
    pub after: Option<Position>,
    /// Maximum number of results of the page.
    pub limit: usize,
    /// Counts over all pages.
    pub facets: Facets,
}

/// Condition on the terms of a field: it has one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermFilter {
    /// Field. Several conditions may have the same.
    pub field: String,
    /// Terms.
    pub terms: Vec<String>,
}

/// Ranges of time by a term of the document, such as a day in its time zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges {
    /// Field of the term.
    pub field: String,
    /// Start and end, exclusive, in Unix seconds. A document without one of these terms does
    /// not fit.
    pub by_term: BTreeMap<String, (i64, i64)>,
}

/// Distance from a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Point that distances are measured from.
    pub point: Point,
    /// Maximum distance in metres. Without it, documents without a point fit too.
    pub metres: Option<f64>,
}

/// Condition on the amount of a document. One that is free of charge has the amount 0 in every
/// currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountFilter {
    /// The document is free of charge.
    Free,
    /// The range of the document has an amount in this one.
    Range {
        /// Currency code.
        currency: String,
        /// Lowest amount, inclusive, in minor units.
        low: Option<i64>,
        /// Highest amount, inclusive, in minor units.
        high: Option<i64>,
    },
}

/// Number of results of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Collapse {
    /// One, with its first fitting occurrence.
    #[default]
    Document,
    /// One for each fitting occurrence.
    Occurrence,
}

/// Order of results. Equal ones are in the order of the id and of the key of the occurrence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By the start of the occurrence. Results without an occurrence come last.
    #[default]
    Start,
    /// By score, the highest first.
    Relevance,
    /// By the distance from [`Query::near`]. Documents without a point come last.
    Distance,
    /// By the lowest amount, in whatever currency. Documents without an amount come last.
    Amount,
    /// By the lowest amount, the highest first. Documents without an amount come last.
    AmountDescending,
    /// By creation time, the latest first.
    Newest,
    /// By the first term of a field, in the order of code points. Documents without one come
    /// last.
    Term(&'static str),
}

/// Position of a result in an order. It stays valid when documents come and go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Value that the order compares.
    pub value: i64,
    /// Term that [`Sort::Term`] compares beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub term: String,
    /// Id of the document.
    pub id: String,
    /// Key of the occurrence; empty without an occurrence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
}

/// Counts that a query asks for. Each result counts once in each class that it fits.
#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// Fields whose terms are counted.
    pub terms: Vec<String>,
    /// Of such fields, the terms that a term counts as, itself among them, such as a category and
    /// those above it. A result counts once in each. Other terms count as themselves.
    pub counted_as: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Starts of periods in ascending order, in Unix seconds, such as the months of a time zone. The
    /// last one ends the period before it. A result counts in each period in which a
    /// fitting occurrence starts.
    pub periods: Vec<i64>,
    /// The same periods for documents with a term, such as the months of their time zone.
    pub periods_by: Option<Periods>,
    /// Classes of amounts.
    pub amounts: Option<AmountClasses>,
}

/// Periods by a term of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Periods {
    /// Field of the term.
    pub field: String,
    /// As many starts as [`Facets::periods`] has, for documents with each term.
    pub by_term: BTreeMap<String, Vec<i64>>,
}

/// Classes of amounts in a currency. A result counts in each class that its range overlaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountClasses {
    /// Currency code.
    pub currency: String,
    /// Lowest amounts of the classes in ascending order. The last class has no upper end.
    pub bounds: Vec<i64>,
}
