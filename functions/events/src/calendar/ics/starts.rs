//! Starts that a part gives by its own rule.

use jiff::civil::Date;

use crate::schedule::{Days, Local, Schedule};

/// The starts that a part gives, skipped ones too.
pub fn starts(schedule: &Schedule, index: usize) -> Option<impl Iterator<Item = Local>> {
    let part = schedule.parts.get(index)?;
    let next = schedule.parts.get(index + 1).and_then(|next| next.from.yesterday().ok());
    let last = part.until.into_iter().chain(next).min().unwrap_or(Date::MAX);
    let days = part.rule.as_ref().map(|rule| {
        let mut days = Days::new(rule, part.start.date());
        days.end(last);
        days
    });
    let single = days.is_none().then_some(part.start);
    let most = part.count.map_or(usize::MAX, usize::from);
    Some(single.into_iter().chain(days.into_iter().flatten().take(most).map(|day| part.start.on(day))))
}

/// True if a part gives a start by its own rule, or is that single date.
pub fn gives(schedule: &Schedule, index: usize, start: Local) -> bool {
    let Some(part) = schedule.parts.get(index) else { return false };
    let Some(rule) = part.rule.as_ref().filter(|_| part.count.is_none()) else {
        return starts(schedule, index)
            .is_some_and(|mut starts| starts.find(|given| *given >= start) == Some(start));
    };
    let next = schedule.parts.get(index + 1).map(|next| next.from);
    let is_within = part.until.is_none_or(|until| start.date() <= until)
        && next.is_none_or(|next| start.date() < next)
        && start.date() >= part.start.date();
    let mut days = Days::new(rule, part.start.date());
    days.end(start.date());
    days.seek(start.date());
    is_within && part.start.on(start.date()) == start && days.next() == Some(start.date())
}
