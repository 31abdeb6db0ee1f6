//! Counts of results by terms, periods and amounts.

use std::collections::BTreeMap;

use super::{
    Collapse, Counts, Facets, Schema, fitting::Fitting, rollup::Rollup, segment::Segment, strings::ordinal,
    terms::with_field, times::seconds,
};

/// Counts of a query while its segments are passed over.
#[derive(Debug)]
pub(super) struct Counter<'a> {
    facets: &'a Facets,
    /// Numbers of the fields whose terms count as themselves.
    fields: Vec<(u8, &'a str)>,
    rollups: Vec<Rollup<'a>>,
    collapse: Collapse,
    counts: Counts,
    /// Counts by the terms of the segment.
    terms: Vec<u32>,
    periods: PeriodBounds,
    /// Place in the segment of the currency of the classes of amounts.
    currency: Option<u32>,
    /// Terms of a result, while they are gathered.
    gathered: Vec<u32>,
}

/// Starts of the periods, as occurrences have their times.
#[derive(Debug)]
struct PeriodBounds {
    usual: Vec<u32>,
    /// Starts for documents with a term, given with its field in front.
    by_term: Vec<(String, Vec<u32>)>,
    /// Of each document of the segment, the place in `by_term`.
    of_documents: Vec<Option<usize>>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(schema: &Schema, facets: &'a Facets, collapse: Collapse) -> Self {
        let names = facets.terms.iter().map(String::as_str);
        let known = names.filter_map(|name| Some((schema.term_field(name)?, name)));
        let (mut fields, mut rollups) = (Vec::new(), Vec::new());
        for (field, name) in known {
            match facets.counted_as.get(name) {
                Some(counted_as) => rollups.push(Rollup::new(field, name, counted_as)),
                None => fields.push((field, name)),
            }
        }
        let counts = Counts {
            terms: fields.iter().map(|(_, name)| ((*name).to_owned(), BTreeMap::new())).collect(),
            periods: vec![0; facets.periods.len().saturating_sub(1)],
            amounts: vec![0; facets.amounts.as_ref().map_or(0, |classes| classes.bounds.len())],
            free: 0,
        };
        Self {
            facets,
            fields,
            rollups,
            collapse,
            counts,
            terms: Vec::new(),
            periods: PeriodBounds::new(schema, facets),
            currency: None,
            gathered: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, segment: &Segment) {
        self.terms.clear();
        if !self.fields.is_empty() {
            self.terms.resize(segment.terms.len(), 0);
        }
        self.rollups.iter_mut().for_each(|rollup| rollup.begin(segment));
        self.periods.begin(segment);
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
        if !self.fields.is_empty() || !self.rollups.is_empty() {
            if segment.terms.mixed().has(document) {
                self.add_own_terms(segment, document, fitting);
            } else {
                self.add_terms(segment.terms.of_document(document), results);
            }
        }
        if !self.counts.periods.is_empty() {
            self.add_periods(segment, document, fitting);
        }
        if let Some(classes) = &self.facets.amounts {
            self.add_amounts(segment, document, &classes.bounds, results);
        }
    }

    /// Counts results, each of which has these terms once.
    #[inline]
    fn add_terms(&mut self, terms: &[u32], results: usize) {
        self.rollups.iter_mut().for_each(|rollup| rollup.add(terms, results));
        let results = ordinal(results);
        for term in terms {
            if let Some(count) = self.terms.get_mut(*term as usize) {
                *count += results;
            }
        }
    }

    fn add_own_terms(&mut self, segment: &Segment, document: u32, fitting: &Fitting) {
        let mut gathered = std::mem::take(&mut self.gathered);
        let gather = |occurrence: Option<u32>, gathered: &mut Vec<u32>| match occurrence {
            Some(occurrence) => segment.terms.add_terms(document, occurrence, gathered),
            None => gathered.extend_from_slice(segment.terms.of_document(document)),
        };
        gathered.clear();
        if self.collapse == Collapse::Document {
            fitting.each(|occurrence| gather(occurrence, &mut gathered));
            gathered.sort_unstable();
            gathered.dedup();
            self.add_terms(&gathered, 1);
        } else {
            fitting.each(|occurrence| {
                gathered.clear();
                gather(occurrence, &mut gathered);
                self.add_terms(&gathered, 1);
            });
        }
        self.gathered = gathered;
    }

    fn add_periods(&mut self, segment: &Segment, document: u32, fitting: &Fitting) {
        let bounds = self.periods.of(document);
        let counts = &mut self.counts.periods;
        // Adds results to the period before a bound.
        let mut add = |after: usize, results: usize| {
            if let Some(count) = after.checked_sub(1).and_then(|period| counts.get_mut(period)) {
                *count += if self.collapse == Collapse::Document { 1 } else { results };
            }
        };
        match fitting {
            Fitting::Undated => {}
            Fitting::Range(range) => {
                // Most documents: slices make this loop five times as fast as calls do.
                let mut spans = segment.times.spans(range.clone());
                let mut after = 0;
                while let Some(first) = spans.first() {
                    while bounds.get(after).is_some_and(|bound| *bound <= first.start) {
                        after += 1;
                    }
                    let Some(end) = bounds.get(after) else { return };
                    let results = spans.iter().position(|span| span.start >= *end).unwrap_or(spans.len());
                    add(after, results);
                    spans = spans.get(results..).unwrap_or_default();
                }
            }
            Fitting::List(list) => {
                let spans = list.iter().filter_map(|occurrence| segment.times.span(*occurrence));
                let mut counted = None;
                for span in spans {
                    let after = bounds.partition_point(|bound| *bound <= span.start);
                    if self.collapse == Collapse::Occurrence || counted != Some(after) {
                        add(after, 1);
                    }
                    counted = Some(after);
                }
            }
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

    pub(super) fn finish(mut self) -> Counts {
        for rollup in self.rollups {
            self.counts.terms.insert(rollup.name.to_owned(), rollup.finish());
        }
        self.counts
    }
}

impl PeriodBounds {
    fn new(schema: &Schema, facets: &Facets) -> Self {
        let in_seconds = |times: &Vec<i64>| times.iter().map(|time| seconds(*time)).collect();
        let by_term = facets.periods_by.iter().filter_map(|periods| {
            let field = schema.term_field(&periods.field)?;
            let by_term = periods.by_term.iter();
            Some(by_term.map(move |(term, times)| (with_field(field, term), in_seconds(times))))
        });
        Self {
            usual: in_seconds(&facets.periods),
            by_term: by_term.flatten().collect(),
            of_documents: Vec::new(),
        }
    }

    fn begin(&mut self, segment: &Segment) {
        self.of_documents.clear();
        if self.by_term.is_empty() {
            return;
        }
        self.of_documents.resize(segment.len(), None);
        for (place, (term, _)) in self.by_term.iter().enumerate() {
            let documents = segment.terms.find(term).map(|term| segment.terms.documents(term));
            for document in documents.into_iter().flatten() {
                if let Some(of_document) = self.of_documents.get_mut(*document as usize) {
                    *of_document = Some(place);
                }
            }
        }
    }

    #[inline]
    fn of(&self, document: u32) -> &[u32] {
        let place = self.of_documents.get(document as usize).copied().flatten();
        place.and_then(|place| self.by_term.get(place)).map_or(&self.usual, |(_, bounds)| bounds)
    }
}
