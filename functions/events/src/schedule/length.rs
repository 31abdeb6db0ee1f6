//! Duration of an occurrence.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp, ToSpan, civil::DateTime};

use super::{fault::Fault, text::stored_as_text, zone::Zone};

/// Greatest duration: an exhibition of a year.
const MAX_MINUTES: u32 = 366 * 24 * 60;

/// Duration, stored as an ISO 8601 duration: days are nominal (the same time on the clock),
/// hours and minutes exact (RFC 5545, 3.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    days: u32,
    minutes: u32,
}

impl Length {
    /// No duration: an event whose end is not stated.
    pub const NONE: Self = Self { days: 0, minutes: 0 };

    /// Whole days.
    pub const fn days(days: u32) -> Self {
        Self { days, minutes: 0 }
    }

    /// Exact minutes.
    pub const fn minutes(minutes: u32) -> Self {
        Self { days: 0, minutes }
    }

    /// True for one day or more, without hours and minutes: the form of all-day events.
    pub fn is_whole_days(self) -> bool {
        self.minutes == 0 && self.days > 0
    }

    /// Days that an occurrence can reach beyond its first.
    pub(super) fn reach(self) -> i32 {
        i32::try_from(self.days + self.minutes / 1440 + 1).unwrap_or(i32::MAX)
    }

    /// The end of an occurrence: nominal days from its stated local start, then exact
    /// minutes. Never before the start. `None` after 9999.
    pub fn end(self, zone: &Zone, stated: DateTime, start: Timestamp) -> Option<Timestamp> {
        let from = match self.days {
            0 => start,
            days => zone.instant(stated.checked_add(i64::from(days).days()).ok()?)?.max(start),
        };
        from.checked_add(SignedDuration::from_mins(i64::from(self.minutes))).ok()
    }

    fn within_bounds(self) -> bool {
        self.days.saturating_mul(1440).saturating_add(self.minutes) <= MAX_MINUTES
    }
}

impl FromStr for Length {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        parse(text).filter(|length| length.within_bounds()).ok_or(Fault::InvalidDuration)
    }
}

/// `P[nW][nD][T[nH][nM]]` with at least one number; numbers have at most six digits.
fn parse(text: &str) -> Option<Length> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let mut length = Length::NONE;
    let mut numbers = fields(days, &[('W', 7), ('D', 1)], &mut length.days)?;
    if let Some(time) = time {
        let of_time = fields(time, &[('H', 60), ('M', 1), ('S', 0)], &mut length.minutes)?;
        numbers += of_time.checked_sub(1)? + 1;
    }
    (numbers > 0).then_some(length)
}

/// Adds the numbers of a text, each before its letter, in the order of `units`; returns how
/// many there are. A unit of 0 takes zeros only: `PT1H0S` is written by other systems.
fn fields(mut text: &str, units: &[(char, u32)], sum: &mut u32) -> Option<u32> {
    let mut found = 0;
    for (letter, unit) in units {
        let Some((number, rest)) = text.split_once(*letter) else { continue };
        if number.len() > 6 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: u32 = number.parse().ok()?;
        if *unit == 0 && number != 0 {
            return None;
        }
        *sum += number * unit;
        found += 1;
        text = rest;
    }
    text.is_empty().then_some(found)
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes) = (self.minutes / 60, self.minutes % 60);
        f.write_str("P")?;
        if self.days > 0 {
            write!(f, "{}D", self.days)?;
        }
        if self.minutes > 0 || self.days == 0 {
            f.write_str("T")?;
        }
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 || (self.minutes == 0 && self.days == 0) {
            write!(f, "{minutes}M")?;
        }
        Ok(())
    }
}

stored_as_text!(Length);
