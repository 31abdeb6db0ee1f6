//! The yearly rule of a zone: two changes a year, each on a weekday of its month, as long
//! as the database goes.

use std::collections::VecDeque;

use jiff::civil::Weekday;

use super::clocks::Change;

/// Years that show a rule: each combination of a date and a weekday comes within 28.
const YEARS: usize = 28;

/// One of the two changes of a year.
#[derive(Debug)]
pub struct Season {
    /// First change.
    pub first: Change,
    /// Value of RRULE.
    pub rule: String,
}

/// Forms of a rule that still fit every change of a season.
#[derive(Debug, Clone, Copy)]
struct Fit {
    /// The week of the month, from its begin.
    nth: Option<i8>,
    /// True if each is the last weekday of its month.
    is_last: bool,
    /// First and last day of the month.
    days: (i8, i8),
}

impl Fit {
    fn of(change: &Change) -> Self {
        let date = change.local.date();
        let is_last = date.day() + 7 > date.days_in_month();
        Self { nth: Some((date.day() - 1) / 7 + 1), is_last, days: (date.day(), date.day()) }
    }

    /// The forms that fit both; `None` without any.
    fn with(self, other: Self) -> Option<Self> {
        let fit = Self {
            nth: self.nth.filter(|nth| Some(*nth) == other.nth),
            is_last: self.is_last && other.is_last,
            days: (self.days.0.min(other.days.0), self.days.1.max(other.days.1)),
        };
        (fit.nth.is_some() || fit.is_last || fit.days.1 - fit.days.0 < 7).then_some(fit)
    }

    fn rule(self, change: &Change) -> String {
        let date = change.local.date();
        let weekday = weekday(date.weekday());
        let month = date.month();
        match self {
            Self { is_last: true, .. } => format!("FREQ=YEARLY;BYMONTH={month};BYDAY=-1{weekday}"),
            Self { nth: Some(nth), .. } => format!("FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{weekday}"),
            // "The first Sunday from the 2nd on": Chile.
            Self { days: (first, last), .. } => {
                let days: Vec<String> = (first..=last).map(|day| day.to_string()).collect();
                format!("FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={};BYDAY={weekday}", days.join(","))
            }
        }
    }
}

/// Changes that no rule gives, and the two seasons of those after them, if there are any.
pub fn seasons(changes: &[Change]) -> (&[Change], Vec<Season>) {
    let mut fits: VecDeque<Fit> = VecDeque::new();
    let mut start = changes.len();
    for (place, change) in changes.iter().enumerate().rev() {
        let fit = match changes.get(place + 2) {
            None => Some(Fit::of(change)),
            Some(next) if repeats(change, next) => fits.get(1).and_then(|fit| fit.with(Fit::of(change))),
            Some(_) => None,
        };
        let Some(fit) = fit else { break };
        fits.push_front(fit);
        fits.truncate(2);
        start = place;
    }
    match (changes.split_at_checked(start), fits.make_contiguous()) {
        (Some((listed, yearly @ [one, other, ..])), [first, second]) if yearly.len() >= 2 * YEARS => {
            let season =
                |change: &Change, fit: &Fit| Season { first: change.clone(), rule: fit.rule(change) };
            (listed, vec![season(one, first), season(other, second)])
        }
        _ => (changes, Vec::new()),
    }
}

/// True if a change comes again a year later, at the same time of the same weekday.
fn repeats(change: &Change, next: &Change) -> bool {
    let (date, later) = (change.local.date(), next.local.date());
    change.kind == next.kind
        && change.local.time() == next.local.time()
        && date.year() + 1 == later.year()
        && date.month() == later.month()
        && date.weekday() == later.weekday()
}

fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}
