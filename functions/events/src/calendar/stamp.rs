//! Starts and ends in the form of RFC 3339 with the offset of their zone.

use jiff::{Timestamp, civil::Date};

use crate::schedule::{Local, Occurrence, Zone};

/// An instant with the offset of a zone: `2026-10-06T19:00:00+02:00`.
pub fn with_offset(zone: &Zone, at: Timestamp) -> String {
    let minutes = zone.offset(at) / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("{}{sign}{hours:02}:{minutes:02}", zone.clock(at).strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Start and end of an occurrence; the last day, inclusive, for one that is all-day. `None`
/// as the end of one without duration.
pub fn bounds(zone: &Zone, occurrence: &Occurrence) -> (String, Option<String>) {
    match occurrence.local {
        Local::Day(first) => (first.to_string(), Some(last_day(zone, first, occurrence.ends_at).to_string())),
        Local::Time(_) => {
            let end = (occurrence.ends_at > occurrence.starts_at).then_some(occurrence.ends_at);
            (with_offset(zone, occurrence.starts_at), end.map(|end| with_offset(zone, end)))
        }
    }
}

/// The date before the end. An end at midnight that is in a gap has a later time.
fn last_day(zone: &Zone, first: Date, ends_at: Timestamp) -> Date {
    zone.clock(ends_at).date().yesterday().map_or(first, |last| last.max(first))
}
