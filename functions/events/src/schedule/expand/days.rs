//! The dates of a rule, in order.

use std::collections::VecDeque;

use jiff::civil::Date;

use super::period::Period;
use crate::schedule::rule::Rule;

/// Days that are looked at without a date before a rule counts as finished: 30 February
/// never comes, 29 February comes within eight years.
const IDLE_DAYS: u32 = 20_000;

/// The dates that a rule gives from a start on, in order; the end is the caller's.
#[derive(Debug, Clone)]
pub struct Days {
    rule: Rule,
    start: Date,
    last: Date,
    period: Option<Period>,
    ready: VecDeque<Date>,
    idle: u32,
}

impl Days {
    /// The dates of a rule from its start on.
    pub fn new(rule: &Rule, start: Date) -> Self {
        let rule = rule.completed(start);
        let period = Period::of(&rule, start);
        Self { rule, start, last: Date::MAX, period, ready: VecDeque::new(), idle: 0 }
    }

    /// Ends with a date: the rule is not walked for one after it.
    pub fn end(&mut self, last: Date) {
        self.last = self.last.min(last);
    }

    /// Skips to a date without walking the periods before it.
    pub fn seek(&mut self, date: Date) {
        while self.ready.pop_front_if(|ready| *ready < date).is_some() {}
        if self.ready.is_empty() {
            self.start = self.start.max(date);
            self.period = self.period.and_then(|period| period.seek(&self.rule, date));
            self.idle = 0;
        }
    }

    /// Puts the dates of a period into `ready`.
    fn expand(&mut self, period: Period) {
        let mut day = period.first;
        loop {
            self.idle += 1;
            let by_month = &self.rule.by_month;
            if !by_month.is_empty() && !by_month.contains(&day.month()) {
                day = day.last_of_month();
            } else if self.rule.chooses(day) {
                self.ready.push_back(day);
            }
            match day.tomorrow() {
                Ok(next) if next <= period.last => day = next,
                Ok(_) | Err(_) => break,
            }
        }
        if !self.rule.by_set_pos.is_empty() {
            let length = i16::try_from(self.ready.len()).unwrap_or(i16::MAX);
            let positions = &self.rule.by_set_pos;
            let mut position = 0;
            self.ready.retain(|_| {
                position += 1;
                positions.contains(&position) || positions.contains(&(position - length - 1))
            });
        }
        while self.ready.pop_front_if(|ready| *ready < self.start).is_some() {}
    }
}

impl Iterator for Days {
    type Item = Date;

    fn next(&mut self) -> Option<Date> {
        while self.ready.is_empty() {
            let period = self.period.filter(|period| self.idle < IDLE_DAYS && period.first <= self.last)?;
            self.period = period.next(&self.rule);
            self.expand(period);
        }
        self.idle = 0;
        self.ready.pop_front().filter(|day| *day <= self.last)
    }
}
