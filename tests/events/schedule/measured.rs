//! The time of expansion: run by hand in a release build.

use std::{hint::black_box, time::Instant};

use events::schedule::{Exceptions, Range};

use super::helpers::{at, series};

/// 57 weekly dates take about 30 µs, 400 daily ones 80 µs, on a loaded machine of two cores.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stdout, reason = "a measurement")]
fn expansion_takes_microseconds() {
    for (name, start, rule, count) in [
        ("weekly, 57 dates", "2026-01-06T19:00", "FREQ=WEEKLY;BYDAY=TU", None),
        ("weekly, 57 dates, begun in 1990", "1990-01-02T19:00", "FREQ=WEEKLY;BYDAY=TU", None),
        ("weekly, counted", "2024-01-02T19:00", "FREQ=WEEKLY;BYDAY=TU", Some(730)),
        ("daily, 400 dates", "2026-01-01T19:00", "FREQ=DAILY", None),
        (
            "monthly, last working day",
            "2026-01-30T19:00",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            None,
        ),
        ("yearly, week 53", "2026-12-28T10:00", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", None),
    ] {
        let schedule = series("Europe/Berlin", start, "PT2H", rule, count);
        let range = Range::new(at("2026-01-01T00:00Z"), at("2027-02-05T00:00Z")).expect("a range");
        let none = Exceptions::new();
        let dates = schedule.occurrences(range, &none).dates.len();
        let began = Instant::now();
        for _ in 0..2000 {
            black_box(schedule.occurrences(black_box(range), &none));
        }
        println!("{name}: {dates} dates in {:?}", began.elapsed() / 2000);
    }
}
