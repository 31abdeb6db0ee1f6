//! The lists of a rule: which days of a period they choose.

use jiff::civil::Date;

use super::period::{days_between, week_of};
use crate::schedule::rule::{ByDay, Frequency, Rule};

impl Rule {
    /// True for a day that every list has, of a rule that is completed by its start.
    pub(super) fn chooses(&self, day: Date) -> bool {
        (self.by_month.is_empty() || self.by_month.contains(&day.month()))
            && (self.by_day.is_empty() || self.by_day.iter().any(|by| self.is_weekday(*by, day)))
            && (self.by_month_day.is_empty() || self.is_month_day(day))
            && (self.by_year_day.is_empty() || self.is_year_day(day))
            && (self.by_week_no.is_empty() || self.is_week_no(day))
    }

    /// An ordinal counts in the month; in the year for a yearly rule without BYMONTH.
    fn is_weekday(&self, by: ByDay, day: Date) -> bool {
        if by.weekday != day.weekday().to_monday_zero_offset() {
            return false;
        }
        let in_year = self.frequency == Frequency::Yearly && self.by_month.is_empty();
        let (place, length) = if in_year {
            (day.day_of_year(), day.days_in_year())
        } else {
            (i16::from(day.day()), i16::from(day.days_in_month()))
        };
        match i16::from(by.nth) {
            0 => true,
            nth if nth > 0 => (place - 1) / 7 + 1 == nth,
            nth => (length - place) / 7 + 1 == -nth,
        }
    }

    fn is_month_day(&self, day: Date) -> bool {
        self.by_month_day.contains(&day.day())
            || self.by_month_day.contains(&(day.day() - day.days_in_month() - 1))
    }

    fn is_year_day(&self, day: Date) -> bool {
        self.by_year_day.contains(&day.day_of_year())
            || self.by_year_day.contains(&(day.day_of_year() - day.days_in_year() - 1))
    }

    /// Week 1 is the first with four days in its year. The days of a week that lie in the
    /// year before or after belong to the week's year.
    fn is_week_no(&self, day: Date) -> bool {
        let numbered = || {
            let week = week_of(day, self.week_start)?;
            // The fourth day of a week is in the year that the week belongs to.
            let year = week.checked_add(jiff::Span::new().days(3)).ok()?.year();
            let first = self.first_week(year)?;
            let weeks = days_between(first, self.first_week(year.checked_add(1)?)?) / 7;
            let number = days_between(first, week) / 7 + 1;
            Some((i8::try_from(number).ok()?, i8::try_from(number - weeks - 1).ok()?))
        };
        numbered().is_some_and(|(number, from_end)| {
            self.by_week_no.contains(&number) || self.by_week_no.contains(&from_end)
        })
    }

    fn first_week(&self, year: i16) -> Option<Date> {
        week_of(Date::new(year, 1, 4).ok()?, self.week_start)
    }
}
