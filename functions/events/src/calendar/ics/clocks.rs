//! Changes of the clocks of a zone.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// A change of the clocks of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Instant.
    pub at: Timestamp,
    /// Time on the clock at that instant before the change.
    pub local: DateTime,
    /// Kind.
    pub kind: Kind,
}

/// Kind of a change, which an observance of the format has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Offset before.
    pub from: Offset,
    /// Offset after.
    pub to: Offset,
    /// Name after.
    pub name: String,
    /// True for the clocks of summer.
    pub is_summer: bool,
}
