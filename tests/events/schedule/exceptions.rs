//! Rows O2 to O22 of the design: exceptions of the master O, and values of iCalendar that
//! an import has. The import itself is not here.

use events::schedule::{
    Added, Exception, Exceptions, Key, Length, Occurrence, Part, RuleText, Schedule, Status,
    edit::PartChange,
    exchange::{Stamp, length_between, with_first},
};

use super::helpers::{all, at, ends, key, keys, local, master, series, starts};

const MASTER: [&str; 5] =
    ["2026-10-06T17:00Z", "2026-10-13T17:00Z", "2026-10-20T17:00Z", "2026-10-27T18:00Z", "2026-11-03T18:00Z"];

fn dates(schedule: &Schedule, exceptions: &Exceptions) -> Vec<Occurrence> {
    all(schedule, exceptions, "2026-09-01T00:00Z")
}

fn plain(schedule: &Schedule) -> Vec<String> {
    starts(&dates(schedule, &Exceptions::new()))
}

fn stamp(text: &str) -> Stamp {
    Stamp::parse(text).expect("a value")
}

/// The master without the dates that EXDATE names.
fn without(exdate: &str) -> Vec<String> {
    let mut schedule = master();
    for key in schedule.keys_of(stamp(exdate)) {
        schedule.skip(key).expect("given");
    }
    plain(&schedule)
}

/// The master until a value of UNTIL, in place of its count.
fn until(value: &str) -> Vec<String> {
    let mut schedule = master();
    let text = format!("FREQ=WEEKLY;BYDAY=TU;UNTIL={value}");
    let read = RuleText::parse(&text).expect("a rule");
    let until = stamp(read.until.expect("an end"));
    let part = &mut schedule.parts[0];
    part.until = until.until(part.start.time(), &schedule.time_zone);
    part.count = None;
    plain(&schedule)
}

#[test]
fn the_master_has_five_dates() {
    assert_eq!(plain(&master()), MASTER);
}

#[test]
fn row_o2_exdate_as_local_time() {
    assert_eq!(without("20261013T190000"), [MASTER[0], MASTER[2], MASTER[3], MASTER[4]]);
}

#[test]
fn row_o3_exdate_as_instant() {
    assert_eq!(without("20261013T170000Z"), [MASTER[0], MASTER[2], MASTER[3], MASTER[4]]);
}

#[test]
fn row_o4_exdate_as_date() {
    assert_eq!(without("20261013"), [MASTER[0], MASTER[2], MASTER[3], MASTER[4]]);
}

#[test]
fn row_o5_exdate_of_another_hour_matches_nothing() {
    assert_eq!(without("20261013T180000"), MASTER);
    assert_eq!(without("20261013T180000Z"), MASTER);
}

fn moved(start: &str) -> Exception {
    Exception { start: Some(local(start)), ..Exception::default() }
}

fn o6(recurrence_id: &str) {
    let key_named = master().keys_of(stamp(recurrence_id));
    assert_eq!(key_named, [key("2026-10-20")]);
    let exceptions = Exceptions::from([(key_named[0], moved("2026-10-21T20:00"))]);
    let dates = dates(&master(), &exceptions);
    assert_eq!(starts(&dates), [MASTER[0], MASTER[1], "2026-10-21T18:00Z", MASTER[3], MASTER[4]]);
    assert_eq!(ends(&dates)[2], "2026-10-21T20:00Z");
    assert_eq!(keys(&dates)[2], "2026-10-20");
    assert!(dates[2].moved && !dates[1].moved);
}

#[test]
fn row_o6_override_keeps_the_key_of_its_date() {
    o6("20261020T190000");
}

#[test]
fn row_o7_override_named_by_an_instant() {
    o6("20261020T170000Z");
}

#[test]
fn row_o8_cancelled_is_shown_and_skipped_is_not() {
    let cancelled = Exception { status: Some(Status::Cancelled), ..Exception::default() };
    let dates = dates(&master(), &Exceptions::from([(key("2026-10-27"), cancelled)]));
    assert_eq!(starts(&dates), MASTER);
    assert_eq!(
        dates.iter().map(|date| date.cancelled).collect::<Vec<_>>(),
        [false, false, false, true, false]
    );
}

#[test]
fn row_o9_override_beside_the_rule_is_an_added_date() {
    let mut schedule = master();
    assert_eq!(schedule.keys_of(stamp("20261201T190000")), []);
    assert_eq!(schedule.add(local("2026-12-01T19:00")), Ok(key("2026-12-01")));
    assert_eq!(plain(&schedule), [&MASTER[..], &["2026-12-01T18:00Z"]].concat());
}

#[test]
fn row_o10_this_and_following_is_a_part() {
    let change = PartChange {
        start: Some(local("2026-10-20T20:30")),
        duration: Some(Length::minutes(180)),
        ..PartChange::default()
    };
    let schedule = master().change_from(key("2026-10-20"), &change).expect("in the series");
    let dates = dates(&schedule, &Exceptions::new());
    assert_eq!(
        starts(&dates),
        [MASTER[0], MASTER[1], "2026-10-20T18:30Z", "2026-10-27T19:30Z", "2026-11-03T19:30Z"]
    );
    assert_eq!(ends(&dates)[1..4], ["2026-10-13T19:00Z", "2026-10-20T21:30Z", "2026-10-27T22:30Z"]);
    assert_eq!(keys(&dates), keys(&self::dates(&master(), &Exceptions::new())));
}

fn three() -> Schedule {
    series("Europe/Berlin", "2026-10-06T19:00", "PT2H", "FREQ=WEEKLY;BYDAY=TU", Some(3))
}

#[test]
fn row_o11_exdate_wins_over_rdate() {
    let mut schedule = three();
    let key = schedule.add(local("2026-10-24T11:00")).expect("added");
    schedule.skip(key).expect("given");
    assert_eq!(plain(&schedule), MASTER[..3]);
}

#[test]
fn row_o12_rdate_that_the_rule_gives_counts_once() {
    let mut schedule = three();
    assert_eq!(schedule.add(local("2026-10-13T19:00")), Ok(key("2026-10-13")));
    assert_eq!(schedule.add(local("2026-10-24T11:00")), Ok(key("2026-10-24")));
    assert_eq!(plain(&schedule), [MASTER[0], MASTER[1], MASTER[2], "2026-10-24T09:00Z"]);
}

#[test]
fn row_o13_until_is_inclusive() {
    assert_eq!(until("20261027T180000Z"), MASTER[..4]);
}

#[test]
fn row_o14_until_of_the_summer_offset_excludes_its_date() {
    assert_eq!(until("20261027T170000Z"), MASTER[..3]);
}

#[test]
fn row_o15_until_as_local_time() {
    assert_eq!(until("20261027T190000"), MASTER[..4]);
}

#[test]
fn row_o16_until_as_date_is_inclusive() {
    assert_eq!(until("20261027"), MASTER[..4]);
}

// O17 is in `days`.

#[test]
fn row_o18_all_day_without_end_has_one_day() {
    let zone = "Europe/Berlin".parse().expect("a zone");
    let day = |start, end| length_between(local(start), local(end), &zone);
    assert_eq!(day("2026-10-24", "2026-10-24"), Ok(Length::days(1)));
    assert_eq!(day("2026-10-24", "2026-10-25"), Ok(Length::days(1)));
    assert_eq!(day("2026-10-24", "2026-10-26"), Ok(Length::days(2)));
    let request = serde_json::json!({
        "time_zone": "Europe/Berlin", "all_day": true, "parts": [{ "start": "2026-10-24" }],
    });
    assert_eq!(super::refusals::parsed(&request).parts[0].duration, Length::days(1));
}

#[test]
fn row_o19_days_are_nominal_and_hours_exact() {
    for (duration, end) in [("P1D", "2026-10-25T11:00Z"), ("PT24H", "2026-10-25T10:00Z")] {
        let series = series("Europe/Berlin", "2026-10-24T12:00", duration, "FREQ=WEEKLY", Some(1));
        assert_eq!(ends(&dates(&series, &Exceptions::new())), [end], "{duration}");
    }
}

#[test]
fn row_o20_dtend_is_an_exact_duration() {
    let zone = "Europe/Berlin".parse().expect("a zone");
    let length = length_between(local("2026-10-17T23:00"), local("2026-10-18T05:00"), &zone);
    assert_eq!(length, Ok(Length::minutes(360)));
    let series = series("Europe/Berlin", "2026-10-17T23:00", "PT6H", "FREQ=WEEKLY;BYDAY=SA", Some(3));
    let dates = dates(&series, &Exceptions::new());
    assert_eq!(starts(&dates), ["2026-10-17T21:00Z", "2026-10-24T21:00Z", "2026-10-31T22:00Z"]);
    assert_eq!(ends(&dates), ["2026-10-18T03:00Z", "2026-10-25T03:00Z", "2026-11-01T04:00Z"]);
    // The master itself crosses the change: the difference on the clock counts.
    let length = length_between(local("2026-10-24T23:00"), local("2026-10-25T05:00"), &zone);
    assert_eq!(length, Ok(Length::minutes(360)));
}

#[test]
fn row_o21_a_start_beside_the_rule_is_an_extra_date() {
    let part = Part { count: Some(3), ..Part::single(local("2026-10-06T19:00"), Length::minutes(120)) };
    let rule = "FREQ=WEEKLY;BYDAY=WE".parse().expect("a rule");
    let (part, added) = with_first(local("2026-10-06T19:00"), part, rule).expect("dates");
    assert_eq!(added, Some(Added { start: local("2026-10-06T19:00"), key: key("2026-10-06") }));
    let schedule = Schedule { parts: vec![part], added: added.into_iter().collect(), ..master() };
    assert_eq!(
        keys(&dates(&schedule, &Exceptions::new())),
        ["2026-10-06", "2026-10-07", "2026-10-14", "2026-10-21"]
    );
    // The API refuses it: see `refusals`.
}

#[test]
fn row_o22_a_moved_date_is_found_where_it_is() {
    let exceptions = Exceptions::from([(key("2026-11-03"), moved("2027-01-03T19:00"))]);
    let range = |from, to| events::schedule::Range::new(at(from), at(to)).expect("a range");
    let november = range("2026-11-01T00:00Z", "2026-12-01T00:00Z");
    let january = range("2027-01-01T00:00Z", "2027-02-01T00:00Z");
    assert_eq!(keys(&master().occurrences(november, &exceptions).dates), [""; 0]);
    let found = master().occurrences(january, &exceptions).dates;
    assert_eq!((keys(&found), starts(&found)), (vec!["2026-11-03".into()], vec!["2027-01-03T18:00Z".into()]));
}

#[test]
fn an_exception_of_a_key_that_is_not_given_has_no_effect() {
    let exceptions = Exceptions::from([(key("2026-10-07"), moved("2026-10-08T20:00"))]);
    assert_eq!(starts(&dates(&master(), &exceptions)), MASTER);
}

#[test]
fn rdate_on_a_date_of_the_rule_is_the_second_of_the_day() {
    let mut schedule = master();
    let second: Key = schedule.add(local("2026-10-13T11:00")).expect("added");
    assert_eq!(second, key("2026-10-13.2"));
    let dates = dates(&schedule, &Exceptions::new());
    assert_eq!(keys(&dates)[1..3], ["2026-10-13.2", "2026-10-13"]);
}

#[test]
fn recurrence_id_is_computed_from_the_present_time() {
    let series = master();
    assert_eq!(series.get(key("2026-10-27")).map(|ruled| ruled.start), Some(local("2026-10-27T19:00")));
    assert_eq!(series.get(key("2026-10-28")), None);
}
