//! Stored forms.

use events::schedule::{Exception, Key, Schedule, Status};
use serde_json::json;

use super::helpers::{key, keys_of, local, master};

#[test]
fn a_schedule_is_stored_as_designed() {
    let stored = json!({
        "time_zone": "Europe/Berlin",
        "all_day": false,
        "parts": [
            {
                "from": "2026-10-06",
                "start": "2026-10-06T19:00",
                "duration": "PT2H",
                "rule": "FREQ=WEEKLY;BYDAY=TU",
                "until": "2027-06-30",
            },
            {
                "from": "2026-11-03",
                "start": "2026-11-03T20:00",
                "duration": "PT3H",
                "rule": "FREQ=WEEKLY;BYDAY=TU",
                "count": 40,
                "changes": { "title": "Late" },
            },
        ],
        "added": ["2026-10-24T11:00", { "start": "2026-11-03T11:00", "key": "2026-11-03.2" }],
        "skipped": ["2026-12-29"],
    });
    let schedule: Schedule = serde_json::from_value(stored.clone()).expect("read");
    assert_eq!(serde_json::to_value(&schedule).expect("written"), stored);
}

#[test]
fn an_exception_keeps_a_status_of_a_later_release() {
    let stored = json!({ "status": "postponed", "start": "2026-10-21T20:00", "duration": "PT2H" });
    let exception: Exception = serde_json::from_value(stored.clone()).expect("read");
    assert_eq!(exception.status, Some(Status::Other("postponed".to_owned())));
    assert_eq!(serde_json::to_value(&exception).expect("written"), stored);
    assert_eq!(serde_json::to_value(Exception::default()).expect("written"), json!({}));
}

#[test]
fn keys_have_one_form() {
    for text in ["2026-10-27", "2026-10-27.2", "2026-10-27.255"] {
        assert_eq!(key(text).to_string(), text);
    }
    for text in [
        "2026-10-27.1",
        "2026-10-27.0",
        "2026-10-27.02",
        "2026-10-27.256",
        "2026-10-27.",
        "20261027",
        "2026-10-27.+2",
        "2026-10-27T19:00",
    ] {
        assert!(text.parse::<Key>().is_err(), "{text}");
    }
    assert!(key("2026-10-27") < key("2026-10-27.2") && key("2026-10-27.2") < key("2026-10-28"));
}

#[test]
fn a_part_is_exported_with_its_end() {
    let mut series = master();
    assert_eq!(series.recurrence(0).as_deref(), Some("FREQ=WEEKLY;BYDAY=TU;COUNT=5"));
    let change =
        events::schedule::edit::PartChange { start: Some(local("2026-10-27T20:00")), ..Default::default() };
    series = series.change_from(key("2026-10-27"), &change).expect("in the series");
    assert_eq!(series.recurrence(0).as_deref(), Some("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261020T170000Z"));
    assert_eq!(series.recurrence(1).as_deref(), Some("FREQ=WEEKLY;BYDAY=TU;COUNT=2"));
    series.parts[1].count = None;
    series.parts[1].until = Some("2026-11-05".parse().expect("a date"));
    assert_eq!(series.recurrence(1).as_deref(), Some("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261103T190000Z"));
    assert_eq!(keys_of(&series).len(), 5);
}
