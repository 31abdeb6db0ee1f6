//! Recurrence rule: the subset of RFC 5545 that schedules use, without its end, which the
//! part of the schedule states.
//!
//! Refused beside the RFC's own limits:
//! - SECONDLY, MINUTELY, HOURLY, BYHOUR, BYMINUTE, BYSECOND: a date has one start;
//! - BYWEEKNO without BYDAY: readers disagree which day it means;
//! - INTERVAL above 100, texts beyond 500 characters.

mod limits;
mod parse;
mod text;

use jiff::civil::{Date, Weekday};

use super::text::stored_as_text;
pub use parse::RuleText;

/// Period of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every year.
    Yearly,
}

/// A weekday of BYDAY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByDay {
    /// Ordinal in the month or year, from the end if negative; 0 for every one.
    pub nth: i8,
    /// Days after Monday.
    pub weekday: i8,
}

/// Recurrence rule, stored in the form of RFC 5545: `FREQ=WEEKLY;BYDAY=TU`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// FREQ.
    pub frequency: Frequency,
    /// INTERVAL, 1 to 100.
    pub interval: u8,
    /// BYMONTH.
    pub by_month: Vec<i8>,
    /// BYWEEKNO.
    pub by_week_no: Vec<i8>,
    /// BYYEARDAY.
    pub by_year_day: Vec<i16>,
    /// BYMONTHDAY.
    pub by_month_day: Vec<i8>,
    /// BYDAY.
    pub by_day: Vec<ByDay>,
    /// BYSETPOS.
    pub by_set_pos: Vec<i16>,
    /// WKST.
    pub week_start: Weekday,
}

stored_as_text!(Rule);

impl Rule {
    /// The rule with the days that it leaves to its start (RFC 5545, 3.3.10).
    pub(super) fn completed(&self, start: Date) -> Self {
        let mut rule = self.clone();
        if rule.by_week_no.is_empty()
            && rule.by_year_day.is_empty()
            && rule.by_month_day.is_empty()
            && rule.by_day.is_empty()
        {
            match rule.frequency {
                Frequency::Daily => {}
                Frequency::Weekly => {
                    rule.by_day.push(ByDay { nth: 0, weekday: start.weekday().to_monday_zero_offset() });
                }
                Frequency::Monthly => rule.by_month_day.push(start.day()),
                Frequency::Yearly => {
                    if rule.by_month.is_empty() {
                        rule.by_month.push(start.month());
                    }
                    rule.by_month_day.push(start.day());
                }
            }
        }
        rule
    }
}
