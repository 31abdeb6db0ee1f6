//! A small reader of calendars: events that are weekly on the day of their start, with a
//! number of dates or a last one, and their single dates.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan as _, civil::DateTime, tz::TimeZone};

/// A content line: name, parameters, value.
type Line = (String, String, String);

/// Instants at which the dates of a calendar start, each with whether it is cancelled.
pub fn starts(calendar: &str) -> BTreeSet<(Timestamp, bool)> {
    let unfolded = calendar.replace("\r\n ", "");
    let components = unfolded.split("BEGIN:VEVENT\r\n").skip(1);
    let components = components.map(|component| component.split("END:VEVENT").next().unwrap());
    let events: Vec<Vec<Line>> =
        components.map(|component| component.split_terminator("\r\n").map(line).collect()).collect();
    let mut dates: BTreeMap<(String, Timestamp), (Timestamp, bool)> = BTreeMap::new();
    let (single, series): (Vec<_>, Vec<_>) =
        events.iter().partition(|event| !all(event, "RECURRENCE-ID").is_empty());
    for event in series {
        for start in given(event) {
            dates.insert((text(event, "UID"), start), (start, is_cancelled(event)));
        }
    }
    for event in single {
        let [replaced] = all(event, "RECURRENCE-ID")[..] else { panic!("one RECURRENCE-ID: {event:?}") };
        let [start] = all(event, "DTSTART")[..] else { panic!("one DTSTART: {event:?}") };
        let key = (text(event, "UID"), replaced);
        assert!(dates.contains_key(&key), "RECURRENCE-ID of no date: {event:?}");
        dates.insert(key, (start, is_cancelled(event)));
    }
    dates.into_values().collect()
}

fn line(line: &str) -> Line {
    let (head, value) = line.split_once(':').unwrap_or((line, ""));
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    (name.to_owned(), parameters.to_owned(), value.to_owned())
}

fn text(event: &[Line], name: &str) -> String {
    let found = event.iter().find(|(found, ..)| found == name);
    found.map(|(.., value)| value.clone()).unwrap_or_default()
}

fn is_cancelled(event: &[Line]) -> bool {
    text(event, "STATUS") == "CANCELLED"
}

/// The instants of every property with a name.
fn all(event: &[Line], name: &str) -> Vec<Timestamp> {
    let found = event.iter().filter(|(found, ..)| found == name);
    found.map(|(_, parameters, value)| local(value).to_zoned(zone(parameters)).unwrap().timestamp()).collect()
}

fn local(value: &str) -> DateTime {
    DateTime::strptime("%Y%m%dT%H%M%S", value.trim_end_matches('Z')).unwrap()
}

fn zone(parameters: &str) -> TimeZone {
    let name = parameters.split(';').find_map(|parameter| parameter.strip_prefix("TZID="));
    name.map_or(TimeZone::UTC, |name| TimeZone::get(name).unwrap())
}

/// The starts that a component gives by itself.
fn given(event: &[Line]) -> BTreeSet<Timestamp> {
    let (_, parameters, value) = event.iter().find(|(name, ..)| name == "DTSTART").unwrap();
    let (first, zone) = (local(value), zone(parameters));
    let rule = text(event, "RRULE");
    let mut parts: BTreeMap<&str, &str> = rule.split(';').filter_map(|part| part.split_once('=')).collect();
    let mut starts = BTreeSet::new();
    if rule.is_empty() {
        starts.insert(first.to_zoned(zone).unwrap().timestamp());
    } else {
        assert_eq!(parts.remove("FREQ"), Some("WEEKLY"), "{rule}");
        let weekday = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
            [usize::try_from(first.weekday().to_monday_zero_offset()).unwrap()];
        assert_eq!(parts.remove("BYDAY").unwrap_or(weekday), weekday, "{rule}");
        let count = parts.remove("COUNT").map(|count| count.parse::<i64>().unwrap());
        let until =
            parts.remove("UNTIL").map(|until| local(until).to_zoned(TimeZone::UTC).unwrap().timestamp());
        assert!(parts.is_empty() && (count.is_some() || until.is_some()), "{rule}");
        let weeks = (0..count.unwrap_or(1_000))
            .map(|week| first.checked_add(week.weeks()).unwrap().to_zoned(zone.clone()).unwrap().timestamp());
        starts.extend(weeks.take_while(|start| until.is_none_or(|until| *start <= until)));
    }
    starts.extend(all(event, "RDATE"));
    for skipped in all(event, "EXDATE") {
        assert!(starts.remove(&skipped), "EXDATE of no date: {event:?}");
    }
    starts
}
