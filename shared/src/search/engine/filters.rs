//! Conditions of a query on the documents of a segment.

use super::{
    AmountFilter, Query, Schema, TermFilter,
    bits::Bits,
    fitting::Fitting,
    geo::{Vector, square_of},
    segment::Segment,
    terms::with_field,
};

/// Conditions of a query, prepared for all segments.
#[derive(Debug)]
pub(super) struct Filters<'a> {
    query: &'a Query,
    /// Wanted terms of each condition, with the field in front.
    terms: Vec<(u8, Vec<String>)>,
    /// Point of the query, and the square of the greatest chord from it.
    circle: Option<(Vector, f64)>,
    /// Ranges of time by term, with the field in front.
    ranges: Option<Vec<(String, (i64, i64))>>,
}

/// Conditions of a query on the documents of one segment.
#[derive(Debug)]
pub(super) struct SegmentFilters<'a> {
    filters: &'a Filters<'a>,
    segment: &'a Segment,
    terms: Vec<Wanted>,
    /// Place of the currency of the query.
    currency: Option<u32>,
    /// Range of time of each document, if they differ.
    ranges: Option<Vec<(i64, i64)>>,
    /// Fitting occurrences of a document, while they are no range.
    list: Vec<u32>,
}

/// Wanted terms of a condition: their places, and the documents that have one of them.
#[derive(Debug)]
struct Wanted {
    field: u8,
    terms: Vec<u32>,
    documents: Bits,
}

impl<'a> Filters<'a> {
    /// Prepares the conditions; `None` if they name a field that the schema lacks, so that
    /// nothing fits.
    pub(super) fn new(schema: &Schema, query: &'a Query) -> Option<Self> {
        let terms = query.terms.iter().map(|TermFilter { field, terms }| {
            let field = schema.term_field(field)?;
            Some((field, terms.iter().map(|term| with_field(field, term)).collect()))
        });
        let circle = query.near.and_then(|near| Some((Vector::of(near.point), square_of(near.metres?))));
        let ranges = match &query.ranges {
            Some(ranges) => {
                let field = schema.term_field(&ranges.field)?;
                let by_term = ranges.by_term.iter();
                Some(by_term.map(|(term, range)| (with_field(field, term), *range)).collect())
            }
            None => None,
        };
        Some(Self { query, terms: terms.collect::<Option<_>>()?, circle, ranges })
    }

    /// Applies the conditions to a segment. Keeps the documents that may fit.
    pub(super) fn on(&'a self, segment: &'a Segment, found: &mut Bits) -> SegmentFilters<'a> {
        let terms = self.terms.iter().map(|(field, terms)| {
            let terms: Vec<u32> = terms.iter().filter_map(|term| segment.terms.find(term)).collect();
            let mut documents = Bits::none(segment.len());
            let having = terms.iter().flat_map(|term| segment.terms.documents(*term));
            having.for_each(|document| documents.add(*document));
            found.keep_either(&documents, segment.terms.mixed());
            Wanted { field: *field, terms, documents }
        });
        let terms = terms.collect();
        let currency = match &self.query.amount {
            Some(AmountFilter::Range { currency, .. }) => segment.columns.currencies.find(currency),
            Some(AmountFilter::Free) | None => None,
        };
        let ranges = self.ranges.as_deref().map(|ranges| ranges_of(segment, ranges));
        SegmentFilters { filters: self, segment, terms, currency, ranges, list: Vec::new() }
    }
}

/// Range of time that nothing overlaps.
const NEVER: (i64, i64) = (i64::MAX, i64::MIN);

/// The range of time of each document of a segment.
fn ranges_of(segment: &Segment, ranges: &[(String, (i64, i64))]) -> Vec<(i64, i64)> {
    let mut of_documents = vec![NEVER; segment.len()];
    for (term, range) in ranges {
        let documents = segment.terms.find(term).map(|term| segment.terms.documents(term));
        for document in documents.into_iter().flatten() {
            if let Some(of_document) = of_documents.get_mut(*document as usize) {
                *of_document = *range;
            }
        }
    }
    of_documents
}

impl SegmentFilters<'_> {
    /// The occurrences that fit, of a document that may fit.
    #[inline]
    pub(super) fn fitting(&mut self, document: u32) -> Option<Fitting<'_>> {
        let query = self.filters.query;
        if !self.place_fits(document) || !self.amount_fits(document) {
            return None;
        }
        let (from, to) = match &self.ranges {
            Some(ranges) => ranges.get(document as usize).copied().unwrap_or(NEVER),
            None => (query.from.unwrap_or(i64::MIN), query.to.unwrap_or(i64::MAX)),
        };
        let mixed = self.segment.terms.mixed().has(document);
        if self.segment.times.range(document).is_empty() {
            let any_time = query.from.is_none() && query.to.is_none() && self.ranges.is_none();
            return (any_time && query.starts_from.is_none()).then_some(Fitting::Undated);
        }
        let earliest = query.starts_from.unwrap_or(i64::MIN);
        if !mixed && let Some(range) = self.segment.times.overlapping(document, from, to) {
            let range = self.segment.times.starting(range, earliest);
            return (!range.is_empty()).then_some(Fitting::Range(range));
        }
        let mut list = std::mem::take(&mut self.list);
        list.clear();
        for occurrence in self.segment.times.range(document) {
            let span = self.segment.times.span(occurrence);
            let in_time =
                span.is_some_and(|span| span.overlaps(from, to) && i64::from(span.start) >= earliest);
            if in_time && (!mixed || self.terms_fit(document, occurrence)) {
                list.push(occurrence);
            }
        }
        self.list = list;
        (!self.list.is_empty()).then_some(Fitting::List(&self.list))
    }

    fn terms_fit(&self, document: u32, occurrence: u32) -> bool {
        self.terms.iter().all(|wanted| {
            let document_fits = wanted.documents.has(document);
            self.segment.terms.occurrence_fits(occurrence, wanted.field, &wanted.terms, document_fits)
        })
    }

    #[inline]
    fn place_fits(&self, document: u32) -> bool {
        let columns = &self.segment.columns;
        if let Some((centre, square)) = self.filters.circle {
            let vector = columns.vectors.get(document as usize).copied().flatten();
            if vector.is_none_or(|vector| vector.square_to(centre) > square) {
                return false;
            }
        }
        match self.filters.query.bounds {
            None => true,
            Some(bounds) => {
                let place = columns.places.get(document as usize).copied().flatten();
                place.is_some_and(|place| bounds.contains(place.point()))
            }
        }
    }

    #[inline]
    fn amount_fits(&self, document: u32) -> bool {
        let columns = &self.segment.columns;
        match &self.filters.query.amount {
            None => true,
            Some(AmountFilter::Free) => columns.free.has(document),
            Some(AmountFilter::Range { low, high, .. }) => {
                let overlaps = |least: i64, most: i64| {
                    low.is_none_or(|low| most >= low) && high.is_none_or(|high| least <= high)
                };
                let amount = columns.amount(document).filter(|it| self.currency == Some(it.currency));
                columns.free.has(document) && overlaps(0, 0)
                    || amount.is_some_and(|amount| overlaps(amount.low, amount.high))
            }
        }
    }
}
