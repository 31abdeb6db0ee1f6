//! Results.

use std::collections::BTreeMap;

use super::{Occurrence, Position};

/// Page of results.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Results in order.
    pub hits: Vec<Hit>,
    /// Position of the last result, if more follow.
    pub next: Option<Position>,
    /// Number of results on all pages.
    pub total: usize,
    /// Counts over all pages.
    pub facets: Counts,
}

/// Result.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Id of the document.
    pub id: String,
    /// Version of the document.
    pub version: u64,
    /// Card of the document.
    pub card: String,
    /// Fitting occurrence; the first one if there is one result for each document.
    pub occurrence: Option<Occurrence>,
    /// Score for the words of the query; 0 without words.
    pub score: u32,
    /// Distance in metres from the point of the query.
    pub metres: Option<f64>,
}

/// Counts of results.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of each requested field, the number of results with each term.
    pub terms: BTreeMap<String, BTreeMap<String, usize>>,
    /// Of each period, the number of results.
    pub periods: Vec<usize>,
    /// Of each class of amounts, the number of results.
    pub amounts: Vec<usize>,
    /// Number of results that are free of charge. Counted with classes of amounts.
    pub free: usize,
}
