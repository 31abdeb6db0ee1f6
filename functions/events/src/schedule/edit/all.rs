//! "All": from the next date on if the series runs, so that the past stays as it was.

use jiff::{Timestamp, civil::Date};

use super::{PartChange, Revision};
use crate::schedule::{Schedule, fault::Fault, key::Key};

impl Schedule {
    /// Changes all occurrences; with `now` those that have not begun, if others have.
    pub fn change_all(&self, change: &PartChange, now: Option<Timestamp>) -> Result<Revision, Fault> {
        let first = self.starts(0).and_then(|mut starts| starts.next()).ok_or(Fault::NotInSeries)?.0;
        let split_at = now.map(|now| self.unbegun(now)).filter(|unbegun| first < *unbegun);
        let from = match split_at {
            Some(date) => self.first_of_parts(date).ok_or(Fault::NotInSeries)?,
            None => first,
        };
        let key = self.restored_key(from);
        let mut schedule = self.clone();
        // A skipped date can be the first of the part, and stays skipped.
        let skipped = schedule.skipped.take(&key);
        schedule = schedule.change_from(key, change)?;
        schedule.skipped.extend(skipped);
        Ok(Revision { schedule, split_at: split_at.map(|_| from) })
    }

    /// First local date of which nothing has begun: today, or tomorrow.
    pub(super) fn unbegun(&self, now: Timestamp) -> Date {
        let today = self.time_zone.clock(now).date();
        let begun = self
            .ruled_between(today, today)
            .iter()
            .any(|ruled| self.time_zone.instant(ruled.start.datetime()).is_some_and(|start| start <= now));
        if begun { today.tomorrow().unwrap_or(today) } else { today }
    }

    /// The first date that a part gives from a date on.
    pub(super) fn first_of_parts(&self, date: Date) -> Option<Date> {
        let parts = (self.part_of(date)..self.parts.len()).filter_map(|index| self.starts(index));
        parts.filter_map(|mut starts| starts.at_or_after(date)).map(|(date, _)| date).next()
    }

    /// The key of a date of a part.
    fn restored_key(&self, date: Date) -> Key {
        Key::free(date, |key| self.added.iter().any(|added| added.key == *key))
    }
}
