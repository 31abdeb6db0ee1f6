//! First results of an order.

use std::cmp::Ordering;

use super::{Position, slot::Slot};

/// Result that may be on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) value: i64,
    pub(super) slot: usize,
    pub(super) document: u32,
    pub(super) occurrence: Option<u32>,
}

/// The first results after a position.
#[derive(Debug)]
pub(super) struct Top<'a> {
    slots: &'a [Slot],
    after: Option<&'a Position>,
    limit: usize,
    /// Field whose terms are compared after the values.
    field: Option<u8>,
    kept: Vec<Candidate>,
    /// The last of the first `limit` results, as far as they are known.
    last: Option<Candidate>,
}

impl<'a> Top<'a> {
    pub(super) fn new(
        slots: &'a [Slot],
        after: Option<&'a Position>,
        limit: usize,
        field: Option<u8>,
    ) -> Self {
        Self { slots, after, limit, field, kept: Vec::new(), last: None }
    }

    /// True if no result with this value can be among the first.
    #[inline]
    pub(super) fn is_beyond(&self, value: i64) -> bool {
        self.last.is_some_and(|last| value > last.value)
    }

    #[inline]
    pub(super) fn offer(&mut self, candidate: Candidate) {
        if self.is_beyond(candidate.value) || self.after.is_some_and(|after| candidate.value < after.value) {
            return;
        }
        self.offer_equal(candidate);
    }

    fn offer_equal(&mut self, candidate: Candidate) {
        let is_before = |after: &Position| {
            let key = self.key(&candidate);
            (candidate.value, self.term(&candidate), self.id(&candidate), key.as_ref())
                <= (after.value, after.term.as_str(), after.id.as_str(), after.key.as_str())
        };
        if self.after.is_some_and(is_before)
            || self.last.is_some_and(|last| self.compare(&candidate, &last) == Ordering::Greater)
        {
            return;
        }
        self.kept.push(candidate);
        // Selection is linear: it is made when the list has doubled.
        if self.kept.len() >= self.limit.saturating_mul(2).max(64) {
            self.select();
        }
    }

    fn select(&mut self) {
        let Some(last) = self.limit.checked_sub(1).filter(|last| *last < self.kept.len()) else {
            if self.limit == 0 {
                self.kept.clear();
            }
            return;
        };
        let mut kept = std::mem::take(&mut self.kept);
        let (_, last, _) = kept.select_nth_unstable_by(last, |one, other| self.compare(one, other));
        self.last = Some(*last);
        kept.truncate(self.limit);
        self.kept = kept;
    }

    /// The first results in order.
    pub(super) fn sorted(&mut self) -> Vec<Candidate> {
        self.select();
        let mut kept = std::mem::take(&mut self.kept);
        kept.sort_unstable_by(|one, other| self.compare(one, other));
        kept
    }

    fn compare(&self, one: &Candidate, other: &Candidate) -> Ordering {
        let ids = || {
            if one.slot == other.slot {
                // Documents of a segment are in the order of their ids.
                one.document.cmp(&other.document)
            } else {
                self.id(one).cmp(self.id(other))
            }
        };
        let terms = || self.term(one).cmp(self.term(other));
        let keys = || self.key(one).cmp(&self.key(other));
        one.value.cmp(&other.value).then_with(terms).then_with(ids).then_with(keys)
    }

    /// The term that is compared; empty if there is none.
    pub(super) fn term(&self, candidate: &Candidate) -> &'a str {
        let slot = self.field.and_then(|field| Some((field, self.slots.get(candidate.slot)?)));
        let term =
            slot.and_then(|(field, slot)| slot.segment.terms.first_of_document(candidate.document, field));
        term.unwrap_or_default()
    }

    fn id(&self, candidate: &Candidate) -> &str {
        self.slots.get(candidate.slot).map(|slot| slot.segment.id(candidate.document)).unwrap_or_default()
    }

    fn key(&self, candidate: &Candidate) -> std::borrow::Cow<'_, str> {
        let slot = self.slots.get(candidate.slot);
        let key = slot.zip(candidate.occurrence).map(|(slot, place)| slot.segment.times.keys.text(place));
        key.unwrap_or_default()
    }
}
