//! Model of the index: a map of documents, and queries that filter and sort all of them.

use std::collections::{BTreeMap, BTreeSet};

use shared::search::{
    analysis,
    engine::{
        AmountFilter, Collapse, Counts, Document, Occurrence, Page, Point, Position, Query, Sort, TermFilter,
    },
};

use super::helpers::SCHEMA_TEXTS;

/// The range of time of a document; `None` if nothing of it fits.
fn range(document: &Document, query: &Query) -> Option<(i64, i64)> {
    let Some(ranges) = &query.ranges else {
        return Some((query.from.unwrap_or(i64::MIN), query.to.unwrap_or(i64::MAX)));
    };
    let terms = document.terms.get(&ranges.field)?;
    ranges.by_term.iter().filter(|(term, _)| terms.contains(term)).map(|(_, range)| *range).next_back()
}

#[derive(Debug, Clone, Default)]
pub struct Model {
    pub documents: BTreeMap<String, Document>,
    removed: BTreeMap<String, u64>,
}

/// A result: value, term, id, key, occurrence, score, metres.
#[derive(Debug, Clone)]
pub struct Expected {
    pub value: i64,
    pub term: String,
    pub id: String,
    pub occurrence: Option<Occurrence>,
    pub score: u32,
    pub metres: Option<f64>,
}

impl Expected {
    fn key(&self) -> &str {
        self.occurrence.as_ref().map_or("", |it| it.key.as_str())
    }
}

impl Model {
    pub fn upsert(&mut self, document: &Document) {
        let known = self.documents.get(&document.id).map(|it| it.version);
        let least = known.max(self.removed.get(&document.id).copied());
        if least.is_none_or(|least| least < document.version) {
            self.documents.insert(document.id.clone(), document.clone());
            self.removed.remove(&document.id);
        }
    }

    pub fn remove(&mut self, id: &str, version: u64) {
        if self.documents.get(id).is_some_and(|it| it.version > version) {
            return;
        }
        self.documents.remove(id);
        let removed = self.removed.entry(id.to_owned()).or_default();
        *removed = version.max(*removed);
    }

    pub fn remove_past(&mut self, time: i64) {
        self.documents
            .retain(|_, it| it.occurrences.is_empty() || it.occurrences.iter().any(|it| it.end > time));
    }

    /// All results of a query in order.
    pub fn results(&self, query: &Query) -> Vec<Expected> {
        let mut results: Vec<Expected> = Vec::new();
        for document in self.documents.values() {
            let Some(score) = score(document, &query.text) else { continue };
            let metres = query.near.and_then(|near| Some(near.point.metres_to(rounded(document.point?))));
            if !fits(document, query, metres) {
                continue;
            }
            let of = |occurrence: Option<Occurrence>| {
                let value = value(document, query.sort, occurrence.as_ref(), score, metres);
                let term = term(document, query.sort).unwrap_or_default().to_owned();
                Expected { value, term, id: document.id.clone(), occurrence, score, metres }
            };
            let range = range(document, query);
            let mut fitting: Vec<Occurrence> = document
                .occurrences
                .iter()
                .filter(|it| {
                    let in_time =
                        range.is_some_and(|(from, to)| it.start < to && it.end.max(it.start + 1) > from);
                    let starts = query.starts_from.is_none_or(|from| it.start >= from);
                    in_time && starts && terms_fit(document, Some(it), query)
                })
                .cloned()
                .collect();
            fitting.sort_by(|one, other| (one.start, &one.key).cmp(&(other.start, &other.key)));
            if document.occurrences.is_empty() {
                let any_time = query.from.is_none() && query.to.is_none() && query.ranges.is_none();
                if any_time && query.starts_from.is_none() && terms_fit(document, None, query) {
                    results.push(of(None));
                }
            } else if query.collapse == Collapse::Document {
                results.extend(fitting.into_iter().take(1).map(|it| of(Some(it))));
            } else {
                results.extend(fitting.into_iter().map(|it| of(Some(it))));
            }
        }
        results.sort_by(|one, other| {
            let of = |it: &Expected| (it.value, it.term.clone(), it.id.clone(), it.key().to_owned());
            of(one).cmp(&of(other))
        });
        results
    }

    /// Compares a page with the model's.
    pub fn compare(&self, query: &Query, page: &Page) {
        let results = self.results(query);
        assert_eq!(page.total, results.len(), "{query:?}");
        let after = |it: &&Expected| {
            query.after.as_ref().is_none_or(|Position { value, term, id, key }| {
                (it.value, it.term.as_str(), it.id.as_str(), it.key())
                    > (*value, term.as_str(), id.as_str(), key.as_str())
            })
        };
        let rest: Vec<_> = results.iter().filter(after).collect();
        let first: Vec<_> = rest.iter().take(query.limit).collect();
        assert_eq!(page.hits.len(), first.len(), "{query:?}");
        for (hit, expected) in page.hits.iter().zip(&first) {
            let document = &self.documents[&expected.id];
            assert_eq!(
                (&hit.id, hit.version, &hit.card),
                (&expected.id, document.version, &document.card),
                "{query:?}"
            );
            assert_eq!((&hit.occurrence, hit.score), (&expected.occurrence, expected.score), "{query:?}");
            let near = hit.metres.zip(expected.metres).is_none_or(|(one, other)| (one - other).abs() < 1e-3);
            assert!(near && hit.metres.is_some() == expected.metres.is_some(), "{hit:?} {expected:?}");
        }
        let next = (rest.len() > first.len() && !first.is_empty()).then(|| first[first.len() - 1]);
        let next = next.map(|it| Position {
            value: it.value,
            term: it.term.clone(),
            id: it.id.clone(),
            key: it.key().to_owned(),
        });
        assert_eq!(page.next, next, "{query:?}");
        assert_eq!(page.facets, self.counts(query, &results), "{query:?}");
    }

    fn counts(&self, query: &Query, results: &[Expected]) -> Counts {
        let facets = &query.facets;
        let classes = facets.amounts.as_ref();
        let mut counts = Counts {
            terms: facets.terms.iter().map(|field| (field.clone(), BTreeMap::new())).collect(),
            periods: vec![0; facets.periods.len().saturating_sub(1)],
            amounts: vec![0; classes.map_or(0, |it| it.bounds.len())],
            free: 0,
        };
        // With one result a document, all fitting occurrences give its classes.
        let by_occurrence = Query { collapse: Collapse::Occurrence, ..query.clone() };
        let all = self.results(&by_occurrence);
        let mut groups: BTreeMap<(String, String), Vec<&Expected>> = BTreeMap::new();
        for result in &all {
            let key = if query.collapse == Collapse::Document { "" } else { result.key() };
            groups.entry((result.id.clone(), key.to_owned())).or_default().push(result);
        }
        assert_eq!(groups.len(), results.len());
        for ((id, _), group) in groups {
            let document = &self.documents[&id];
            for (field, counts) in &mut counts.terms {
                let terms: BTreeSet<&String> =
                    group.iter().flat_map(|it| effective(document, it.occurrence.as_ref(), field)).collect();
                let counted_as = |term: &String| {
                    let others = facets.counted_as.get(field).and_then(|of_field| of_field.get(term));
                    others.cloned().unwrap_or_else(|| vec![term.clone()])
                };
                for term in terms.into_iter().flat_map(counted_as).collect::<BTreeSet<_>>() {
                    *counts.entry(term).or_default() += 1;
                }
            }
            for (period, count) in counts.periods.iter_mut().enumerate() {
                let own = facets.periods_by.as_ref().and_then(|it| {
                    let terms = document.terms.get(&it.field)?;
                    it.by_term
                        .iter()
                        .filter(|(term, _)| terms.contains(term))
                        .map(|(_, times)| times)
                        .next_back()
                });
                let periods = own.unwrap_or(&facets.periods);
                let range = periods[period]..periods[period + 1];
                let mut starts = group.iter().filter_map(|it| it.occurrence.as_ref()).map(|it| it.start);
                *count += usize::from(starts.any(|start| range.contains(&start)));
            }
            let Some(classes) = classes else { continue };
            counts.free += usize::from(document.free);
            for (class, count) in counts.amounts.iter_mut().enumerate() {
                let filter = AmountFilter::Range {
                    currency: classes.currency.clone(),
                    low: Some(classes.bounds[class]),
                    high: classes.bounds.get(class + 1).map(|end| end - 1),
                };
                *count += usize::from(amount_fits(document, &filter));
            }
        }
        counts
    }
}

/// The point as documents have it.
fn rounded(point: Point) -> Point {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Point { latitude: round(point.latitude), longitude: round(point.longitude) }
}

fn fits(document: &Document, query: &Query, metres: Option<f64>) -> bool {
    let near = query.near.and_then(|near| near.metres);
    near.is_none_or(|most| metres.is_some_and(|metres| metres <= most))
        && query
            .bounds
            .is_none_or(|bounds| document.point.is_some_and(|point| bounds.contains(rounded(point))))
        && query.amount.as_ref().is_none_or(|filter| amount_fits(document, filter))
}

fn amount_fits(document: &Document, filter: &AmountFilter) -> bool {
    let AmountFilter::Range { currency, low, high } = filter else { return document.free };
    let mut ranges = Vec::new();
    ranges.extend(document.free.then_some((0, 0)));
    ranges.extend(document.amount.iter().filter(|it| it.currency == *currency).map(|it| (it.low, it.high)));
    ranges.iter().any(|(least, most)| *most >= low.unwrap_or(i64::MIN) && *least <= high.unwrap_or(i64::MAX))
}

fn effective<'a>(document: &'a Document, occurrence: Option<&'a Occurrence>, field: &str) -> &'a [String] {
    let own = occurrence.and_then(|it| it.terms.get(field)).filter(|own| !own.is_empty());
    own.or_else(|| document.terms.get(field)).map(Vec::as_slice).unwrap_or_default()
}

fn terms_fit(document: &Document, occurrence: Option<&Occurrence>, query: &Query) -> bool {
    let any = |wanted: &TermFilter| {
        effective(document, occurrence, &wanted.field).iter().any(|term| wanted.terms.contains(term))
    };
    query.terms.iter().all(any)
}

/// The score of a document; `None` if it lacks a word. The model's words have no hyphens.
fn score(document: &Document, text: &str) -> Option<u32> {
    let mut words: Vec<String> = Vec::new();
    for word in analysis::words(text) {
        words.push(word.form);
    }
    let open = !text.ends_with(' ');
    let mut score = 0;
    let mut in_title = !words.is_empty();
    for (place, word) in words.iter().enumerate() {
        let prefix = open && place + 1 == words.len();
        let mut matches = false;
        let mut title = false;
        for (name, weight) in SCHEMA_TEXTS {
            let (mut any, mut exact) = (false, false);
            let text = document.texts.get(*name).map(String::as_str).unwrap_or_default();
            for form in analysis::words(text) {
                exact |= form.form == *word;
                any |=
                    form.form == *word || prefix && form.form.starts_with(word) || related(&form.form, word);
            }
            score += u32::from(any) * 2 * weight + u32::from(exact) * weight;
            matches |= any;
            title |= any && *name == "title";
        }
        if !matches {
            return None;
        }
        in_title &= title;
    }
    Some(score + if in_title { 4 * 8 } else { 0 })
}

fn related(one: &str, other: &str) -> bool {
    let keys = |form: &str| {
        let mut keys = BTreeSet::new();
        for key in analysis::keys(form) {
            let key: &str = key.as_ref();
            keys.insert(key.to_owned());
        }
        keys
    };
    !keys(one).is_disjoint(&keys(other))
}

#[expect(clippy::cast_possible_truncation, reason = "a distance on the globe, and eight bytes")]
fn value(
    document: &Document,
    sort: Sort,
    occurrence: Option<&Occurrence>,
    score: u32,
    metres: Option<f64>,
) -> i64 {
    match sort {
        Sort::Start => occurrence.map_or(i64::MAX, |it| it.start),
        Sort::Relevance => -i64::from(score),
        Sort::Distance => metres.map_or(i64::MAX, |metres| (metres * 1000.0).round() as i64),
        Sort::Amount => lowest(document).unwrap_or(i64::MAX),
        Sort::AmountDescending => lowest(document).map_or(i64::MAX, |lowest| -lowest),
        Sort::Newest => -document.created_at,
        Sort::Term(_) => term(document, sort).map_or(i64::MAX, |term| {
            let bytes = term.bytes().chain(std::iter::repeat(0)).take(8);
            let number = bytes.fold(0_i128, |number, byte| number * 256 + i128::from(byte));
            (number - (1 << 63)) as i64
        }),
    }
}

fn lowest(document: &Document) -> Option<i64> {
    let lowest = document.amount.as_ref().map(|it| it.low);
    lowest.into_iter().chain(document.free.then_some(0)).min()
}

/// The term of an order by terms.
fn term(document: &Document, sort: Sort) -> Option<&str> {
    let Sort::Term(field) = sort else { return None };
    document.terms.get(field)?.iter().min().map(String::as_str)
}
