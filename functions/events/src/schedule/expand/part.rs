//! Starts of a part, in order.

use jiff::civil::Date;

use super::days::Days;
use crate::schedule::{Schedule, local::Local};

/// Starts of a part, each with the date of its key. They end with the part: at `count`,
/// `until` or the next part.
#[derive(Debug, Clone)]
pub(in crate::schedule) struct Starts {
    /// The rule's dates; the only one for a part without a rule.
    days: Result<Days, Option<Date>>,
    start: Local,
    left: Option<u16>,
    current: Option<(Date, Local)>,
}

impl Schedule {
    /// The starts of a part.
    pub(in crate::schedule) fn starts(&self, index: usize) -> Option<Starts> {
        let part = self.parts.get(index)?;
        let next = self.parts.get(index + 1).and_then(|next| next.from.yesterday().ok());
        let last = part.until.into_iter().chain(next).min();
        Some(Starts {
            days: match &part.rule {
                Some(rule) => {
                    let mut days = Days::new(rule, part.start.date());
                    days.end(last.unwrap_or(Date::MAX));
                    Ok(days)
                }
                None => Err(Some(part.from)),
            },
            start: part.start,
            left: part.count,
            current: None,
        })
    }
}

impl Starts {
    /// Ends with a date at the latest.
    pub fn end(&mut self, last: Date) {
        if let Ok(days) = &mut self.days {
            days.end(last);
        }
    }

    /// The first start whose key has this date or a later one. Dates ascend from call to
    /// call. A counted part is walked from its first date: at most 730.
    pub fn at_or_after(&mut self, date: Date) -> Option<(Date, Local)> {
        if let Some(current) = self.current
            && current.0 >= date
        {
            return Some(current);
        }
        if let Ok(days) = &mut self.days
            && self.left.is_none()
        {
            days.seek(date);
        }
        self.current = self.find(|(day, _)| *day >= date);
        self.current
    }
}

impl Iterator for Starts {
    type Item = (Date, Local);

    fn next(&mut self) -> Option<(Date, Local)> {
        let days = match &mut self.days {
            Ok(days) => days,
            Err(single) => return single.take().map(|key| (key, self.start)),
        };
        if self.left == Some(0) {
            return None;
        }
        self.left = self.left.map(|left| left - 1);
        let day = days.next();
        if day.is_none() {
            self.left = Some(0);
        }
        day.map(|day| (day, self.start.on(day)))
    }
}
