//! Rank of a category among its siblings: a text between its neighbours' texts, so that
//! a move writes one item.

use std::fmt;

use serde::{Deserialize, Serialize};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Length of a whole number in digits: a category at either end takes the next number,
/// so that long lists do not get long ranks.
const WHOLE: usize = 8;

/// 36^7 * 18: equal room before and after the first rank.
const FIRST: u64 = 78_364_164_096 * 18;

/// Room between neighbours before a rank needs more digits.
const STEP: u64 = 36 * 36 * 36;

/// A position among siblings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rank(String);

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Rank {
    /// A rank after `before` and before `after`.
    pub fn between(before: Option<&Self>, after: Option<&Self>) -> Self {
        match (before, after) {
            (None, None) => Self::of(FIRST),
            (Some(before), None) => Self::of(before.whole() + STEP),
            (None, Some(after)) if after.whole() > STEP => Self::of(after.whole() - STEP),
            (None, Some(after)) => Self::middle("", &after.0),
            (Some(before), Some(after)) if before < after => Self::middle(&before.0, &after.0),
            // Two equal ranks have nothing between them.
            (Some(before), Some(_)) => Self(format!("{}i", before.0)),
        }
    }

    fn of(mut whole: u64) -> Self {
        let mut digits = [b'0'; WHOLE];
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[usize::try_from(whole % 36).unwrap_or_default()];
            whole /= 36;
        }
        Self(digits.iter().map(|digit| char::from(*digit)).collect())
    }

    fn whole(&self) -> u64 {
        let digits = self.0.bytes().chain(std::iter::repeat(b'0')).take(WHOLE);
        digits.fold(0, |whole, digit| whole * 36 + value(digit))
    }

    /// The middle of two texts, read as fractions; `low` is the smaller.
    fn middle(low: &str, high: &str) -> Self {
        let mut low = low.bytes().map(value).chain(std::iter::repeat(0));
        let mut high = high.bytes().map(value).chain(std::iter::repeat(0));
        let mut text = String::new();
        let mut bounded = true;
        loop {
            let least = low.next().unwrap_or_default();
            let most = if bounded { high.next().unwrap_or_default() } else { 36 };
            let digit = u64::midpoint(least, most);
            text.push(char::from(DIGITS[usize::try_from(digit).unwrap_or_default().min(35)]));
            if digit > least {
                return Self(text);
            }
            // From the first digit that is below that of `high`, only `low` binds.
            bounded &= least == most;
        }
    }
}

fn value(digit: u8) -> u64 {
    DIGITS.iter().position(|known| *known == digit).and_then(|place| u64::try_from(place).ok()).unwrap_or(0)
}
