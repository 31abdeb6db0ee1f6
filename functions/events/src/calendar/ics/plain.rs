//! Rules that readers understand alike.

use crate::schedule::{Frequency, Local, Rule};

/// True for a rule of a common form. Readers differ in the others: ical.js 2.2.1 expands
/// BYWEEKNO to every week, moves 29 February to 1 March and does not end with some
/// daily rules; dateutil 2.9.0 takes weekdays with and without ordinals for an
/// intersection.
pub fn is_plain(rule: &Rule, start: Local) -> bool {
    let ordinals = rule.by_day.iter().filter(|day| day.nth != 0).count();
    let by_date = rule.by_month_day.len();
    // Some months have no days from the 29th on.
    let in_each_month = |day: i8| (-28..=28).contains(&day);
    let alike = ordinals == 0 || ordinals == rule.by_day.len();
    let positions = rule.by_set_pos.is_empty()
        || (rule.frequency == Frequency::Monthly && !rule.by_day.is_empty() && ordinals == 0);
    let of_frequency = match rule.frequency {
        Frequency::Daily => rule.by_day.is_empty() && by_date == 0 && rule.by_month.is_empty(),
        Frequency::Weekly => rule.by_month.is_empty(),
        Frequency::Monthly => rule.by_month.is_empty() && (rule.by_day.is_empty() || by_date == 0),
        Frequency::Yearly => {
            let by_day = ordinals > 0 && by_date == 0 && !rule.by_month.is_empty();
            let by_date = rule.by_day.is_empty()
                && rule.by_month_day.iter().all(|day| in_each_month(*day))
                && (by_date == 0 || !rule.by_month.is_empty());
            by_day || (by_date && (!rule.by_month_day.is_empty() || in_each_month(start.date().day())))
        }
    };
    let has_rare_lists = !rule.by_week_no.is_empty() || !rule.by_year_day.is_empty();
    alike && positions && of_frequency && !has_rare_lists
}
