//! Values of EXDATE, RECURRENCE-ID and UNTIL.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
};

use crate::schedule::{Schedule, expand::Ruled, key::Key, local::Local, zone::Zone};

/// A date, a local time in the zone of the series, or an instant: a time in UTC or in
/// another zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// `VALUE=DATE`.
    Day(Date),
    /// A local time.
    Local(DateTime),
    /// An instant.
    Instant(Timestamp),
}

impl Stamp {
    /// Reads `20261027`, `20261027T190000` and `20261027T180000Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b'Z'));
        let form = (text.len(), text.as_bytes().get(8), text.ends_with('Z'));
        match form {
            (8, None, false) if plain => text.parse().ok().map(Self::Day),
            (15, Some(b'T'), false) if plain => text.parse().ok().map(Self::Local),
            (16, Some(b'T'), true) if plain => text.parse().ok().map(Self::Instant),
            _ => None,
        }
    }

    /// UNTIL as the last local date, inclusive: a time of day before that of the start
    /// excludes its date. A date includes its date whatever the start is.
    pub fn until(self, start: Time, zone: &Zone) -> Option<Date> {
        let last = match self {
            Self::Day(date) => return Some(date),
            Self::Local(last) => last,
            Self::Instant(last) => zone.clock(last),
        };
        if last.time() >= start { Some(last.date()) } else { last.date().yesterday().ok() }
    }
}

impl Schedule {
    /// The keys that EXDATE or RECURRENCE-ID names, among those that the schedule gives. A
    /// date names all of its day; a time that is not a start names none.
    pub fn keys_of(&self, stamp: Stamp) -> Vec<Key> {
        let date = match stamp {
            Stamp::Day(date) => date,
            Stamp::Local(local) => local.date(),
            Stamp::Instant(at) => self.time_zone.clock(at).date(),
        };
        let names = |ruled: &Ruled| match stamp {
            Stamp::Day(_) => true,
            Stamp::Local(local) => ruled.start == Local::Time(local) || self.all_day,
            Stamp::Instant(at) => self.all_day || self.time_zone.instant(ruled.start.datetime()) == Some(at),
        };
        // A start in a gap shows another time, and can show another date.
        let first = date.yesterday().unwrap_or(date);
        let mut ruled = self.ruled_between(first, date);
        ruled.retain(|ruled| {
            names(ruled) && (matches!(stamp, Stamp::Instant(_)) || ruled.start.date() == date)
        });
        if self.all_day {
            ruled.retain(|ruled| ruled.start.date() == date);
        }
        ruled.into_iter().map(|ruled| ruled.key).collect()
    }
}
