//! Dates of an event after a change of its schedule. Dates that have begun stay as they are,
//! and the changes of single dates follow their keys.

use jiff::civil::Date;
use serde::Deserialize;
use shared::{clock::Timestamp, vocabulary::EventStatus};
use utoipa::ToSchema;

use super::{Event, instant};
use crate::schedule::{
    Exceptions, Fault, Key, Schedule,
    edit::{Keep, Revision},
};

/// Treatment of changed dates that the new schedule does not give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Orphans {
    /// Removes them. The reply lists them.
    #[default]
    Drop,
    /// Keeps them as added dates. Skipped ones are removed.
    Keep,
}

/// Effect of a change of the schedule on the dates of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// First local date of the new part, if the dates before it have begun and stay.
    pub split_at: Option<Date>,
    /// Removed exceptions.
    pub dropped: Exceptions,
}

/// Schedule and exceptions of an event after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dates {
    /// Schedule.
    pub schedule: Option<Schedule>,
    /// Exceptions of the schedule.
    pub exceptions: Exceptions,
    /// Effect of the change.
    pub effect: Effect,
}

impl Event {
    /// The dates under a new schedule, as PATCH and PUT give it. With `Keep::Instant` its local
    /// times are those of the former zone.
    pub fn rescheduled(
        &self,
        new: Option<Schedule>,
        (keep, orphans): (Keep, Orphans),
        now: Timestamp,
    ) -> Result<Dates, Fault> {
        let exceptions = self.exceptions.clone();
        if new == self.details.schedule {
            return Ok(Dates { schedule: new, exceptions, effect: Effect::default() });
        }
        let (Some(stored), Some(new)) = (&self.details.schedule, &new) else {
            let effect = Effect { split_at: None, dropped: exceptions };
            return Ok(Dates { schedule: new, exceptions: Exceptions::new(), effect });
        };
        let (mut stored, mut new, mut exceptions) = (stored.clone(), new.clone(), exceptions);
        if keep == Keep::Instant && new.time_zone != stored.time_zone {
            let (from, to) = (stored.time_zone.clone(), new.time_zone.clone());
            new.time_zone = from.clone();
            new = new.in_zone(to.clone(), keep)?.schedule;
            stored = stored.in_zone(to.clone(), keep)?.schedule;
            for start in exceptions.values_mut().filter_map(|exception| exception.start.as_mut()) {
                *start = from.restated(*start, &to).ok_or(Fault::InvalidStart)?;
            }
        }
        let revision = if self.status == EventStatus::Draft {
            Revision { schedule: new, split_at: None }
        } else {
            stored.replaced(new, instant(now))?
        };
        carried(&stored, exceptions, revision, orphans)
    }

    /// The dates under a revised schedule in the same zone.
    pub fn revised(&self, revision: Revision, orphans: Orphans) -> Result<Dates, Fault> {
        match &self.details.schedule {
            Some(stored) => carried(stored, self.exceptions.clone(), revision, orphans),
            None => Err(Fault::NotInSeries),
        }
    }
}

/// Carries the exceptions of a schedule over to a revised one.
fn carried(
    stored: &Schedule,
    mut exceptions: Exceptions,
    Revision { mut schedule, split_at }: Revision,
    orphans: Orphans,
) -> Result<Dates, Fault> {
    if orphans == Orphans::Keep {
        let mut kept: Vec<Key> = schedule.not_given(exceptions.keys().copied());
        kept.retain(|key| stored.has(*key) && !schedule.skipped.contains(key));
        schedule.keep(stored, kept)?;
    }
    let mut dropped = Exceptions::new();
    for key in schedule.not_given(exceptions.keys().copied()) {
        dropped.extend(exceptions.remove_entry(&key));
    }
    Ok(Dates { schedule: Some(schedule), exceptions, effect: Effect { split_at, dropped } })
}
