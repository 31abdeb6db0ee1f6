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

/// Offsets of the zones that are the farthest east and west of UTC.
const EAST: i64 = 14 * 3600;
const WEST: i64 = 12 * 3600;

impl Bound {
    /// The second at which it is first reached: where the day begins earliest.
    pub(crate) fn earliest(self) -> i64 {
        match self {
            Self::At(at) => at.as_second(),
            Self::Day(date) => midnight(date) - EAST,
        }
    }

    /// The second at which it is reached everywhere.
    pub(crate) fn latest(self) -> i64 {
        match self {
            Self::At(at) => at.as_second(),
            Self::Day(date) => midnight(date) + WEST,
        }
    }
}

/// The second at which a day begins in UTC.
pub(crate) fn midnight(date: Date) -> i64 {
    let days = Date::constant(1970, 1, 1).until(date).map(|span| i64::from(span.get_days()));
    days.unwrap_or_default() * 86_400
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = (text.len() == 10).then(|| text.parse().ok()).flatten().map(Self::Day);
        let bound = day.or_else(|| text.parse().ok().map(Self::At));
        bound.ok_or_else(|| D::Error::custom("not a time (RFC 3339) and not a date"))
    }
}
