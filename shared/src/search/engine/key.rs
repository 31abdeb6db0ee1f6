//! Keys of occurrences. A date takes four bytes.

use std::{borrow::Cow, ops::Range};

use jiff::civil::{Date, date};

use super::{RestoreError, strings::Strings};

/// Keys of the occurrences of a segment.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    /// Of each key, the days of its date since 1970, or its place in `others`, with this bit.
    keys: Vec<u32>,
    others: Strings,
}

const OTHER: u32 = 1 << 31;

/// The first day of the calendar that keys can name.
const EPOCH: Date = date(0, 1, 1);

/// Days from [`EPOCH`] to 1970-01-01.
const TO_1970: i64 = 719_528;

/// Days from [`EPOCH`] to 9999-12-31.
const LAST_DAY: i64 = 3_652_424;

impl Keys {
    pub(super) fn push(&mut self, key: &str) {
        if let Some(day) = day(key) {
            self.keys.push(day);
        } else {
            self.keys.push(OTHER | super::strings::ordinal(self.others.len()));
            self.others.push(key);
        }
    }

    /// Appends the date of a day since 1970.
    #[inline]
    pub(super) fn push_day(&mut self, day: Option<i64>) -> Result<(), RestoreError> {
        let day = day.and_then(|day| day.checked_add(TO_1970)).filter(|day| (0..=LAST_DAY).contains(day));
        let day = day.and_then(|day| u32::try_from(day).ok()).ok_or(RestoreError::Corrupt)?;
        self.keys.push(day);
        Ok(())
    }

    /// Appends keys of another segment.
    pub(super) fn extend(&mut self, from: &Self, range: Range<u32>) {
        for place in range {
            match from.keys.get(place as usize) {
                Some(key) if key & OTHER == 0 => self.keys.push(*key),
                Some(_) | None => self.push(&from.text(place)),
            }
        }
    }

    /// The day of a date since 1970; `None` for another key.
    pub(super) fn day(&self, place: u32) -> Option<i64> {
        let key = self.keys.get(place as usize).filter(|key| **key & OTHER == 0)?;
        Some(i64::from(*key) - TO_1970)
    }

    pub(super) fn text(&self, place: u32) -> Cow<'_, str> {
        match self.keys.get(place as usize) {
            Some(key) if key & OTHER == 0 => {
                let day = EPOCH.checked_add(jiff::SignedDuration::from_hours(24 * i64::from(*key)));
                day.map(|day| day.to_string()).unwrap_or_default().into()
            }
            Some(key) => self.others.get(key & !OTHER).into(),
            None => "".into(),
        }
    }
}

/// The days from [`EPOCH`] to a date; `None` if the text is not a date in this form.
fn day(text: &str) -> Option<u32> {
    let digits = |range: Range<usize>| {
        let digits = text.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<i16>().ok())
    };
    if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
        return None;
    }
    let month = i8::try_from(digits(5..7)?).ok()?;
    let date = Date::new(digits(0..4)?, month, i8::try_from(digits(8..10)?).ok()?).ok()?;
    u32::try_from(EPOCH.until(date).ok()?.get_days()).ok()
}
