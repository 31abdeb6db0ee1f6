//! Combinations of parts that RFC 5545 (3.3.10) forbids, or that readers understand in
//! different ways.

use super::{Frequency, Rule, parse::invalid};
use crate::schedule::fault::Fault;

impl Rule {
    /// Refuses a combination outside the subset.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let is = |frequency| self.frequency == frequency;
        let has_ordinal = self.by_day.iter().any(|day| day.nth != 0);
        let has_list = !(self.by_month.is_empty()
            && self.by_week_no.is_empty()
            && self.by_year_day.is_empty()
            && self.by_month_day.is_empty()
            && self.by_day.is_empty());
        let refusals = [
            (!self.by_week_no.is_empty() && !is(Frequency::Yearly), "BYWEEKNO needs FREQ=YEARLY."),
            (!self.by_year_day.is_empty() && !is(Frequency::Yearly), "BYYEARDAY needs FREQ=YEARLY."),
            (
                !self.by_month_day.is_empty() && is(Frequency::Weekly),
                "BYMONTHDAY does not go with FREQ=WEEKLY.",
            ),
            (
                has_ordinal && !is(Frequency::Monthly) && !is(Frequency::Yearly),
                "An ordinal in BYDAY needs FREQ=MONTHLY or FREQ=YEARLY.",
            ),
            (
                has_ordinal && is(Frequency::Monthly) && self.by_day.iter().any(|day| day.nth.abs() > 5),
                "An ordinal in BYDAY is at most 5 with FREQ=MONTHLY.",
            ),
            (has_ordinal && !self.by_week_no.is_empty(), "An ordinal in BYDAY does not go with BYWEEKNO."),
            (!self.by_week_no.is_empty() && self.by_day.is_empty(), "BYWEEKNO needs BYDAY."),
            (!self.by_set_pos.is_empty() && !has_list, "BYSETPOS needs another list, such as BYDAY."),
        ];
        match refusals.into_iter().find(|(refused, _)| *refused) {
            Some((_, detail)) => Err(invalid(detail)),
            None => Ok(()),
        }
    }
}
