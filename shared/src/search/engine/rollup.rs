//! Counts of the terms of a field, each of which counts as others too.

use std::collections::{BTreeMap, HashMap};

use super::{segment::Segment, strings::ordinal};

/// Counts of a field.
#[derive(Debug)]
pub(super) struct Rollup<'a> {
    field: u8,
    pub(super) name: &'a str,
    counted_as: &'a BTreeMap<String, Vec<String>>,
    /// Places of the counts by term.
    places: HashMap<String, u32>,
    counts: Vec<usize>,
    /// The first term of the field in the segment, and the places in the counts of it and of
    /// each following one.
    first: u32,
    of_terms: Vec<Vec<u32>>,
    /// Places of a result, while they are gathered.
    gathered: Vec<u32>,
}

impl<'a> Rollup<'a> {
    pub(super) fn new(field: u8, name: &'a str, counted_as: &'a BTreeMap<String, Vec<String>>) -> Self {
        Self {
            field,
            name,
            counted_as,
            places: HashMap::new(),
            counts: Vec::new(),
            first: 0,
            of_terms: Vec::new(),
            gathered: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, segment: &Segment) {
        let terms = segment.terms.of_field(self.field);
        self.first = terms.start;
        self.of_terms = terms.map(|term| self.places_of(segment.terms.text(term))).collect();
    }

    fn places_of(&mut self, term: &str) -> Vec<u32> {
        let counted_as = self.counted_as;
        match counted_as.get(term) {
            Some(terms) => terms.iter().map(|term| self.place(term)).collect(),
            None => vec![self.place(term)],
        }
    }

    fn place(&mut self, term: &str) -> u32 {
        if let Some(place) = self.places.get(term) {
            return *place;
        }
        let place = ordinal(self.counts.len());
        self.counts.push(0);
        self.places.insert(term.to_owned(), place);
        place
    }

    /// Counts results with these terms, each once.
    #[inline]
    pub(super) fn add(&mut self, terms: &[u32], results: usize) {
        self.gathered.clear();
        for term in terms {
            let own = term.checked_sub(self.first).and_then(|place| self.of_terms.get(place as usize));
            self.gathered.extend(own.into_iter().flatten());
        }
        self.gathered.sort_unstable();
        self.gathered.dedup();
        for place in &self.gathered {
            if let Some(count) = self.counts.get_mut(*place as usize) {
                *count += results;
            }
        }
    }

    /// The counts by term.
    pub(super) fn finish(self) -> BTreeMap<String, usize> {
        let counted = self.places.into_iter().map(|(term, place)| {
            let count = self.counts.get(place as usize).copied().unwrap_or_default();
            (term, count)
        });
        counted.filter(|(_, count)| *count > 0).collect()
    }
}
