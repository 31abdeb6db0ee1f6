//! Change of the zone.

use super::Revision;
use crate::schedule::{Schedule, expand::Days, fault::Fault, local::Local, zone::Zone};

/// Meaning of a change of the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The clock stays, the instants change: the place or the zone was wrong.
    Clock,
    /// The instant of each part's first start stays, the clock changes.
    Instant,
}

impl Schedule {
    /// Changes the zone. Keys stay. `Keep::Instant` is refused if a rule does not give the
    /// new local date of its first start.
    pub fn in_zone(&self, zone: Zone, keep: Keep) -> Result<Revision, Fault> {
        let mut schedule = self.clone();
        if keep == Keep::Instant && !self.all_day {
            let there = |start: Local| {
                let at = self.time_zone.instant(start.datetime()).ok_or(Fault::InvalidStart)?;
                Ok(Local::Time(zone.clock(at)))
            };
            for part in &mut schedule.parts {
                part.start = there(part.start)?;
                let date = part.start.date();
                if let Some(rule) = &part.rule
                    && (date < part.from || Days::new(rule, date).next() != Some(date))
                {
                    return Err(Fault::StartNotInRule);
                }
            }
            for added in &mut schedule.added {
                added.start = there(added.start)?;
            }
        }
        schedule.time_zone = zone;
        Ok(Revision { schedule, split_at: None })
    }
}
