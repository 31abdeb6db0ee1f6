//! A bound of a range of time in a query: an instant, or a day in the zone of an event.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, de::Error as _};

/// See the [module](self).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// An instant.
    At(Timestamp),
    /// A day, the same for events in all zones.
    Day(Date),
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = (text.len() == 10).then(|| text.parse().ok()).flatten().map(Self::Day);
        let bound = day.or_else(|| text.parse().ok().map(Self::At));
        bound.ok_or_else(|| D::Error::custom("not a time (RFC 3339) and not a date"))
    }
}
