//! VTIMEZONE: observances of zones with all kinds of rules.

use events::schedule::Schedule;

use super::helpers::{concert, file, lines, series, single};

/// The observances of a schedule's zone, each in one line.
fn observances(schedule: Schedule) -> Vec<String> {
    let file = lines(&file(&concert(schedule))).join(" ");
    let zone = file.split("BEGIN:VTIMEZONE ").nth(1).and_then(|zone| zone.split(" END:VTIMEZONE").next());
    let zone = zone.expect("a zone").to_owned();
    zone.split(" BEGIN:").skip(1).map(|text| text.split(" END:").next().expect("an end").to_owned()).collect()
}

fn weekly(zone: &str) -> Vec<String> {
    observances(series(zone, "2026-10-06T19:00", "PT2H", "FREQ=WEEKLY", None))
}

#[test]
fn a_zone_with_a_yearly_rule_has_two_observances() {
    assert_eq!(
        weekly("Europe/Berlin"),
        [
            "DAYLIGHT DTSTART:20260329T020000 RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU TZOFFSETFROM:+0100 TZOFFSETTO:+0200 TZNAME:CEST",
            "STANDARD DTSTART:20261025T030000 RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU TZOFFSETFROM:+0200 TZOFFSETTO:+0100 TZNAME:CET",
        ]
    );
    assert_eq!(
        weekly("America/New_York"),
        [
            "DAYLIGHT DTSTART:20260308T020000 RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU TZOFFSETFROM:-0500 TZOFFSETTO:-0400 TZNAME:EDT",
            "STANDARD DTSTART:20261101T020000 RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU TZOFFSETFROM:-0400 TZOFFSETTO:-0500 TZNAME:EST",
        ]
    );
    assert_eq!(
        weekly("Australia/Lord_Howe"),
        [
            "DAYLIGHT DTSTART:20261004T020000 RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU TZOFFSETFROM:+1030 TZOFFSETTO:+1100 TZNAME:+11",
            "STANDARD DTSTART:20270404T020000 RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU TZOFFSETFROM:+1100 TZOFFSETTO:+1030 TZNAME:+1030",
        ]
    );
}

#[test]
fn a_winter_that_is_the_exception_is_still_the_standard() {
    assert_eq!(
        weekly("Europe/Dublin"),
        [
            "DAYLIGHT DTSTART:20260329T010000 RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU TZOFFSETFROM:+0000 TZOFFSETTO:+0100 TZNAME:IST",
            "STANDARD DTSTART:20261025T020000 RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU TZOFFSETFROM:+0100 TZOFFSETTO:+0000 TZNAME:GMT",
        ]
    );
}

#[test]
fn a_sunday_from_a_day_on_is_one_of_seven_days() {
    let chile = weekly("America/Santiago");
    assert!(chile[0].contains("RRULE:FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU "), "{chile:?}");
    assert!(chile[1].contains("RRULE:FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU "), "{chile:?}");
}

#[test]
fn changes_without_a_rule_are_listed() {
    // The last Thursday of October at 24:00 is in November at times.
    for zone in ["Africa/Cairo", "Africa/Casablanca"] {
        let used = observances(series(zone, "2024-03-01T10:00", "PT1H", "FREQ=WEEKLY", Some(60)));
        assert!(used.iter().all(|observance| !observance.contains("RRULE")), "{used:?}");
        assert!(used.iter().any(|observance| observance.matches("RDATE").count() > 1), "{used:?}");
    }
}

#[test]
fn a_zone_without_changes_has_the_last_one() {
    assert_eq!(
        weekly("Europe/Moscow"),
        ["STANDARD DTSTART:20141026T020000 TZOFFSETFROM:+0400 TZOFFSETTO:+0300 TZNAME:MSK"]
    );
    assert_eq!(
        weekly("Etc/GMT+5"),
        ["STANDARD DTSTART:19700101T000000 TZOFFSETFROM:-0500 TZOFFSETTO:-0500 TZNAME:-05"]
    );
}

#[test]
fn a_change_of_the_rule_is_before_the_rule() {
    let used = observances(series("America/New_York", "2006-03-01T10:00", "PT1H", "FREQ=WEEKLY", None));
    let starts: Vec<&str> = used.iter().filter_map(|text| text.split(' ').nth(1)).collect();
    assert_eq!(
        starts,
        [
            "DTSTART:20051030T020000",
            "DTSTART:20060402T020000",
            "DTSTART:20070311T020000",
            "DTSTART:20071104T020000"
        ]
    );
}

#[test]
fn zones_that_are_not_used_are_not_written() {
    for schedule in
        [single("Europe/Berlin", "2026-10-24", "P1D"), single("Etc/UTC", "2026-10-24T10:00", "PT1H")]
    {
        let file = file(&concert(schedule));
        assert!(!file.contains("VTIMEZONE") && !file.contains("TZID"), "{file}");
    }
}

#[test]
fn every_zone_is_written() {
    for name in jiff::tz::TimeZoneDatabase::bundled().available() {
        if name.as_str().parse::<events::schedule::Zone>().is_err() {
            continue;
        }
        for (start, count) in
            [("1900-01-01T00:00", Some(2)), ("1975-06-01T12:00", None), ("2199-12-31T23:45", None)]
        {
            let file = file(&concert(series(name.as_str(), start, "PT1H", "FREQ=DAILY", count)));
            let has_zone = file.matches("BEGIN:VTIMEZONE").count() == 1 && file.contains("BEGIN:STANDARD");
            assert!(
                has_zone || matches!(name.as_str(), "UTC" | "Etc/UTC") || file.contains("BEGIN:DAYLIGHT"),
                "{name}: {file}"
            );
        }
    }
}
