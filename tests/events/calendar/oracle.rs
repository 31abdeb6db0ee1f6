//! Two readers expand the calendars that are written: `oracle/calendars.py` with
//! `recurring-ical-events`, `oracle/calendars.mjs` with `ical.js`. Their dates are those of
//! `Schedule::occurrences`. `oracle/linked_data.py` reads JSON-LD out of HTML with `extruct`.
//!
//! `calendar_readers` runs them. `AGORA_CALENDAR_CASES` names a file that takes the cases.

use events::{
    calendar::{Happening, ld},
    schedule::{Local, Occurrence},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    helpers::{at, file, having, year},
    scenarios,
};
use crate::calendar_readers::Reader;

/// Start, end and cancellation of a date, and another start that a reader may give to one
/// that is in a gap of the clocks or comes twice: ical.js, and dateutil's zones. The end is
/// absent if the clocks change nearby: the readers keep the nominal duration, and
/// a schedule the exact one.
fn expected(happening: &Happening, date: &Occurrence) -> Value {
    let zone = &happening.schedule.time_zone;
    let (start, end) = match date.local {
        Local::Day(day) => (day.to_string(), zone.clock(date.ends_at).date().to_string()),
        Local::Time(_) => (minute(date.starts_at), minute(date.ends_at)),
    };
    let near = SignedDuration::from_hours(4);
    let offsets = [date.starts_at - near, date.ends_at + near].map(|at| zone.offset(at));
    let change = SignedDuration::from_secs(i64::from(offsets[0] - offsets[1]));
    match date.local {
        Local::Time(_) if !change.is_zero() => {
            json!([start, null, date.cancelled, minute(date.starts_at + change)])
        }
        Local::Day(_) | Local::Time(_) => json!([start, end, date.cancelled, start]),
    }
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%MZ").to_string()
}

/// True for rules that ical.js expands as RFC 5545 states. The others of a file have no end,
/// or more than 200 dates: else their dates would be listed.
fn is_common(rule: &str) -> bool {
    let mut parts: Vec<(&str, &str)> =
        rule.trim_start_matches("RRULE:").split(';').filter_map(|part| part.split_once('=')).collect();
    parts.retain(|(name, _)| !matches!(*name, "INTERVAL" | "COUNT" | "UNTIL" | "WKST"));
    let days = parts.iter().find(|(name, _)| *name == "BYDAY").map_or("", |(_, days)| days);
    let ordinals = days.split(',').filter(|day| day.len() > 2).count();
    let alike = ordinals == 0 || ordinals == days.split(',').count();
    let names: Vec<&str> = parts.iter().skip(1).map(|(name, _)| *name).collect();
    let is_listed = match (parts[0].1, &names[..]) {
        ("DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY", [])
        | ("WEEKLY" | "MONTHLY", ["BYDAY"])
        | ("MONTHLY", ["BYMONTHDAY"])
        | ("YEARLY", ["BYMONTH"] | ["BYMONTH", "BYMONTHDAY"]) => true,
        ("MONTHLY", ["BYDAY", "BYSETPOS"]) => ordinals == 0,
        ("YEARLY", ["BYMONTH", "BYDAY"]) => ordinals > 0,
        _ => false,
    };
    alike && is_listed
}

/// A JSON array of cases.
fn cases() -> Value {
    let case = |scenario: &scenarios::Scenario| {
        let scenarios::Scenario { name, happening, from } = scenario;
        let dates = year(happening, *from);
        let dates: Vec<Value> = dates
            .iter()
            .filter(|date| date.starts_at >= *from)
            .map(|date| expected(happening, date))
            .collect();
        let to = *from + SignedDuration::from_hours(400 * 24);
        json!({
            "name": name, "ics": file(happening), "from": minute(*from), "to": minute(to), "dates": dates,
            "zone": happening.schedule.time_zone, "common": having(&file(happening), "RRULE").iter().all(|rule| is_common(rule)),
        })
    };
    scenarios::all().iter().map(case).collect()
}

#[test]
fn recurring_ical_events_gives_the_dates_of_the_schedule() {
    Reader::RecurringIcalEvents.agrees(&cases());
}

/// The zones have other names, so that the reader has the written changes of the clocks
/// only.
#[test]
fn written_zones_give_the_dates_of_the_schedule() {
    Reader::WrittenZones.agrees(&cases());
}

#[test]
fn ical_js_gives_the_dates_of_the_schedule() {
    Reader::IcalJs.agrees(&cases());
}

#[test]
fn extruct_reads_the_json_of_a_page() {
    let page = |mut happening: Happening| {
        happening.title = "</script><script>alert('&amp;')</script><!-- \u{2028}".to_owned();
        let json = ld::write(&happening, at("2026-09-01T00:00:00Z"));
        let html = format!("<html><head><script type=\"application/ld+json\">{json}</script></head></html>");
        json!({ "html": html, "json": serde_json::from_str::<Value>(&json).expect("JSON") })
    };
    let scenarios = scenarios::all().into_iter().take(60);
    let pages: Value = scenarios.map(|scenario| page(scenario.happening)).collect();
    Reader::Extruct.agrees(&pages);
}
