//! Periods of a rule: days, weeks, months or years, `INTERVAL` apart.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use crate::schedule::rule::{Frequency, Rule};

/// One period: the days of which the rule chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

impl Period {
    /// The period that contains a date.
    pub fn of(rule: &Rule, date: Date) -> Option<Self> {
        let (first, last) = match rule.frequency {
            Frequency::Daily => (date, date),
            Frequency::Weekly => {
                let first = week_of(date, rule.week_start)?;
                (first, first.checked_add(6.days()).ok()?)
            }
            Frequency::Monthly => (date.first_of_month(), date.last_of_month()),
            Frequency::Yearly => (date.first_of_year(), date.last_of_year()),
        };
        Some(Self { first, last })
    }

    /// The first period of the rule, from this one on, that does not end before a date.
    pub fn seek(self, rule: &Rule, date: Date) -> Option<Self> {
        if date <= self.last {
            return Some(self);
        }
        let to = Self::of(rule, date)?.first;
        let units = match rule.frequency {
            Frequency::Daily => days_between(self.first, to),
            Frequency::Weekly => days_between(self.first, to) / 7,
            Frequency::Monthly => {
                (i32::from(to.year()) - i32::from(self.first.year())) * 12 + i32::from(to.month())
                    - i32::from(self.first.month())
            }
            Frequency::Yearly => i32::from(to.year()) - i32::from(self.first.year()),
        };
        let interval = i32::from(rule.interval);
        self.plus(
            rule,
            units.div_euclid(interval) * interval + if units % interval == 0 { 0 } else { interval },
        )
    }

    /// The next period of the rule.
    pub fn next(self, rule: &Rule) -> Option<Self> {
        self.plus(rule, i32::from(rule.interval))
    }

    fn plus(self, rule: &Rule, units: i32) -> Option<Self> {
        let span = match rule.frequency {
            Frequency::Daily => units.days(),
            Frequency::Weekly => units.checked_mul(7)?.days(),
            Frequency::Monthly => units.months(),
            Frequency::Yearly => units.years(),
        };
        Self::of(rule, self.first.checked_add(span).ok()?)
    }
}

/// The first day of a date's week.
pub(super) fn week_of(date: Date, start: Weekday) -> Option<Date> {
    date.checked_sub(i64::from(date.weekday().since(start)).days()).ok()
}

/// Days from one date to a later one.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    i32::try_from(from.duration_until(to).as_hours() / 24).unwrap_or(i32::MAX)
}
