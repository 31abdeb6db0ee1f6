//! The duration of an event whose end is stated.

use jiff::{Unit, civil::Date};

use crate::schedule::{fault::Fault, length::Length, local::Local, zone::Zone};

impl Length {
    /// Days from a date to a later one, the end exclusive.
    pub fn of_days(start: Date, end: Date) -> Result<Self, Fault> {
        let days = start.until((Unit::Day, end)).map_err(|_| Fault::InvalidEnd)?.get_days();
        match u32::try_from(days) {
            Ok(days @ 1..=366) => Ok(Self::days(days)),
            Ok(_) | Err(_) => Err(Fault::InvalidEnd),
        }
    }
}

/// Exact duration from a local start to a local end (RFC 5545, 3.8.5.3). If the clocks
/// change between the two, the difference on the clock counts: a club night that is first
/// held on the long night would else last an hour longer for ever. All-day events without
/// an end, or with one that is their start, have one day.
pub fn length_between(start: Local, end: Local, zone: &Zone) -> Result<Length, Fault> {
    if let (Local::Day(start), Local::Day(end)) = (start, end) {
        return if start == end { Ok(Length::days(1)) } else { Length::of_days(start, end) };
    }
    let (Some(from), Some(to)) = (zone.instant(start.datetime()), zone.instant(end.datetime())) else {
        return Err(Fault::InvalidEnd);
    };
    let exact = if zone.offset(from) == zone.offset(to) {
        from.duration_until(to)
    } else {
        start.datetime().duration_until(end.datetime())
    };
    match u32::try_from(exact.as_mins()) {
        Ok(minutes) if minutes <= 366 * 24 * 60 => Ok(Length::minutes(minutes)),
        Ok(_) | Err(_) => Err(Fault::InvalidEnd),
    }
}
