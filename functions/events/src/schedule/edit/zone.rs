//! Change of the zone.

use serde::Deserialize;
use utoipa::ToSchema;

use super::Revision;
use crate::schedule::{Schedule, fault::Fault, local::Local, zone::Zone};

/// Meaning of a change of the zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// The local times stay, the instants change.
    #[default]
    Clock,
    /// The instant of the first start of each part stays, the local times change.
    Instant,
}

impl Schedule {
    /// Changes the zone. Keys stay. `Keep::Instant` is refused for a rule whose first start is
    /// on another date there: its other dates and their keys would not follow.
    pub fn in_zone(&self, zone: Zone, keep: Keep) -> Result<Revision, Fault> {
        let mut schedule = self.clone();
        if keep == Keep::Instant {
            let there = |start: Local| self.time_zone.restated(start, &zone).ok_or(Fault::InvalidStart);
            for part in &mut schedule.parts {
                let start = there(part.start)?;
                if part.rule.is_some() && start.date() != part.start.date() {
                    return Err(Fault::StartOnAnotherDate);
                }
                part.start = start;
            }
            for added in &mut schedule.added {
                added.start = there(added.start)?;
            }
        }
        schedule.time_zone = zone;
        Ok(Revision { schedule, split_at: None })
    }
}
