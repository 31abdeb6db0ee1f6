//! Time zone of a schedule: local times to instants.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};

use super::{fault::Fault, local::Local, text::stored_as_text};

/// Zone of the database that is linked in, stored as its IANA name. jiff parses a zone
/// once a process.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl FromStr for Zone {
    type Err = Fault;

    fn from_str(name: &str) -> Result<Self, Fault> {
        if name == "Etc/Unknown" || name.eq_ignore_ascii_case("factory") {
            return Err(Fault::UnknownTimeZone);
        }
        let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| Fault::UnknownTimeZone)?;
        zone.iana_name().ok_or(Fault::UnknownTimeZone)?;
        Ok(Self(zone))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or_default())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

stored_as_text!(Zone);

/// A local time with its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Instant.
    pub at: Timestamp,
    /// Time on the clock at that instant: later than the stated time in a gap.
    pub clock: DateTime,
    /// True if the stated time is in a gap.
    pub shifted: bool,
}

impl Zone {
    /// The instant of a local time (RFC 5545, 3.3.5): a time in a gap takes the offset
    /// before the gap, and a time that comes twice is the first. `None` after 9999.
    pub fn moment(&self, local: DateTime) -> Option<Moment> {
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        let gap = match ambiguous.offset() {
            AmbiguousOffset::Gap { after, .. } => Some(after),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => None,
        };
        let at = ambiguous.compatible().ok()?;
        let clock = gap.map_or(local, |after| after.to_datetime(at));
        Some(Moment { at, clock, shifted: gap.is_some() })
    }

    /// The instant of a local time.
    pub fn instant(&self, local: DateTime) -> Option<Timestamp> {
        self.moment(local).map(|moment| moment.at)
    }

    /// The local start in another zone that is the same instant; a date stays as it is.
    pub fn restated(&self, start: Local, zone: &Self) -> Option<Local> {
        match start {
            Local::Day(_) => Some(start),
            Local::Time(time) => self.instant(time).map(|at| Local::Time(zone.clock(at))),
        }
    }

    /// Time on the clock at an instant.
    pub fn clock(&self, at: Timestamp) -> DateTime {
        self.0.to_datetime(at)
    }

    /// Seconds between UTC and the clock at an instant.
    pub fn offset(&self, at: Timestamp) -> i32 {
        self.0.to_offset(at).seconds()
    }

    /// A local day: midnight to midnight, which is 23 to 25 hours.
    pub fn day(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let midnight = |date: Date| self.instant(date.to_datetime(Time::midnight()));
        Some((midnight(date)?, midnight(date.tomorrow().ok()?)?))
    }
}
