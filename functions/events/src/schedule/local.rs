//! Local start: a date, or a date and a time without offset.

use std::{fmt, str::FromStr};

use jiff::civil::{Date, DateTime, Time};

use super::{fault::Fault, text::stored_as_text};

/// Local start, stored as `2026-10-06T19:00`, or `2026-10-06` if the event is all-day.
/// Whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Local {
    /// Start of an all-day event.
    Day(Date),
    /// Start at a time.
    Time(DateTime),
}

impl Local {
    /// The date.
    pub fn date(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Time(time) => time.date(),
        }
    }

    /// The time; midnight for a date.
    pub fn time(self) -> Time {
        match self {
            Self::Day(_) => Time::midnight(),
            Self::Time(time) => time.time(),
        }
    }

    /// Date and time; midnight for a date.
    pub fn datetime(self) -> DateTime {
        self.date().to_datetime(self.time())
    }

    /// The same time on another date.
    #[must_use]
    pub fn on(self, date: Date) -> Self {
        match self {
            Self::Day(_) => Self::Day(date),
            Self::Time(time) => Self::Time(date.to_datetime(time.time())),
        }
    }

    /// This start in the kind of `model`: the date alone for an all-day schedule, and
    /// `model`'s time for a date in a timed one.
    #[must_use]
    pub fn like(self, model: Self) -> Self {
        match (self, model) {
            (Self::Day(date), Self::Time(_)) => model.on(date),
            (Self::Time(time), Self::Day(_)) => Self::Day(time.date()),
            (Self::Day(_), Self::Day(_)) | (Self::Time(_), Self::Time(_)) => self,
        }
    }
}

/// Years beyond these are errors of input, and would cost a walk of the rule.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// `2026-10-06`, and no other form of a date.
pub(super) fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = plain.then(|| text.parse::<Date>().ok())??;
    YEARS.contains(&date.year()).then_some(date)
}

impl FromStr for Local {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let Some((day, time)) = text.split_once('T') else {
            return date(text).map(Self::Day).ok_or(Fault::InvalidStart);
        };
        let day = date(day).ok_or(Fault::InvalidStart)?;
        let plain = time.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        let whole = time.len() == 5 || (time.len() == 8 && time.ends_with(":00"));
        match time.parse::<Time>() {
            Ok(time) if plain && whole => Ok(Self::Time(day.to_datetime(time))),
            Ok(_) | Err(_) => Err(Fault::InvalidStart),
        }
    }
}

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Time(at) => write!(f, "{}T{:02}:{:02}", at.date(), at.hour(), at.minute()),
        }
    }
}

stored_as_text!(Local);
