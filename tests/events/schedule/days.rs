//! Days as instants, and all-day events.

use events::schedule::{Exceptions, Zone};

use super::helpers::{all, at, ends, series, starts};

#[test]
fn a_day_is_local_midnight_to_local_midnight() {
    for (zone, date, from, to, hours) in [
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z", 25),
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z", 23),
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00Z", "2026-09-07T03:00Z", 23),
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00Z", "2026-03-29T21:00Z", 23),
    ] {
        let zone: Zone = zone.parse().expect("a zone");
        let day = zone.day(date.parse().expect("a date")).expect("in bounds");
        assert_eq!(day, (at(from), at(to)), "{zone} {date}");
        assert_eq!(day.0.duration_until(day.1).as_hours(), hours);
    }
}

#[test]
fn row_o17_all_day_weekend_over_the_change_of_clocks() {
    let series = series("Europe/Berlin", "2026-10-24", "P2D", "FREQ=WEEKLY", Some(2));
    let dates = all(&series, &Exceptions::new(), "2026-10-01T00:00Z");
    assert_eq!(starts(&dates), ["2026-10-23T22:00Z", "2026-10-30T23:00Z"]);
    assert_eq!(ends(&dates), ["2026-10-25T23:00Z", "2026-11-01T23:00Z"]);
    assert_eq!(dates[0].starts_at.duration_until(dates[0].ends_at).as_hours(), 49);
    assert_eq!(dates[0].local.to_string(), "2026-10-24");
}
