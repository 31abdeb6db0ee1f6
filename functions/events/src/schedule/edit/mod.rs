//! Edits of a schedule. Each returns a new one; the caller compares keys with
//! [`Schedule::missing`] for exceptions and registrations that lose their date.

mod all;
mod dates;
mod following;
mod keys;
mod later;
mod replace;
mod zone;

use jiff::civil::Date;

use super::{Schedule, length::Length, local::Local, part::Changes, rule::Rule};
pub use zone::Keep;

/// An edited schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The schedule.
    pub schedule: Schedule,
    /// First local date of the new part, if the dates before it were kept as they were.
    pub split_at: Option<Date>,
}

/// End of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// No end.
    Never,
    /// Last local date, inclusive.
    Until(Date),
    /// Number of dates, from the edited one on.
    Count(u16),
}

/// Changes from an occurrence on. Absent fields stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PartChange {
    /// Local start of the edited occurrence. Another date needs a rule that gives it.
    pub start: Option<Local>,
    /// Duration.
    pub duration: Option<Length>,
    /// Recurrence.
    pub rule: Option<Rule>,
    /// End.
    pub ends: Option<Ends>,
    /// Fields of the event.
    pub changes: Changes,
}
