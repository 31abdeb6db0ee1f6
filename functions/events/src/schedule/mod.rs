//! Schedules: when an event takes place. Local times with a zone and a rule; dates are
//! computed when they are asked for, and never stored.
//!
//! Pure: no table, no HTTP, no clock. `now` is a parameter.
//!
//! | module | content |
//! |---|---|
//! | `zone`, `local`, `length`, `key`, `rule` | values, each stored as its text |
//! | `part`, `added`, `exception` | stored parts of a schedule, stored exceptions |
//! | `request` | a schedule in requests, and its faults |
//! | `expand` | dates of a rule, occurrences of a schedule in a range |
//! | `lookup` | occurrences by key, the next one, missing keys |
//! | `edit` | this and following, all, replacement, single dates, zone |
//! | `exchange` | values of iCalendar to those of a schedule, and back |
//! | `fault` | reasons for refusals |
//!
//! Expansion is civil first and zone last: the rule gives local times, and each gets the
//! offset of its zone (`Zone::moment`). A change of the clocks or of the zone database
//! moves the instant and keeps the time on the clock.

mod added;
pub mod edit;
mod exception;
pub mod exchange;
mod expand;
mod fault;
mod key;
mod length;
mod local;
mod lookup;
mod part;
mod request;
mod rule;
mod text;
mod zone;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::{
    added::Added,
    exception::{Exception, Exceptions, Status},
    expand::{Days, Occurrence, Occurrences, Range, Ruled},
    fault::Fault,
    key::Key,
    length::Length,
    local::Local,
    part::{Changes, Part},
    request::{PartRequest, ScheduleRequest},
    rule::{ByDay, Frequency, Rule, RuleText},
    zone::{Moment, Zone},
};

/// Maximum number of parts.
pub const MAX_PARTS: usize = 20;
/// Maximum number of added dates.
pub const MAX_ADDED: usize = 100;
/// Maximum number of skipped dates.
pub const MAX_SKIPPED: usize = 400;
/// Maximum of `count`: daily for two years.
pub const MAX_COUNT: u16 = 730;
/// Maximum length of a range, in days.
pub const MAX_DAYS: i64 = 400;
/// Maximum number of occurrences of a range.
pub const MAX_DATES: usize = 750;

/// When an event takes place. A single date is a schedule of one part without a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Time zone.
    pub time_zone: Zone,
    /// True if the event has dates and no times.
    #[serde(default)]
    pub all_day: bool,
    /// Parts in order of `from`: one, and one for each "this and following".
    pub parts: Vec<Part>,
    /// Further dates, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Added>,
    /// Keys that do not take place.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skipped: BTreeSet<Key>,
}

impl Schedule {
    /// Index of the part that rules a local date: the last that begins by then, or the
    /// first.
    pub fn part_of(&self, date: jiff::civil::Date) -> usize {
        self.parts.partition_point(|part| part.from <= date).saturating_sub(1)
    }
}
