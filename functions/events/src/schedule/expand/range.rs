//! Range of instants to expand.

use jiff::{SignedDuration, Timestamp};

use crate::schedule::{MAX_DAYS, fault::Fault};

/// Half-open range of instants, at most 400 days long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    from: Timestamp,
    to: Timestamp,
}

impl Range {
    /// The range from one instant to another.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, Fault> {
        let length = from.duration_until(to);
        if length <= SignedDuration::ZERO || length > SignedDuration::from_hours(MAX_DAYS * 24) {
            return Err(Fault::InvalidRange);
        }
        Ok(Self { from, to })
    }

    /// First instant.
    pub fn from(self) -> Timestamp {
        self.from
    }

    /// End, exclusive.
    pub fn to(self) -> Timestamp {
        self.to
    }

    /// True for an occurrence that has a moment in the range; one without duration counts
    /// by its start.
    pub fn overlaps(self, starts_at: Timestamp, ends_at: Timestamp) -> bool {
        starts_at < self.to && (ends_at > self.from || starts_at >= self.from)
    }
}
