//! "All": from the next date on if the series runs, so that the past stays as it was.

use jiff::{Timestamp, civil::Date};

use super::{PartChange, Revision};
use crate::schedule::{Schedule, expand::Ruled, fault::Fault};

impl Schedule {
    /// Changes all occurrences; with `now` those that have not begun, if others have.
    pub fn change_all(&self, change: &PartChange, now: Option<Timestamp>) -> Result<Revision, Fault> {
        let first = self.first_of_parts(Date::MIN).ok_or(Fault::NotInSeries)?;
        let split_at = now.map(|now| self.unbegun(now)).filter(|unbegun| first.key.date < *unbegun);
        let from = match split_at {
            Some(date) => self.first_of_parts(date).ok_or(Fault::NotInSeries)?,
            None => first,
        };
        let mut schedule = self.clone();
        // A skipped date can be the first of the part, and stays skipped.
        let skipped = schedule.skipped.take(&from.key);
        schedule = schedule.change_from(from.key, change)?;
        schedule.skipped.extend(skipped);
        Ok(Revision { schedule, split_at: split_at.map(|_| from.key.date) })
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

    /// The first date that a part gives, of those whose keys are at or after a date.
    pub(super) fn first_of_parts(&self, date: Date) -> Option<Ruled> {
        (self.part_of(date)..self.parts.len()).find_map(|index| {
            let (date, start) = self.starts(index)?.at_or_after(date)?;
            Some(self.ruled_as_part(index, date, start))
        })
    }
}
