//! Searches: a pass over the documents of each segment that may fit.

use std::collections::BTreeMap;

use super::{
    Collapse, Hit, Occurrence, Page, Position, Query, Schema, Sort,
    counts::Counter,
    filters::Filters,
    fitting::Fitting,
    geo::{Vector, metres_of},
    segment::Segment,
    slot::Slot,
    top::{Candidate, Top},
    words::Words,
};

/// Returns a page of the results of a query.
pub(super) fn search(schema: &Schema, slots: &[Slot], query: &Query) -> Page {
    let mut counter = Counter::new(schema, &query.facets, query.collapse);
    let Some(filters) = Filters::new(schema, query) else {
        return Page { facets: counter.finish(), ..Page::default() };
    };
    let words = Words::of(&query.text, &query.synonyms, schema);
    let field = match query.sort {
        Sort::Term(field) => schema.term_field(field),
        _ => None,
    };
    let search = Search { query, field, point: query.near.map(|near| Vector::of(near.point)) };
    // One more than the page has: it tells that another page follows.
    let mut top = Top::new(slots, query.after.as_ref(), query.limit.saturating_add(1), field);
    let mut total = 0;
    let mut scores = Vec::with_capacity(slots.len());
    for (number, slot) in slots.iter().enumerate() {
        let segment = &*slot.segment;
        let mut found = (*slot.live).clone();
        let mut filters = filters.on(segment, &mut found);
        scores.push(if words.is_empty() {
            Vec::new()
        } else {
            words.keep(&segment.texts, segment.len(), &mut found)
        });
        let scores = scores.last().map(Vec::as_slice).unwrap_or_default();
        counter.begin(segment);
        for document in found.iter() {
            let Some(fitting) = filters.fitting(document) else { continue };
            counter.add(segment, document, &fitting);
            total += search.offer(segment, scores, (number, document), &fitting, &mut top);
        }
        counter.end(segment);
    }
    let mut first = top.sorted();
    let more = first.len() > query.limit;
    first.truncate(query.limit);
    let hits: Vec<Hit> = first
        .iter()
        .filter_map(|candidate| {
            let segment = &*slots.get(candidate.slot)?.segment;
            let score = scores.get(candidate.slot).and_then(|scores| scores.get(candidate.document as usize));
            Some(search.hit(schema, segment, score.copied().unwrap_or_default(), candidate))
        })
        .collect();
    let next = first.last().zip(hits.last()).filter(|_| more).map(|(last, hit)| Position {
        value: last.value,
        term: top.term(last).to_owned(),
        id: hit.id.clone(),
        key: hit.occurrence.as_ref().map(|it| it.key.clone()).unwrap_or_default(),
    });
    Page { hits, next, total, facets: counter.finish() }
}

/// Query, and what does not depend on a segment.
struct Search<'a> {
    query: &'a Query,
    /// Field of the terms that the order compares.
    field: Option<u8>,
    point: Option<Vector>,
}

impl Search<'_> {
    /// Offers the results of a document. Returns their number.
    #[inline]
    fn offer(
        &self,
        segment: &Segment,
        scores: &[u32],
        (slot, document): (usize, u32),
        fitting: &Fitting,
        top: &mut Top,
    ) -> usize {
        let by_start = self.query.sort == Sort::Start;
        let value = if by_start { i64::MAX } else { self.value(segment, scores, document) };
        let candidate = |occurrence: Option<u32>| {
            let span = occurrence.filter(|_| by_start).and_then(|occurrence| segment.times.span(occurrence));
            let value = span.map_or(value, |span| i64::from(span.start));
            Candidate { value, slot, document, occurrence }
        };
        if self.query.collapse == Collapse::Document {
            top.offer(candidate(fitting.first()));
            return 1;
        }
        // Occurrences are in the order of their starts: none is before the first.
        if !top.is_beyond(candidate(fitting.first()).value) {
            fitting.each(|occurrence| top.offer(candidate(occurrence)));
        }
        fitting.count()
    }

    /// The value of a document in an order that does not depend on its occurrences.
    fn value(&self, segment: &Segment, scores: &[u32], document: u32) -> i64 {
        let at = document as usize;
        match self.query.sort {
            Sort::Start => i64::MAX,
            Sort::Relevance => -i64::from(scores.get(at).copied().unwrap_or_default()),
            Sort::Distance => self.metres(segment, document).map_or(i64::MAX, millimetres),
            Sort::Amount => lowest(segment, document).unwrap_or(i64::MAX),
            Sort::AmountDescending => lowest(segment, document).map_or(i64::MAX, i64::saturating_neg),
            Sort::Term(_) => self.term(segment, document).map_or(i64::MAX, first_bytes),
            Sort::Newest => segment.columns.created.get(at).map_or(i64::MAX, |at| at.saturating_neg()),
        }
    }

    fn term<'s>(&self, segment: &'s Segment, document: u32) -> Option<&'s str> {
        segment.terms.first_of_document(document, self.field?)
    }

    fn metres(&self, segment: &Segment, document: u32) -> Option<f64> {
        let vector = segment.columns.vectors.get(document as usize).copied().flatten()?;
        self.point.map(|point| metres_of(point.square_to(vector)))
    }

    fn hit(&self, schema: &Schema, segment: &Segment, score: u32, candidate: &Candidate) -> Hit {
        let document = candidate.document;
        Hit {
            id: segment.id(document).to_owned(),
            version: segment.version(document),
            card: segment.columns.cards.get(document).to_owned(),
            occurrence: candidate.occurrence.and_then(|place| occurrence(schema, segment, place)),
            score,
            metres: self.metres(segment, document),
        }
    }
}

fn occurrence(schema: &Schema, segment: &Segment, place: u32) -> Option<Occurrence> {
    let span = segment.times.span(place)?;
    let mut terms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for term in segment.terms.own(place) {
        let field = schema.terms.get(usize::from(segment.terms.field(*term)))?;
        terms.entry((*field).to_owned()).or_default().push(segment.terms.text(*term).to_owned());
    }
    let key = segment.times.keys.text(place).into_owned();
    Some(Occurrence { start: span.start.into(), end: span.end.into(), key, terms })
}

/// The lowest amount of a document, which is 0 if it is free of charge.
fn lowest(segment: &Segment, document: u32) -> Option<i64> {
    let amount = segment.columns.amount(document).map(|amount| amount.low);
    if segment.columns.free.has(document) { Some(amount.map_or(0, |low| low.min(0))) } else { amount }
}

/// The first bytes of a term as a number in the same order: most terms differ in them.
fn first_bytes(term: &str) -> i64 {
    let mut first = [0; 8];
    first.iter_mut().zip(term.bytes()).for_each(|(byte, of_term)| *byte = of_term);
    i64::from_be_bytes(first) ^ i64::MIN
}

/// Distances are compared to the millimetre: a position has a whole number.
#[expect(clippy::cast_possible_truncation, reason = "half the globe is 2e10 millimetres")]
fn millimetres(metres: f64) -> i64 {
    (metres * 1e3).round() as i64
}
