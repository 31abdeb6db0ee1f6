//! Occurrences of a schedule in a range of instants.

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan, civil::DateTime};

use super::{range::Range, ruled::Ruled};
use crate::schedule::{
    MAX_DATES, Schedule,
    exception::{Exception, Exceptions, Status},
    key::Key,
    local::Local,
};

/// One date of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Key.
    pub key: Key,
    /// Index of the part that rules it.
    pub part: usize,
    /// Local start as the clock shows it: after the gap, if the stated time is in one.
    pub local: Local,
    /// Start.
    pub starts_at: Timestamp,
    /// End, exclusive.
    pub ends_at: Timestamp,
    /// True if it is cancelled: it stays visible.
    pub cancelled: bool,
    /// True if an exception states its start.
    pub moved: bool,
}

/// Occurrences of a range in order of start, then key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrences {
    /// At most 750.
    pub dates: Vec<Occurrence>,
    /// True if the range has more.
    pub more: bool,
}

impl Schedule {
    /// The occurrences that have a moment in a range, with their exceptions. An exception
    /// whose key the schedule does not give has no effect. Occurrences that an exception
    /// moves into the range are found, whatever their key.
    pub fn occurrences(&self, range: Range, exceptions: &Exceptions) -> Occurrences {
        let mut dates = self.regular(range);
        let seen: BTreeSet<Key> = match exceptions.len() {
            0 => BTreeSet::new(),
            _ => dates.iter().map(|date| date.key).collect(),
        };
        for date in &mut dates {
            if let Some(exception) = exceptions.get(&date.key)
                && let Some(changed) = self.with_exception(date, exception)
            {
                *date = changed;
            }
        }
        let far = exceptions.iter().filter(|(key, exception)| {
            !seen.contains(key) && (exception.start.is_some() || exception.duration.is_some())
        });
        let far = self.given(far.map(|(key, _)| *key));
        dates.extend(far.into_iter().filter(|ruled| !self.skipped.contains(&ruled.key)).filter_map(
            |ruled| self.with_exception(&self.occurrence(&ruled)?.0, exceptions.get(&ruled.key)?),
        ));
        dates.retain(|date| range.overlaps(date.starts_at, date.ends_at));
        dates.sort_unstable_by_key(|date| (date.starts_at, date.key));
        let more = dates.len() > MAX_DATES;
        dates.truncate(MAX_DATES);
        Occurrences { dates, more }
    }

    /// The occurrence of a key with its exception; `None` for one that the schedule does not
    /// give, or skips.
    pub fn find(&self, key: Key, exceptions: &Exceptions) -> Option<Occurrence> {
        let ruled = self.get(key).filter(|_| !self.skipped.contains(&key))?;
        let (date, _) = self.occurrence(&ruled)?;
        match exceptions.get(&key) {
            Some(exception) => self.with_exception(&date, exception),
            None => Some(date),
        }
    }

    /// The occurrences around a range before exceptions: of two at one instant one, which
    /// is that whose stated time exists (Samoa had no 30 December 2011).
    fn regular(&self, range: Range) -> Vec<Occurrence> {
        let reach = self.parts.iter().map(|part| part.duration.reach()).max().unwrap_or_default();
        let first = self.time_zone.clock(range.from()).date().saturating_sub((reach + 1).days());
        let last = self.time_zone.clock(range.to()).date().saturating_add(1.days());
        let ruled = self.ruled_between(first, last);
        let mut dates: Vec<(Occurrence, bool)> =
            ruled.iter().filter_map(|ruled| self.occurrence(ruled)).collect();
        dates.sort_unstable_by_key(|(date, shifted)| (date.starts_at, *shifted, date.key));
        dates.dedup_by_key(|(date, _)| date.starts_at);
        dates.into_iter().map(|(date, _)| date).collect()
    }

    /// A date before exceptions, and true if its stated time is in a gap.
    pub(in crate::schedule) fn occurrence(&self, ruled: &Ruled) -> Option<(Occurrence, bool)> {
        let duration = self.parts.get(ruled.part)?.duration;
        let stated = ruled.start.datetime();
        let moment = self.time_zone.moment(stated)?;
        let date = Occurrence {
            key: ruled.key,
            part: ruled.part,
            local: shown(ruled.start, moment.clock),
            starts_at: moment.at,
            ends_at: duration.end(&self.time_zone, stated, moment.at)?,
            cancelled: false,
            moved: false,
        };
        Some((date, moment.shifted))
    }

    fn with_exception(&self, date: &Occurrence, exception: &Exception) -> Option<Occurrence> {
        let part = self.parts.get(date.part)?;
        let start = exception.start.map(|start| start.like(part.start));
        let stated = start.unwrap_or(date.local);
        let moment = self.time_zone.moment(stated.datetime())?;
        let starts_at = if start.is_some() { moment.at } else { date.starts_at };
        let ends_at = match (start, exception.duration) {
            (None, None) => date.ends_at,
            (Some(_), None) => part.duration.end(&self.time_zone, stated.datetime(), starts_at)?,
            (_, Some(duration)) => duration.end(&self.time_zone, stated.datetime(), starts_at)?,
        };
        Some(Occurrence {
            local: start.map_or(date.local, |start| shown(start, moment.clock)),
            starts_at,
            ends_at,
            cancelled: exception.status == Some(Status::Cancelled),
            moved: start.is_some(),
            ..date.clone()
        })
    }
}

/// A date is shown as it is stated, a time as the clock shows it. Parts decide: the past of
/// a series that became all-day has times.
fn shown(stated: Local, clock: DateTime) -> Local {
    match stated {
        Local::Day(_) => stated,
        Local::Time(_) => Local::Time(clock),
    }
}
