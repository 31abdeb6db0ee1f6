//! Occurrences by key, and the next one.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};

use super::{
    Schedule,
    expand::{Occurrence, Ruled},
    key::Key,
};

/// Dates of a part that [`Schedule::next`] looks at: all can be skipped.
const LOOKED_AT: usize = super::MAX_SKIPPED + super::MAX_ADDED + 2;

impl Schedule {
    /// The dates of keys that the schedule gives, in order of key; skipped ones too.
    pub fn given(&self, keys: impl IntoIterator<Item = Key>) -> Vec<Ruled> {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let mut parts = BTreeMap::new();
        let find = |key: &Key| {
            if let Some(added) = self.added.iter().find(|added| added.key == *key) {
                let ruled = self.ruled_at(added.start).unwrap_or_else(|| self.ruled_as_added(*added));
                return (ruled.key == *key).then_some(ruled);
            }
            let index = self.part_of(key.date);
            let starts = parts.entry(index).or_insert_with(|| self.starts(index));
            let (date, start) = starts.as_mut()?.at_or_after(key.date)?;
            Some(self.ruled_as_part(index, date, start)).filter(|ruled| ruled.key == *key)
        };
        keys.iter().filter_map(find).collect()
    }

    /// The date of a key as stated before exceptions, if the schedule gives it; skipped ones
    /// too. RECURRENCE-ID is its start.
    pub fn get(&self, key: Key) -> Option<Ruled> {
        self.given([key]).into_iter().next()
    }

    /// True if the schedule gives this key, and it is not skipped.
    pub fn has(&self, key: Key) -> bool {
        !self.skipped.contains(&key) && self.get(key).is_some()
    }

    /// Those of the keys that the schedule does not give, or skips.
    pub fn missing(&self, keys: impl IntoIterator<Item = Key>) -> Vec<Key> {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let mut given = self.given(keys.iter().copied());
        given.retain(|ruled| !self.skipped.contains(&ruled.key));
        let given: Vec<Key> = given.into_iter().map(|ruled| ruled.key).collect();
        keys.retain(|key| given.binary_search(key).is_err());
        keys
    }

    /// Those of the keys that the schedule does not give, in order. A skipped date is given:
    /// it can be restored.
    pub fn not_given(&self, keys: impl IntoIterator<Item = Key>) -> Vec<Key> {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let given: Vec<Key> = self.given(keys.iter().copied()).into_iter().map(|ruled| ruled.key).collect();
        keys.retain(|key| given.binary_search(key).is_err());
        keys
    }

    /// The first occurrence that starts after an instant, before exceptions.
    pub fn next(&self, after: Timestamp) -> Option<Occurrence> {
        let first = self.time_zone.clock(after).date().saturating_sub(1.days());
        let of_parts = (0..self.parts.len()).filter_map(|index| {
            let mut starts = self.starts(index)?;
            let from = if self.parts.get(index)?.rule.is_some() { first } else { jiff::civil::Date::MIN };
            let begin = starts.at_or_after(from);
            begin
                .into_iter()
                .chain(starts)
                .take(LOOKED_AT)
                .find_map(|(date, start)| self.after(&self.ruled_as_part(index, date, start), after))
        });
        let of_added = self.added.iter().filter_map(|added| {
            let double = self.ruled_at(added.start).is_some();
            (!double).then(|| self.after(&self.ruled_as_added(*added), after)).flatten()
        });
        of_parts.chain(of_added).min_by_key(|date| (date.starts_at, date.key))
    }

    /// The last occurrence before exceptions; `None` for a series without end.
    pub fn last(&self) -> Option<Occurrence> {
        let end = self.parts.last()?;
        if end.rule.is_some() && end.until.is_none() && end.count.is_none() {
            return None;
        }
        let of_part = |index: usize| {
            let ruled = self.starts(index)?.map(|(date, start)| self.ruled_as_part(index, date, start));
            ruled.filter(|ruled| !self.skipped.contains(&ruled.key)).last()
        };
        let added = self.added.iter().map(|added| self.ruled_as_added(*added));
        let added = added.filter(|ruled| !self.skipped.contains(&ruled.key));
        let dates = (0..self.parts.len()).filter_map(of_part).chain(added);
        let dates = dates.filter_map(|ruled| Some(self.occurrence(&ruled)?.0));
        dates.max_by_key(|date| (date.starts_at, date.key))
    }

    fn after(&self, ruled: &Ruled, after: Timestamp) -> Option<Occurrence> {
        let (date, _) = self.occurrence(ruled).filter(|_| !self.skipped.contains(&ruled.key))?;
        (date.starts_at > after).then_some(date)
    }
}
