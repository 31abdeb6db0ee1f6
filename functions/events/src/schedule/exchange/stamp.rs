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
        let of_day = self.ruled_between(date, date);
        match stamp {
            Stamp::Local(local) if !self.all_day => {
                let is_named = |ruled: &&Ruled| ruled.start == Local::Time(local);
                of_day.iter().filter(is_named).map(|ruled| ruled.key).collect()
            }
            Stamp::Instant(at) if !self.all_day => self.key_at(at, date, &of_day).into_iter().collect(),
            Stamp::Day(_) | Stamp::Local(_) | Stamp::Instant(_) => {
                of_day.iter().map(|ruled| ruled.key).collect()
            }
        }
    }

    /// The key of the occurrence at an instant. A start in a gap can be stated for the day
    /// before; one that exists comes first, as in [`Schedule::occurrences`].
    fn key_at(&self, at: Timestamp, date: Date, of_day: &[Ruled]) -> Option<Key> {
        let before = date.yesterday().map(|date| self.ruled_between(date, date)).unwrap_or_default();
        let starts_at =
            |ruled: &&Ruled| self.time_zone.instant(ruled.start.datetime()).is_some_and(|start| start == at);
        let clock = Local::Time(self.time_zone.clock(at));
        let exact = of_day.iter().find(|ruled| ruled.start == clock && starts_at(ruled));
        exact.or_else(|| of_day.iter().chain(&before).find(starts_at)).map(|ruled| ruled.key)
    }
}
