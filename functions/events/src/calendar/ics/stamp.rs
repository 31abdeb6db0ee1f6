//! Values of times in the zone of a series.

use jiff::{Timestamp, tz::Offset};

use crate::schedule::{Local, Zone};

/// An instant: `20261006T170000Z`.
pub fn utc(at: Timestamp) -> String {
    Offset::UTC.to_datetime(at).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A property with a local start: `DTSTART;TZID=Europe/Berlin:20261006T190000`,
/// `DTSTART;VALUE=DATE:20261006`, and in UTC the form of an instant.
pub fn property(name: &str, zone: &Zone, start: Local) -> String {
    match start {
        Local::Day(date) => format!("{name};VALUE=DATE:{}", date.strftime("%Y%m%d")),
        Local::Time(time) if is_utc(zone) => format!("{name}:{}", time.strftime("%Y%m%dT%H%M%SZ")),
        Local::Time(time) => format!("{name};TZID={zone}:{}", time.strftime("%Y%m%dT%H%M%S")),
    }
}

/// True for the zones whose times are written as instants.
pub fn is_utc(zone: &Zone) -> bool {
    matches!(zone.to_string().as_str(), "UTC" | "Etc/UTC")
}
