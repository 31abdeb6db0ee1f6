//! Random rules against `dateutil`: `oracle/rules.py` writes the cases. 2,000 of them are
//! stored beside it; `AGORA_SCHEDULE_CASES` names a file of more.

use std::fmt::Write as _;

use events::schedule::{Days, Exceptions, Range, Schedule};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::DateTime};
use serde::Deserialize;

use super::helpers::{at, series};

/// Cases that every run compares.
const STORED: &str = include_str!("../oracle/rules.jsonl");

#[derive(Deserialize)]
struct Case {
    zone: String,
    start: String,
    rule: String,
    count: Option<u16>,
    until: Option<String>,
    /// True if there are no dates after the listed ones.
    finished: bool,
    days: Vec<i64>,
    west: Vec<i64>,
}

impl Case {
    fn schedule(&self) -> Schedule {
        let mut schedule = series(&self.zone, &self.start, "PT1H", &self.rule, self.count);
        schedule.parts[0].until = self.until.as_ref().map(|until| until.parse().expect("a date"));
        schedule
    }

    fn locals(&self) -> Vec<DateTime> {
        let start: DateTime = self.start.parse().expect("a date-time");
        self.days.iter().map(|days| start + days.days()).collect()
    }

    fn instants(&self) -> Vec<Timestamp> {
        let utc = |(local, west): (&DateTime, &i64)| {
            jiff::tz::Offset::UTC.to_timestamp(*local + west.minutes()).expect("in bounds")
        };
        self.locals().iter().zip(&self.west).map(utc).collect()
    }

    /// Compares the dates of the rule, and two ranges of occurrences.
    fn difference(&self) -> Option<String> {
        let schedule = self.schedule();
        let part = &schedule.parts[0];
        let rule = part.rule.as_ref().expect("a rule");
        let locals = self.locals();
        let until = part.until.unwrap_or(jiff::civil::Date::MAX);
        let days = Days::new(rule, part.start.date()).take_while(|day| *day <= until);
        // One more than the listed ones, if there may be one.
        let most = self.count.map_or(locals.len() + usize::from(self.finished), usize::from);
        // Dates are listed until 2399.
        let ours: Vec<_> = days.take(most).take_while(|day| day.year() < 2400).collect();
        if ours != locals.iter().map(|local| local.date()).collect::<Vec<_>>() {
            return Some(format!("ours {ours:?}"));
        }
        let mut instants = self.instants();
        instants.sort_unstable();
        instants.dedup();
        for place in [0, instants.len() / 2] {
            let from = instants[place];
            // Releases of the zone database change later offsets.
            let mut to = (from + SignedDuration::from_hours(400 * 24)).min(at("2026-01-01T00:00Z"));
            if !self.finished {
                to = to.min(*instants.last().expect("a date"));
            }
            let Ok(range) = Range::new(from, to) else { continue };
            let found = schedule.occurrences(range, &Exceptions::new());
            let mut found: Vec<_> = found.dates.iter().map(|date| date.starts_at).collect();
            found.retain(|start| *start >= from);
            let expected = instants.iter().filter(|at| **at >= from && **at < to);
            if !expected.clone().eq(&found) {
                return Some(format!(
                    "in {from} to {to}: ours {found:?}, theirs {:?}",
                    expected.collect::<Vec<_>>()
                ));
            }
        }
        None
    }
}

fn compare(cases: &str) {
    let mut report = String::new();
    let mut differences = 0;
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).expect("a case");
        if let Some(difference) = case.difference() {
            differences += 1;
            if differences <= 10 {
                writeln!(report, "{line}\n  {difference}").expect("a string");
            }
        }
    }
    let count = cases.lines().count();
    assert!(count > 0 && differences == 0, "{differences} of {count} cases differ\n{report}");
}

#[test]
fn dates_are_those_of_dateutil() {
    compare(STORED);
}

#[test]
fn dates_of_a_file_of_cases_are_those_of_dateutil() {
    if let Some(path) = std::env::var_os("AGORA_SCHEDULE_CASES") {
        compare(&std::fs::read_to_string(path).expect("a file of cases"));
    }
}
