//! RRULE of a part.

use jiff::tz::Offset;

use crate::schedule::{Schedule, local::Local};

impl Schedule {
    /// RRULE of a part with its end; `None` for a single date. A part that another follows,
    /// or that has a last date, ends by UNTIL: the instant of the last start, or its date if
    /// the event is all-day.
    pub fn recurrence(&self, index: usize) -> Option<String> {
        let part = self.parts.get(index)?;
        let rule = part.rule.as_ref()?;
        let followed = index + 1 < self.parts.len();
        if !followed && part.until.is_none() {
            return Some(match part.count {
                Some(count) => format!("{rule};COUNT={count}"),
                None => rule.to_string(),
            });
        }
        Some(match self.starts(index)?.last()?.1 {
            Local::Day(last) => format!("{rule};UNTIL={}", last.strftime("%Y%m%d")),
            Local::Time(last) => {
                let last = Offset::UTC.to_datetime(self.time_zone.instant(last)?);
                format!("{rule};UNTIL={}", last.strftime("%Y%m%dT%H%M%SZ"))
            }
        })
    }
}
