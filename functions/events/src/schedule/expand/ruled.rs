//! Dates of a schedule before exceptions: those of the parts, and the added ones.

use jiff::civil::Date;

use crate::schedule::{Schedule, added::Added, key::Key, local::Local, part::Part};

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
        let of_parts = ruled.len();
        for added in self.added.iter().filter(|added| (first..=last).contains(&added.start.date())) {
            if !ruled[..of_parts].iter().any(|ruled| ruled.start == added.start) {
                ruled.push(self.ruled_as_added(*added));
            }
        }
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
        starts.end(last);
        let from = if part.rule.is_some() { first } else { part.from };
        let mut next = starts.at_or_after(from);
        while let Some((date, start)) = next.filter(|(_, start)| start.date() <= last) {
            ruled.push(self.ruled_as_part(index, date, start));
            next = starts.next();
        }
    }

    /// A date of a part: the first of its day whose number no added date of another start
    /// has. An added date of the same start counts as this one.
    pub(in crate::schedule) fn ruled_as_part(&self, part: usize, date: Date, start: Local) -> Ruled {
        let taken = |key: &Key| self.added.iter().any(|added| added.key == *key && added.start != start);
        Ruled { key: Key::free(date, taken), part, start }
    }

    /// An added date: its duration is that of the part that rules its date.
    pub(in crate::schedule) fn ruled_as_added(&self, added: Added) -> Ruled {
        Ruled { key: added.key, part: self.part_of(added.start.date()), start: added.start }
    }

    /// The date of a part that has this start.
    pub(in crate::schedule) fn ruled_at(&self, start: Local) -> Option<Ruled> {
        let single = |(index, part): (usize, &Part)| {
            let found = part.rule.is_none() && part.start == start;
            found.then(|| self.ruled_as_part(index, part.from, start))
        };
        let index = self.part_of(start.date());
        let of_rule = || {
            self.parts.get(index)?.rule.as_ref()?;
            let found = self.starts(index)?.at_or_after(start.date())?;
            (found.1 == start).then(|| self.ruled_as_part(index, found.0, start))
        };
        self.parts.iter().enumerate().find_map(single).or_else(of_rule)
    }
}
