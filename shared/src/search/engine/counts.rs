//! Counts of results by terms, periods and amounts.

use super::{
    Collapse, Counts, Facets, Schema, fitting::Fitting, segment::Segment, strings::ordinal, times::seconds,
};

/// Counts of a query while its segments are passed over.
#[derive(Debug)]
pub(super) struct Counter<'a> {
    facets: &'a Facets,
    /// Numbers of the fields that are counted.
    fields: Vec<(u8, &'a str)>,
    collapse: Collapse,
    counts: Counts,
    /// Counts by the terms of the segment.
    terms: Vec<u32>,
    /// Starts of the periods, as occurrences have their times.
    bounds: Vec<u32>,
    /// Place in the segment of the currency of the classes of amounts.
    currency: Option<u32>,
    /// Terms of a result, while they are gathered.
    gathered: Vec<u32>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(schema: &Schema, facets: &'a Facets, collapse: Collapse) -> Self {
        let names = facets.terms.iter().map(String::as_str);
        let fields: Vec<_> = names.filter_map(|name| Some((schema.term_field(name)?, name))).collect();
        let counts = Counts {
            terms: fields
                .iter()
                .map(|(_, name)| ((*name).to_owned(), std::collections::BTreeMap::new()))
                .collect(),
            periods: vec![0; facets.periods.len().saturating_sub(1)],
            amounts: vec![0; facets.amounts.as_ref().map_or(0, |classes| classes.bounds.len())],
            free: 0,
        };
        let bounds = facets.periods.iter().map(|time| seconds(*time)).collect();
        Self {
            facets,
            fields,
            collapse,
            counts,
            terms: Vec::new(),
            bounds,
            currency: None,
            gathered: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, segment: &Segment) {
        self.terms.clear();
        if !self.fields.is_empty() {
            self.terms.resize(segment.terms.len(), 0);
        }
        let classes = self.facets.amounts.as_ref();
        self.currency = classes.and_then(|classes| segment.columns.currencies.find(&classes.currency));
    }

    /// Counts the results of a document.
    #[inline]
    pub(super) fn add(&mut self, segment: &Segment, document: u32, fitting: &Fitting) {
        let results = match self.collapse {
            Collapse::Document => 1,
            Collapse::Occurrence => fitting.count(),
        };
        if !self.fields.is_empty() {
            if segment.terms.mixed().has(document) {
                self.add_own_terms(segment, document, fitting);
            } else {
                self.add_terms(segment.terms.of_document(document), results);
            }
        }
        if !self.counts.periods.is_empty() {
            self.add_periods(segment, fitting);
        }
        if let Some(classes) = &self.facets.amounts {
            self.add_amounts(segment, document, &classes.bounds, results);
        }
    }

    #[inline]
    fn add_terms(&mut self, terms: &[u32], results: usize) {
        let results = ordinal(results);
        for term in terms {
            if let Some(count) = self.terms.get_mut(*term as usize) {
                *count += results;
            }
        }
    }

    fn add_own_terms(&mut self, segment: &Segment, document: u32, fitting: &Fitting) {
        let mut gathered = std::mem::take(&mut self.gathered);
        gathered.clear();
        fitting.each(|occurrence| match occurrence {
            Some(occurrence) => segment.terms.add_terms(document, occurrence, &mut gathered),
            None => gathered.extend_from_slice(segment.terms.of_document(document)),
        });
        if self.collapse == Collapse::Document {
            gathered.sort_unstable();
            gathered.dedup();
        }
        self.add_terms(&gathered, 1);
        self.gathered = gathered;
    }

    fn add_periods(&mut self, segment: &Segment, fitting: &Fitting) {
        match fitting {
            Fitting::Undated => {}
            Fitting::Range(range) => {
                // Most documents: slices make this loop five times as fast as calls do.
                let mut spans = segment.times.spans(range.clone());
                let mut after = 0;
                while let Some(first) = spans.first() {
                    while self.bounds.get(after).is_some_and(|bound| *bound <= first.start) {
                        after += 1;
                    }
                    let Some(end) = self.bounds.get(after) else { return };
                    let results = spans.iter().position(|span| span.start >= *end).unwrap_or(spans.len());
                    self.add_to_period(after, results);
                    spans = spans.get(results..).unwrap_or_default();
                }
            }
            Fitting::List(list) => {
                let spans = list.iter().filter_map(|occurrence| segment.times.span(*occurrence));
                let mut counted = None;
                for span in spans {
                    let after = self.bounds.partition_point(|bound| *bound <= span.start);
                    if self.collapse == Collapse::Occurrence || counted != Some(after) {
                        self.add_to_period(after, 1);
                    }
                    counted = Some(after);
                }
            }
        }
    }

    /// Adds results to the period before a bound.
    fn add_to_period(&mut self, after: usize, results: usize) {
        let count = after.checked_sub(1).and_then(|period| self.counts.periods.get_mut(period));
        if let Some(count) = count {
            *count += if self.collapse == Collapse::Document { 1 } else { results };
        }
    }

    fn add_amounts(&mut self, segment: &Segment, document: u32, bounds: &[i64], results: usize) {
        let free = segment.columns.free.has(document);
        self.counts.free += if free { results } else { 0 };
        let amount = segment.columns.amount(document).filter(|it| self.currency == Some(it.currency));
        // Few bounds: to compare all is faster than to search.
        let after = |amount: i64| bounds.iter().map(|bound| usize::from(*bound <= amount)).sum::<usize>();
        let classes = |least: i64, most: i64| after(least).saturating_sub(1)..after(most);
        let of_amount = amount.map_or(0..0, |it| classes(it.low, it.high));
        let of_free = if free { classes(0, 0) } else { 0..0 };
        for (class, count) in self.counts.amounts.iter_mut().enumerate() {
            *count += results * usize::from(of_amount.contains(&class) | of_free.contains(&class));
        }
    }

    /// Adds the counts of the segment to those of the query.
    pub(super) fn end(&mut self, segment: &Segment) {
        for (field, name) in &self.fields {
            let Some(counts) = self.counts.terms.get_mut(*name) else { continue };
            for term in segment.terms.of_field(*field) {
                let count =
                    self.terms.get(term as usize).filter(|count| **count > 0).map(|count| *count as usize);
                if let Some(count) = count {
                    let text = segment.terms.text(term);
                    match counts.get_mut(text) {
                        Some(sum) => *sum += count,
                        None => {
                            counts.insert(text.to_owned(), count);
                        }
                    }
                }
            }
        }
    }

    pub(super) fn finish(self) -> Counts {
        self.counts
    }
}
