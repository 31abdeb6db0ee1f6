//! Dates of a schedule before exceptions: those of the parts, and the added ones.

use jiff::civil::Date;

use crate::schedule::{Schedule, key::Key, local::Local};

/// A date that a schedule gives, before exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruled {
    /// Key.
    pub key: Key,
    /// Index of the part that rules it.
    pub part: usize,
    /// Local start as stated; it may be in a gap.
    pub start: Local,
}

impl Schedule {
    /// The dates that start in a range of local days, both inclusive; parts first, then the
    /// added ones. Skipped ones are left out.
    pub(in crate::schedule) fn ruled_between(&self, first: Date, last: Date) -> Vec<Ruled> {
        let mut ruled = Vec::new();
        for index in 0..self.parts.len() {
            self.ruled_by_part(index, first, last, &mut ruled);
        }
        let added = self.added.iter().filter(|added| (first..=last).contains(&added.start.date()));
        ruled.extend(added.map(|added| self.ruled_as_added(added.key, added.start)));
        ruled.retain(|ruled| !self.skipped.contains(&ruled.key));
        ruled
    }

    fn ruled_by_part(&self, index: usize, first: Date, last: Date, ruled: &mut Vec<Ruled>) {
        let Some(part) = self.parts.get(index) else { return };
        let overlaps = match part.rule {
            // A single date that was rescheduled starts on another date than its key's.
            None => (first..=last).contains(&part.start.date()),
            Some(_) => part.from <= last && self.parts.get(index + 1).is_none_or(|next| next.from > first),
        };
        let Some(mut starts) = overlaps.then(|| self.starts(index)).flatten() else { return };
        let from = if part.rule.is_some() { first } else { part.from };
        let mut next = starts.at_or_after(from);
        while let Some((date, start)) = next.filter(|(_, start)| start.date() <= last) {
            ruled.extend(self.ruled_as_part(index, date, start));
            next = starts.next();
        }
    }

    /// A date of a part. `None` if an added date has the same start and stands for it.
    pub(in crate::schedule) fn ruled_as_part(&self, part: usize, date: Date, start: Local) -> Option<Ruled> {
        if self.added.iter().any(|added| added.start == start) {
            return None;
        }
        let key = Key::free(date, |key| self.added.iter().any(|added| added.key == *key));
        Some(Ruled { key, part, start })
    }

    /// An added date: its duration is that of the part that rules its date.
    pub(in crate::schedule) fn ruled_as_added(&self, key: Key, start: Local) -> Ruled {
        Ruled { key, part: self.part_of(start.date()), start }
    }
}
