//! Refusals of requests, and fields that they may leave out.

use events::schedule::{Fault, Rule, RuleText, Schedule, ScheduleRequest};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::http::{Faults, Problem, problem::Refusal as _};

use super::helpers::{key, keys_of};

pub fn parsed(request: &Value) -> Schedule {
    let request: ScheduleRequest = ScheduleRequest::deserialize(request).expect("a request");
    request.parse(None).expect("a schedule")
}

/// Pointers and codes of the faults.
fn faults(request: Value) -> Vec<(String, &'static str)> {
    let request: ScheduleRequest = serde_json::from_value(request).expect("a request");
    let faults = request.parse(None).expect_err("refused");
    let problem = faults.explain(Problem::from(Faults::NAMED));
    problem.errors.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

/// The faults of a part that has these fields.
fn of_part(part: &Value) -> Vec<(String, &'static str)> {
    faults(json!({ "time_zone": "Europe/Berlin", "parts": [part] }))
}

#[test]
fn every_fault_is_found_at_once() {
    assert_eq!(
        faults(json!({
            "time_zone": "Mars/Olympus_Mons",
            "parts": [
                { "start": "2026-10-06T19:00", "rule": "FREQ=HOURLY" },
                { "duration": "PT2H" },
                { "start": "2026-10-13T19:00", "duration": "two hours" },
            ],
            "added": ["2026-10-24T11:00", "2026-10-24"],
            "skipped": ["29.12.2026"],
        })),
        [
            ("/time_zone".into(), "unknown_time_zone"),
            ("/parts/0/rule".into(), "invalid_rule"),
            ("/parts/1/start".into(), "required"),
            ("/parts/2/duration".into(), "invalid_duration"),
            ("/added/1".into(), "invalid_start"),
            ("/skipped/0".into(), "invalid_occurrence_key"),
        ]
    );
    assert_eq!(faults(json!({})), [("/time_zone".into(), "required"), ("/parts".into(), "required")]);
}

#[test]
fn the_first_start_fits_the_rule() {
    let part = json!({ "start": "2026-10-06T19:00", "rule": "FREQ=WEEKLY;BYDAY=WE" });
    assert_eq!(of_part(&part), [("/parts/0/start".into(), "start_not_in_rule")]);
}

#[test]
fn a_start_has_neither_offset_nor_seconds() {
    for start in [
        "2026-10-06T19:00Z",
        "2026-10-06T19:00+02:00",
        "2026-10-06T19:00:30",
        "2026-10-06 19:00",
        "2026-10-06",
        "20261006T190000",
        "2026-02-30T19:00",
        "1899-12-31T19:00",
        "2200-01-01T19:00",
        "",
        "T",
        "2026-10-06T24:00",
    ] {
        let part = json!({ "start": start });
        assert_eq!(of_part(&part), [("/parts/0/start".into(), "invalid_start")], "{start}");
    }
}

#[test]
fn an_end_is_stated_in_one_way() {
    let rule = "FREQ=DAILY";
    for (field, part) in [
        ("count", json!({ "count": 3 })),
        ("until", json!({ "until": "2026-12-01" })),
        ("until", json!({ "rule": rule, "until": "2026-10-05" })),
        ("until", json!({ "rule": rule, "until": "2026-12-01", "count": 3 })),
        ("end", json!({ "duration": "PT2H", "end": "2026-10-06T21:00" })),
        ("end", json!({ "end": "2026-10-06T18:00" })),
        ("last_day", json!({ "last_day": "2026-10-07" })),
    ] {
        let mut part = part;
        part["start"] = "2026-10-06T19:00".into();
        assert_eq!(of_part(&part), [(format!("/parts/0/{field}"), "invalid_end")], "{part}");
    }
}

#[test]
fn counts_and_lists_are_bounded() {
    for count in [0, 731, 100_000] {
        let part = json!({ "start": "2026-10-06T19:00", "rule": "FREQ=DAILY", "count": count });
        assert_eq!(of_part(&part), [("/parts/0/count".into(), "too_many_occurrences")]);
    }
    let start = json!([{ "start": "2026-10-06T19:00" }]);
    let dates = |n: usize| vec!["2026-10-24T11:00"; n];
    assert_eq!(
        faults(
            json!({ "time_zone": "Etc/UTC", "parts": start, "added": dates(101), "skipped": vec!["2026-10-24"; 401] })
        ),
        [("/added".into(), "too_many_occurrences"), ("/skipped".into(), "too_many_occurrences")]
    );
    let many = vec![json!({ "start": "2026-10-06T19:00" }); 21];
    assert_eq!(
        faults(json!({ "time_zone": "Etc/UTC", "parts": many })),
        [("/parts".into(), "invalid_parts")]
    );
    let unordered = json!([{ "start": "2026-10-06T19:00" }, { "start": "2026-10-06T20:00" }]);
    assert_eq!(
        faults(json!({ "time_zone": "Etc/UTC", "parts": unordered })),
        [("/parts".into(), "invalid_parts")]
    );
}

#[test]
fn rules_outside_the_subset_are_refused() {
    for rule in [
        "",
        "WEEKLY",
        "FREQ=",
        "FREQ=HOURLY",
        "FREQ=MINUTELY",
        "FREQ=SECONDLY",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=101",
        "FREQ=DAILY;BYHOUR=1",
        "FREQ=DAILY;BYMINUTE=1",
        "FREQ=DAILY;BYSECOND=1",
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;UNTIL=20261027",
        "FREQ=DAILY;X-A=1",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTH=-1",
        "FREQ=DAILY;BYMONTH=",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYMONTHDAY=32",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=M",
        "FREQ=MONTHLY;BYDAY=é",
        "FREQ=MONTHLY;BYYEARDAY=1",
        "FREQ=MONTHLY;BYWEEKNO=1;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=1",
        "FREQ=YEARLY;BYWEEKNO=54;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO",
        "FREQ=YEARLY;BYSETPOS=1",
        "FREQ=YEARLY;BYMONTH=1;BYSETPOS=367",
        "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;",
        "RRULE:FREQ=DAILY",
        "FREQ=YEARLY;BYYEARDAY=99999999999",
        "FREQ=DAILY;INTERVAL= 2",
    ] {
        assert!(matches!(rule.parse::<Rule>(), Err(Fault::InvalidRule(_))), "{rule}");
    }
    let long = format!("FREQ=YEARLY;BYYEARDAY={}", vec!["1"; 250].join(","));
    assert!(long.parse::<Rule>().is_err());
}

#[test]
fn a_rule_is_stored_in_one_form() {
    for (text, stored) in [
        ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
        ("byday=su,tu,TU;freq=weekly;wkst=mo;interval=1", "FREQ=WEEKLY;BYDAY=TU,SU"),
        (
            "WKST=SU;FREQ=MONTHLY;BYDAY=+2FR,-1FR;INTERVAL=02",
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,2FR;WKST=SU",
        ),
        ("FREQ=YEARLY;BYMONTH=12,1;BYMONTHDAY=-1,1", "FREQ=YEARLY;BYMONTH=1,12;BYMONTHDAY=-1,1"),
    ] {
        assert_eq!(text.parse::<Rule>().expect(text).to_string(), stored);
    }
    let read = RuleText::parse("FREQ=DAILY;COUNT=3;UNTIL=20261027").expect("read with its end");
    assert_eq!((read.count, read.until), (Some("3"), Some("20261027")));
}

#[test]
fn ends_of_requests_are_inclusive_days_and_local_times() {
    let end = |mut part: Value, all_day: bool| {
        part["start"] = if all_day { "2026-10-24".into() } else { "2026-10-24T23:00".into() };
        let request = json!({ "time_zone": "Europe/Berlin", "all_day": all_day, "parts": [part] });
        parsed(&request).parts[0].duration.to_string()
    };
    assert_eq!(end(json!({ "last_day": "2026-10-26" }), true), "P3D");
    assert_eq!(end(json!({ "duration": "P2W" }), true), "P14D");
    // Over the end of summer time: six hours on the clock.
    assert_eq!(end(json!({ "end": "2026-10-25T05:00" }), false), "PT6H");
    assert_eq!(end(json!({ "duration": "P1DT90M" }), false), "P1DT1H30M");
    assert_eq!(end(json!({}), false), "PT0M");
    for duration in
        ["P", "PT", "P1DT", "2H", "PT1.5H", "P1M", "PT2S", "P367D", "PT9999999H", "P-1D", "PT1H1H"]
    {
        let part = json!({ "start": "2026-10-06T19:00", "duration": duration });
        assert_eq!(of_part(&part), [("/parts/0/duration".into(), "invalid_duration")], "{duration}");
    }
}

#[test]
fn added_dates_keep_their_keys_and_a_dropped_key_is_not_given_again() {
    let request = |added: Value| {
        let part = json!({ "start": "2026-10-06T19:00", "rule": "FREQ=WEEKLY", "count": 2 });
        let body = json!({ "time_zone": "Europe/Berlin", "parts": [part], "added": added });
        serde_json::from_value::<ScheduleRequest>(body).expect("a request")
    };
    let two = request(json!(["2026-10-06T11:00", "2026-10-06T15:00", "2026-10-13T19:00"]));
    let two = two.parse(None).expect("a schedule");
    assert_eq!(keys_of(&two), ["2026-10-06.2", "2026-10-06.3", "2026-10-06", "2026-10-13"]);
    let other =
        request(json!(["2026-10-06T15:00", "2026-10-06T09:00"])).parse(Some(&two)).expect("a schedule");
    assert_eq!(keys_of(&other), ["2026-10-06.4", "2026-10-06.3", "2026-10-06", "2026-10-13"]);
    assert!(other.has(key("2026-10-06.3")) && !other.has(key("2026-10-06.2")));
}
