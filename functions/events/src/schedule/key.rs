//! Key of an occurrence.

use std::{fmt, str::FromStr};

use jiff::civil::Date;

use super::{fault::Fault, local, text::stored_as_text};

/// Key of an occurrence: the local date that the rule gave, stored as `2026-10-27`, or
/// `2026-10-27.2` for the second of a day. It stays when the time, the duration, the zone
/// or the place changes, and when this occurrence is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Local date.
    pub date: Date,
    /// Number on that date, from 1.
    pub number: u8,
}

impl Key {
    /// The first of a date.
    pub const fn on(date: Date) -> Self {
        Self { date, number: 1 }
    }

    /// The first number of a date that is not taken.
    pub(super) fn free(date: Date, taken: impl Fn(&Self) -> bool) -> Self {
        let mut keys = (1..=u8::MAX).map(|number| Self { date, number });
        keys.find(|key| !taken(key)).unwrap_or(Self { date, number: u8::MAX })
    }
}

impl FromStr for Key {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let (date, number) = text.split_once('.').map_or((text, None), |(date, rest)| (date, Some(rest)));
        let number = match number {
            None => Some(1),
            // The first of a day has one form only.
            Some(digits) if digits.len() <= 3 && !digits.starts_with(['0', '+']) => {
                digits.parse().ok().filter(|number| *number > 1)
            }
            Some(_) => None,
        };
        match (local::date(date), number) {
            (Some(date), Some(number)) => Ok(Self { date, number }),
            (Some(_) | None, _) => Err(Fault::InvalidKey),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            1 => write!(f, "{}", self.date),
            number => write!(f, "{}.{number}", self.date),
        }
    }
}

stored_as_text!(Key);
