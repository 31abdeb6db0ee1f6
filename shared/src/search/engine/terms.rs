//! Terms of the documents of a segment, and terms of occurrences of their own.

use std::{collections::BTreeMap, ops::Range};

use super::{
    RestoreError, Schema,
    bits::Bits,
    codec::{Input, Output},
    document::Occurrence,
    plan::Plan,
    strings::{Lists, Strings, each_merged, ordinal},
    times::Times,
};

/// Terms, each with its field in front.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    /// Sorted. The first byte is the number of the field.
    words: Strings,
    /// Of each document, its terms in ascending order.
    of_documents: Lists,
    /// Of each term, its documents in ascending order.
    documents: Lists,
    /// Occurrences with terms of their own, in ascending order.
    occurrences: Vec<u32>,
    /// The terms of each of these.
    own: Lists,
    /// Documents with such occurrences.
    mixed: Bits,
}

/// The form in which a term is kept.
pub(super) fn with_field(field: u8, term: &str) -> String {
    let mut text = String::with_capacity(term.len() + 1);
    text.push(char::from(field));
    text.push_str(term);
    text
}

/// The terms of the fields that the schema has.
fn known(terms: &BTreeMap<String, Vec<String>>, schema: &Schema) -> Vec<String> {
    let fields = terms.iter().filter_map(|(field, terms)| Some((schema.term_field(field)?, terms)));
    fields.flat_map(|(field, terms)| terms.iter().map(move |term| with_field(field, term))).collect()
}

impl Terms {
    /// Takes the terms of one document and of its occurrences.
    pub(super) fn of(
        document: &BTreeMap<String, Vec<String>>,
        occurrences: &[&Occurrence],
        schema: &Schema,
        times: &Times,
    ) -> Self {
        let document = known(document, schema);
        let own = (0_u32..).zip(occurrences).map(|(place, it)| (place, known(&it.terms, schema)));
        let own: Vec<_> = own.filter(|(_, terms)| !terms.is_empty()).collect();
        let mut all: Vec<&String> = document.iter().chain(own.iter().flat_map(|(_, terms)| terms)).collect();
        all.sort_unstable();
        all.dedup();
        let mut terms = Self::default();
        for term in &all {
            terms.words.push(term);
        }
        let places = |of: &[String]| {
            let mut places: Vec<u32> = of.iter().filter_map(|term| terms.words.find(term)).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let lists: Vec<_> = own.iter().map(|(_, terms)| places(terms)).collect();
        let list = places(&document);
        terms.of_documents.push(list);
        terms.occurrences = own.iter().map(|(place, _)| *place).collect();
        for list in lists {
            terms.own.push(list);
        }
        terms.finished(times)
    }

    /// Derives what follows from the lists.
    fn finished(self, times: &Times) -> Self {
        let documents = self.of_documents.inverted(self.words.len());
        let mut mixed = Bits::none(self.of_documents.len());
        self.occurrences.iter().for_each(|occurrence| mixed.add(times.document_of(*occurrence)));
        Self { documents, mixed, ..self }
    }

    pub(super) fn merged(parts: &[(&Self, &Times)], plan: &Plan, times: &Times) -> Self {
        let kept = || {
            let parts =
                plan.order.iter().filter_map(|(part, place)| Some((*part, parts.get(*part)?, *place)));
            (0_u32..)
                .zip(parts)
                .map(|(new, (part, (terms, times), place))| (new, part, *terms, *times, place))
        };
        // Terms that nothing has are dropped.
        let mut used: Vec<Bits> = parts.iter().map(|(terms, _)| Bits::none(terms.words.len())).collect();
        for (_, part, terms, times, place) in kept() {
            let Some(used) = used.get_mut(part) else { continue };
            terms.of_document(place).iter().for_each(|term| used.add(*term));
            let own = terms.own_in(times.range(place));
            own.flat_map(|(_, terms)| terms).for_each(|term| used.add(*term));
        }
        let mut merged = Self::default();
        let mut places: Vec<Vec<u32>> = parts.iter().map(|(terms, _)| vec![0; terms.words.len()]).collect();
        each_merged(parts.iter().map(|(terms, _)| &terms.words), |term, found| {
            if !found.iter().any(|(part, place)| used.get(*part).is_some_and(|used| used.has(*place))) {
                return;
            }
            for (part, place) in found {
                if let Some(new) = places.get_mut(*part).and_then(|part| part.get_mut(*place as usize)) {
                    *new = ordinal(merged.words.len());
                }
            }
            merged.words.push(term);
        });
        let new = |part: usize, term: &u32| places.get(part)?.get(*term as usize).copied();
        for (document, part, of_part, times_of_part, place) in kept() {
            let terms = of_part.of_document(place);
            merged.of_documents.push(terms.iter().filter_map(|term| new(part, term)));
            let before = times_of_part.range(place);
            for (occurrence, terms) in of_part.own_in(before.clone()) {
                merged.occurrences.push(occurrence - before.start + times.range(document).start);
                merged.own.push(terms.iter().filter_map(|term| new(part, term)));
            }
        }
        merged.finished(times)
    }

    /// Takes the terms of a snapshot with other fields: `fields` has their new numbers.
    fn with_fields(self, fields: &[Option<u8>], times: &Times) -> Self {
        let mut order: Vec<(u32, String)> = Vec::new();
        for (place, term) in (0_u32..).zip(self.words.iter()) {
            let field = fields.get(usize::from(self.field(place))).copied().flatten();
            order.extend(field.map(|field| (place, with_field(field, term.get(1..).unwrap_or_default()))));
        }
        order.sort_unstable_by(|one, other| one.1.cmp(&other.1));
        let mut places = vec![None; self.words.len()];
        let mut renamed = Self::default();
        for (new, (before, term)) in (0_u32..).zip(&order) {
            if let Some(place) = places.get_mut(*before as usize) {
                *place = Some(new);
            }
            renamed.words.push(term);
        }
        let list = |terms: &[u32]| {
            let new = |term: &u32| places.get(*term as usize).copied().flatten();
            let mut terms: Vec<u32> = terms.iter().filter_map(new).collect();
            terms.sort_unstable();
            terms
        };
        self.of_documents.iter().for_each(|terms| renamed.of_documents.push(list(terms)));
        for (occurrence, terms) in self.occurrences.iter().zip(self.own.iter()) {
            let terms = list(terms);
            if !terms.is_empty() {
                renamed.occurrences.push(*occurrence);
                renamed.own.push(terms);
            }
        }
        renamed.finished(times)
    }

    pub(super) fn write(&self, output: &mut Output) {
        self.words.write_sorted(output);
        self.of_documents.write_ascending(output);
        output.length(self.occurrences.len());
        let mut next = 0;
        for occurrence in &self.occurrences {
            output.number(u64::from(occurrence - next));
            next = occurrence + 1;
        }
        self.own.write_ascending(output);
    }

    /// Reads what [`Self::write`] has written. `fields` has the numbers in this schema of the
    /// fields of the snapshot, if they differ.
    pub(super) fn read(
        input: &mut Input,
        documents: usize,
        times: &Times,
        fields: Option<&[Option<u8>]>,
    ) -> Result<Self, RestoreError> {
        let words = Strings::read_sorted(input)?;
        if words.iter().any(|term| term.bytes().next().is_none_or(|field| !field.is_ascii())) {
            return Err(RestoreError::Corrupt);
        }
        let of_documents = Lists::read_ascending(input, documents, words.len())?;
        let count = input.length()?;
        let mut occurrences = Vec::with_capacity(count);
        let mut next = 0_u32;
        for _ in 0..count {
            let occurrence = input.small()?.checked_add(next).filter(|it| (*it as usize) < times.len());
            let occurrence = occurrence.ok_or(RestoreError::Corrupt)?;
            occurrences.push(occurrence);
            next = occurrence + 1;
        }
        let own = Lists::read_ascending(input, count, words.len())?;
        let terms = Self { words, of_documents, occurrences, own, ..Self::default() };
        Ok(match fields {
            Some(fields) => terms.with_fields(fields, times),
            None => terms.finished(times),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The number of the field of a term.
    #[inline]
    pub(super) fn field(&self, term: u32) -> u8 {
        self.words.get(term).bytes().next().unwrap_or_default()
    }

    /// The place of a term with its field in front.
    pub(super) fn find(&self, term: &str) -> Option<u32> {
        self.words.find(term)
    }

    /// The terms of a field: their places.
    pub(super) fn of_field(&self, field: u8) -> Range<u32> {
        self.words.with_prefix(&with_field(field, ""))
    }

    /// A term without its field.
    pub(super) fn text(&self, term: u32) -> &str {
        self.words.get(term).get(1..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn of_document(&self, document: u32) -> &[u32] {
        self.of_documents.get(document)
    }

    /// The first term of a document in a field.
    #[inline]
    pub(super) fn first_of_document(&self, document: u32, field: u8) -> Option<&str> {
        let terms = self.of_document(document);
        // Terms of a document ascend, and their fields do too.
        let first = terms.get(terms.partition_point(|term| self.field(*term) < field))?;
        (self.field(*first) == field).then(|| self.text(*first))
    }

    /// The documents with a term.
    pub(super) fn documents(&self, term: u32) -> &[u32] {
        self.documents.get(term)
    }

    /// The documents that have occurrences with terms of their own.
    pub(super) fn mixed(&self) -> &Bits {
        &self.mixed
    }

    /// The terms that an occurrence has of its own.
    pub(super) fn own(&self, occurrence: u32) -> &[u32] {
        let place = self.occurrences.binary_search(&occurrence);
        place.map(|place| self.own.get(ordinal(place))).unwrap_or_default()
    }

    /// The terms that occurrences of a range have of their own.
    fn own_in(&self, range: Range<u32>) -> impl Iterator<Item = (u32, &[u32])> {
        let first = self.occurrences.partition_point(|it| *it < range.start);
        let places = (ordinal(first)..).zip(self.occurrences.iter().skip(first));
        let places = places.take_while(move |(_, occurrence)| **occurrence < range.end);
        places.map(|(place, occurrence)| (*occurrence, self.own.get(place)))
    }

    /// True if an occurrence or its document fits terms of a field: its own terms of the field
    /// count, and those of its document if it has none.
    pub(super) fn occurrence_fits(
        &self,
        occurrence: u32,
        field: u8,
        wanted: &[u32],
        document_fits: bool,
    ) -> bool {
        let mut own = self.own(occurrence).iter().filter(|term| self.field(**term) == field).peekable();
        if own.peek().is_none() { document_fits } else { own.any(|term| wanted.contains(term)) }
    }

    /// Adds the terms that an occurrence has: its own, and those of its document in other fields.
    pub(super) fn add_terms(&self, document: u32, occurrence: u32, to: &mut Vec<u32>) {
        let own = self.own(occurrence);
        to.extend_from_slice(own);
        let replaced = |term: &u32| own.iter().any(|own| self.field(*own) == self.field(*term));
        to.extend(self.of_document(document).iter().filter(|term| !replaced(term)));
    }
}
