//! Schedules and answers in short.

use events::schedule::{Exceptions, Key, Local, Occurrence, Part, Range, Rule, Schedule, Zone};
use jiff::Timestamp;

pub fn local(text: &str) -> Local {
    text.parse().expect("a local start")
}

pub fn key(text: &str) -> Key {
    text.parse().expect("a key")
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A series of one part.
pub fn series(zone: &str, start: &str, duration: &str, rule: &str, count: Option<u16>) -> Schedule {
    let start = local(start);
    let part = Part::single(start, duration.parse().expect("a duration"));
    Schedule {
        time_zone: zone.parse::<Zone>().expect("a zone"),
        all_day: matches!(start, Local::Day(_)),
        parts: vec![Part { rule: Some(rule.parse::<Rule>().expect("a rule")), count, ..part }],
        added: Vec::new(),
        skipped: std::collections::BTreeSet::new(),
    }
}

/// The master O of the design: five Tuesdays in Berlin, over the end of summer time.
pub fn master() -> Schedule {
    series("Europe/Berlin", "2026-10-06T19:00", "PT2H", "FREQ=WEEKLY;BYDAY=TU", Some(5))
}

/// The occurrences of 20 years from an instant on, by ranges of 400 days.
pub fn all(schedule: &Schedule, exceptions: &Exceptions, from: &str) -> Vec<Occurrence> {
    let mut from = at(from);
    let mut all: Vec<Occurrence> = Vec::new();
    for _ in 0..20 {
        let to = from + jiff::SignedDuration::from_hours(400 * 24);
        let found = schedule.occurrences(Range::new(from, to).expect("a range"), exceptions);
        assert!(!found.more);
        all.extend(found.dates.into_iter().filter(|date| date.starts_at >= from));
        from = to;
    }
    all
}

/// Starts in UTC to the minute: `2026-10-06T17:00Z`.
pub fn starts(dates: &[Occurrence]) -> Vec<String> {
    dates.iter().map(|date| minute(date.starts_at)).collect()
}

pub fn ends(dates: &[Occurrence]) -> Vec<String> {
    dates.iter().map(|date| minute(date.ends_at)).collect()
}

pub fn keys(dates: &[Occurrence]) -> Vec<String> {
    dates.iter().map(|date| date.key.to_string()).collect()
}

/// The keys of a schedule from 2026 on, without exceptions.
pub fn keys_of(schedule: &Schedule) -> Vec<String> {
    keys(&all(schedule, &Exceptions::new(), "2026-01-01T00:00Z"))
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%MZ").to_string()
}
