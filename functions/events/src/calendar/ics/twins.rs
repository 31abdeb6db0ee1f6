//! Dates at one instant. A time in a gap of the clocks is at the instant of a later time,
//! and a schedule has one date at an instant; readers of the format would show both.
//!
//! Which of two dates a schedule keeps: [`Schedule::occurrences`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::starts::gives;
use crate::schedule::{Exceptions, Key, Local, Range, Schedule};

/// Dates at the instant of another date.
#[derive(Debug, Default)]
pub struct Twins {
    /// Added dates that are not written: a rule gives the instant.
    hidden: BTreeSet<Key>,
    /// Those of them that the schedule keeps, by the start that is written for them.
    shown: BTreeMap<Key, (usize, Local)>,
    /// Starts that a part gives, and another part has.
    other: BTreeSet<(usize, Local)>,
}

impl Twins {
    /// The twins of a schedule, of which a date beside a rule is one.
    pub fn of(schedule: &Schedule) -> Self {
        let mut twins = Self::default();
        let singles = schedule.parts.iter().enumerate().filter(|(_, part)| part.rule.is_none());
        let singles = singles.map(|(index, part)| (Some(index), None, part.start));
        let added = schedule.added.iter().map(|added| (None, Some(added.key), added.start));
        for (single, key, start) in singles.chain(added) {
            let Some(at) = schedule.time_zone.instant(start.datetime()) else { continue };
            let own = single.or_else(|| key.and_then(|key| schedule.get(key)).map(|ruled| ruled.part));
            let kept = kept(schedule, at);
            for index in 0..schedule.parts.len() {
                let Some(twin) = twin(schedule, index, start, at).filter(|twin| {
                    // A date is no twin of itself, and an added one that the rule gives is none.
                    single != Some(index) && (*twin != start || own != Some(index))
                }) else {
                    continue;
                };
                twins.pair(schedule, (single, key, start), (index, twin), (own, kept));
            }
        }
        twins
    }

    fn pair(
        &mut self,
        schedule: &Schedule,
        (single, key, start): (Option<usize>, Option<Key>, Local),
        (index, twin): (usize, Local),
        (own, kept): (Option<usize>, Option<Key>),
    ) {
        let is_kept = match single {
            Some(single) => kept.and_then(|kept| schedule.get(kept)).is_some_and(|kept| kept.part == single),
            None => kept == key,
        };
        match (single, key) {
            (Some(single), _) if !is_kept => {
                self.other.insert((single, start));
            }
            (None, Some(key)) if !is_kept => {
                self.hidden.insert(key);
            }
            (None, Some(key)) if own == Some(index) => {
                // EXDATE of the twin would exclude the instant.
                self.hidden.insert(key);
                self.shown.insert(key, (index, twin));
            }
            _ => {
                self.other.insert((index, twin));
            }
        }
    }

    /// True for an added date that is not written.
    pub fn is_hidden(&self, key: Key) -> bool {
        self.hidden.contains(&key)
    }

    /// True for a start that is written for another one.
    pub fn shows(&self, part: usize, start: Local) -> bool {
        self.shown.values().any(|shown| *shown == (part, start))
    }

    /// The start that is written for an added date.
    pub fn standing_for(&self, key: Key) -> Option<Local> {
        self.shown.get(&key).map(|(_, start)| *start)
    }

    /// Starts of a part that are not written.
    pub fn hidden(&self, part: usize) -> impl Iterator<Item = Local> {
        self.other.iter().filter(move |(of, _)| *of == part).map(|(_, start)| *start)
    }
}

/// The date that a schedule keeps at an instant.
fn kept(schedule: &Schedule, at: Timestamp) -> Option<Key> {
    let to = at.checked_add(SignedDuration::from_secs(1)).ok()?;
    let found = schedule.occurrences(Range::new(at, to).ok()?, &Exceptions::new());
    found.dates.iter().find(|date| date.starts_at == at).map(|date| date.key)
}

/// The start that a part gives at an instant: on the same date, or one beside it.
fn twin(schedule: &Schedule, index: usize, start: Local, at: Timestamp) -> Option<Local> {
    let part = schedule.parts.get(index)?;
    let dates = [Some(start.date()), start.date().yesterday().ok(), start.date().tomorrow().ok()];
    let starts = dates.into_iter().flatten().map(|date| match part.rule {
        Some(_) => part.start.on(date),
        None => part.start,
    });
    let at_instant = |start: &Local| {
        schedule.time_zone.instant(start.datetime()) == Some(at) && gives(schedule, index, *start)
    };
    starts.into_iter().find(at_instant)
}

/// True if two starts are at one instant: a date that a zone left out, of a daily rule.
pub fn any(schedule: &Schedule, starts: &[Local]) -> bool {
    let mut seen = BTreeSet::new();
    let instants = starts.iter().filter_map(|start| schedule.time_zone.instant(start.datetime()));
    instants.into_iter().any(|at| !seen.insert(at))
}
