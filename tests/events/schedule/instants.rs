//! Occurrences of a range, the next one and the last one.

use events::schedule::{Exceptions, Fault, Range};

use super::helpers::{at, key, keys, master, series};

#[test]
fn an_occurrence_under_way_is_in_the_range() {
    let range = |from: &str, to: &str| Range::new(at(from), at(to)).expect("a range");
    let none = Exceptions::new();
    let found = |from, to| keys(&master().occurrences(range(from, to), &none).dates);
    assert_eq!(found("2026-10-06T18:00Z", "2026-10-06T18:01Z"), ["2026-10-06"]);
    assert_eq!(found("2026-10-06T19:00Z", "2026-10-13T17:00Z"), [""; 0]);
    assert_eq!(found("2026-10-06T16:00Z", "2026-10-06T17:00Z"), [""; 0]);
}

#[test]
fn an_occurrence_without_duration_counts_by_its_start() {
    let series = series("Etc/UTC", "2026-10-06T19:00", "PT0M", "FREQ=DAILY", None);
    let range = Range::new(at("2026-10-06T19:00Z"), at("2026-10-07T19:00Z")).expect("a range");
    assert_eq!(keys(&series.occurrences(range, &Exceptions::new()).dates), ["2026-10-06"]);
}

#[test]
fn a_range_has_at_most_400_days_and_750_dates() {
    let from = at("2026-01-01T00:00Z");
    let days = |days: i64| Range::new(from, from + jiff::SignedDuration::from_hours(24 * days));
    assert!(days(400).is_ok());
    for refused in [0, -1, 401] {
        assert_eq!(days(refused), Err(Fault::InvalidRange));
    }
    // 400 days of a daily event of 366 days: 766 are under way.
    let series = series("Etc/UTC", "2020-01-01T00:00", "P366D", "FREQ=DAILY", None);
    let found = series.occurrences(days(400).expect("a range"), &Exceptions::new());
    assert!(found.more && found.dates.len() == 750);
}

#[test]
fn the_next_occurrence_is_found_without_a_range() {
    let yearly = series("Europe/Paris", "2028-02-29T12:00", "PT1H", "FREQ=YEARLY", None);
    let next = yearly.next(at("2096-03-01T00:00Z")).expect("eight years on");
    assert_eq!(next.key, key("2104-02-29"));
    assert_eq!(master().next(at("2026-11-03T18:00Z")), None);
    let mut skipped = master();
    skipped.skip(key("2026-10-13")).expect("given");
    assert_eq!(skipped.next(at("2026-10-06T17:00Z")).map(|date| date.key), Some(key("2026-10-20")));
}

#[test]
fn a_rule_that_never_comes_again_ends() {
    let never = series("Etc/UTC", "2026-02-28T12:00", "PT1H", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", None);
    assert_eq!(never.next(at("2026-01-01T00:00Z")), None);
}

#[test]
fn the_last_occurrence_is_that_of_a_series_with_an_end() {
    let last = |schedule: &events::schedule::Schedule| schedule.last().map(|date| date.key);
    assert_eq!(last(&master()), Some(key("2026-11-03")));
    let mut skipped = master();
    skipped.skip(key("2026-11-03")).expect("given");
    assert_eq!(last(&skipped), Some(key("2026-10-27")));
    skipped.add(super::helpers::local("2027-01-01T10:00")).expect("added");
    assert_eq!(last(&skipped), Some(key("2027-01-01")));
    assert_eq!(last(&series("Etc/UTC", "2026-10-06T19:00", "PT1H", "FREQ=DAILY", None)), None);
}
