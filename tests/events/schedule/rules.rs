//! Rows 1 to 29 of the design: local start and rule to instants. Computed with `dateutil`
//! over naive local time, then `zoneinfo` with fold 0.

use events::schedule::Exceptions;

use super::helpers::{all, series, starts};

macro_rules! rows {
    ($($name:ident: $zone:literal $start:literal $rule:literal x $count:literal => $($answer:literal)+;)+) => {$(
        #[test]
        fn $name() {
            let series = series($zone, $start, "PT1H", $rule, Some($count));
            let from = concat!($start, ":00Z").parse::<jiff::Timestamp>().expect("an instant")
                - jiff::SignedDuration::from_hours(48);
            let dates = all(&series, &Exceptions::new(), &from.to_string());
            assert_eq!(starts(&dates), [$(concat!($answer, "Z")),+]);
        }
    )+};
}

rows! {
    row_01_berlin_a_gap_takes_the_offset_before:
        "Europe/Berlin" "2026-03-27T02:30" "FREQ=DAILY" x 5 =>
        "2026-03-27T01:30" "2026-03-28T01:30" "2026-03-29T01:30" "2026-03-30T00:30" "2026-03-31T00:30";
    row_02_berlin_a_fold_takes_the_first:
        "Europe/Berlin" "2026-10-24T02:30" "FREQ=DAILY" x 3 =>
        "2026-10-24T00:30" "2026-10-25T00:30" "2026-10-26T01:30";
    row_03_london_the_clock_stays_when_summer_ends:
        "Europe/London" "2026-10-13T19:00" "FREQ=WEEKLY" x 4 =>
        "2026-10-13T18:00" "2026-10-20T18:00" "2026-10-27T19:00" "2026-11-03T19:00";
    row_04_new_york_a_weekly_gap:
        "America/New_York" "2026-03-01T02:30" "FREQ=WEEKLY;BYDAY=SU" x 3 =>
        "2026-03-01T07:30" "2026-03-08T07:30" "2026-03-15T06:30";
    row_05_new_york_a_fold:
        "America/New_York" "2026-10-31T01:30" "FREQ=DAILY" x 3 =>
        "2026-10-31T05:30" "2026-11-01T05:30" "2026-11-02T06:30";
    row_06_moscow_months_without_a_31st_are_left_out:
        "Europe/Moscow" "2026-01-31T18:00" "FREQ=MONTHLY;BYMONTHDAY=31" x 5 =>
        "2026-01-31T15:00" "2026-03-31T15:00" "2026-05-31T15:00" "2026-07-31T15:00" "2026-08-31T15:00";
    row_07_moscow_the_last_friday:
        "Europe/Moscow" "2026-01-30T18:00" "FREQ=MONTHLY;BYDAY=-1FR" x 5 =>
        "2026-01-30T15:00" "2026-02-27T15:00" "2026-03-27T15:00" "2026-04-24T15:00" "2026-05-29T15:00";
    row_08_paris_the_29th_of_february:
        "Europe/Paris" "2028-02-29T12:00" "FREQ=YEARLY" x 3 =>
        "2028-02-29T11:00" "2032-02-29T11:00" "2036-02-29T11:00";
    row_09_helsinki_the_second_tuesday_by_position:
        "Europe/Helsinki" "2026-01-13T19:00" "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2" x 4 =>
        "2026-01-13T17:00" "2026-02-10T17:00" "2026-03-10T17:00" "2026-04-14T16:00";
    row_10_kyiv_the_last_working_day:
        "Europe/Kyiv" "2026-01-30T17:00" "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1" x 5 =>
        "2026-01-30T15:00" "2026-02-27T15:00" "2026-03-31T14:00" "2026-04-30T14:00" "2026-05-29T14:00";
    row_11_new_york_every_other_week_from_monday:
        "America/New_York" "1997-08-05T09:00" "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO" x 4 =>
        "1997-08-05T13:00" "1997-08-10T13:00" "1997-08-19T13:00" "1997-08-24T13:00";
    row_12_new_york_every_other_week_from_sunday:
        "America/New_York" "1997-08-05T09:00" "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU" x 4 =>
        "1997-08-05T13:00" "1997-08-17T13:00" "1997-08-19T13:00" "1997-08-31T13:00";
    row_13_sao_paulo_summer_time_is_abolished:
        "America/Sao_Paulo" "2018-11-03T20:00" "FREQ=YEARLY" x 3 =>
        "2018-11-03T23:00" "2019-11-03T23:00" "2020-11-03T23:00";
    row_14_lord_howe_a_fold_of_half_an_hour:
        "Australia/Lord_Howe" "2026-04-04T01:45" "FREQ=DAILY" x 3 =>
        "2026-04-03T14:45" "2026-04-04T14:45" "2026-04-05T15:15";
    row_15_lord_howe_a_gap_of_half_an_hour:
        "Australia/Lord_Howe" "2026-10-03T02:15" "FREQ=DAILY" x 3 =>
        "2026-10-02T15:45" "2026-10-03T15:45" "2026-10-04T15:15";
    row_16_apia_a_day_that_is_left_out_counts_once:
        "Pacific/Apia" "2011-12-29T10:00" "FREQ=DAILY" x 4 =>
        "2011-12-29T20:00" "2011-12-30T20:00" "2011-12-31T20:00";
    row_17_casablanca_ramadan:
        "Africa/Casablanca" "2026-02-14T10:00" "FREQ=WEEKLY" x 7 =>
        "2026-02-14T09:00" "2026-02-21T10:00" "2026-02-28T10:00" "2026-03-07T10:00" "2026-03-14T10:00"
        "2026-03-21T10:00" "2026-03-28T09:00";
    row_18_moscow_the_offset_changes_for_good:
        "Europe/Moscow" "2014-10-25T01:30" "FREQ=DAILY" x 3 =>
        "2014-10-24T21:30" "2014-10-25T21:30" "2014-10-26T22:30";
    row_19_kathmandu_an_offset_of_quarters:
        "Asia/Kathmandu" "2026-05-01T07:15" "FREQ=DAILY" x 2 => "2026-05-01T01:30" "2026-05-02T01:30";
    row_20_santiago_midnight_is_left_out:
        "America/Santiago" "2026-09-05T00:00" "FREQ=DAILY" x 3 =>
        "2026-09-05T04:00" "2026-09-06T04:00" "2026-09-07T03:00";
    row_21_beirut_midnight_is_left_out:
        "Asia/Beirut" "2026-03-28T00:00" "FREQ=DAILY" x 3 =>
        "2026-03-27T22:00" "2026-03-28T22:00" "2026-03-29T21:00";
    row_22_dublin_winter_is_the_exception:
        "Europe/Dublin" "2026-03-28T01:30" "FREQ=DAILY" x 3 =>
        "2026-03-28T01:30" "2026-03-29T01:30" "2026-03-30T00:30";
    row_23_berlin_the_clock_stays_when_summer_ends:
        "Europe/Berlin" "2026-10-20T19:00" "FREQ=WEEKLY" x 3 =>
        "2026-10-20T17:00" "2026-10-27T18:00" "2026-11-03T18:00";
    row_24_berlin_week_53:
        "Europe/Berlin" "2026-12-28T10:00" "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO" x 3 =>
        "2026-12-28T09:00" "2032-12-27T09:00" "2037-12-28T09:00";
    row_25_los_angeles_every_other_wednesday:
        "America/Los_Angeles" "2026-03-18T18:30" "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE" x 4 =>
        "2026-03-19T01:30" "2026-04-02T01:30" "2026-04-16T01:30" "2026-04-30T01:30";
    row_26_los_angeles_the_day_of_the_fold_each_year:
        "America/Los_Angeles" "2026-11-01T01:30" "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU" x 3 =>
        "2026-11-01T08:30" "2027-11-07T08:30" "2028-11-05T08:30";
    row_27_cairo_half_past_midnight_is_left_out:
        "Africa/Cairo" "2026-04-23T00:30" "FREQ=DAILY" x 3 =>
        "2026-04-22T22:30" "2026-04-23T22:30" "2026-04-24T21:30";
    row_28_almaty_the_offset_changes_for_good:
        "Asia/Almaty" "2024-02-29T09:00" "FREQ=DAILY" x 2 => "2024-02-29T03:00" "2024-03-01T04:00";
    row_29_novosibirsk_the_offset_changes_for_good:
        "Asia/Novosibirsk" "2016-07-23T09:00" "FREQ=DAILY" x 2 => "2016-07-23T03:00" "2016-07-24T02:00";
}

/// Row 16: of the two dates at one instant, the one that existed keeps its key.
#[test]
fn apia_the_date_that_existed_stays() {
    let series = series("Pacific/Apia", "2011-12-29T10:00", "PT1H", "FREQ=DAILY", Some(4));
    let dates = all(&series, &Exceptions::new(), "2011-12-01T00:00Z");
    assert_eq!(super::helpers::keys(&dates), ["2011-12-29", "2011-12-31", "2012-01-01"]);
}

/// Row 1: the clock shows the time after the gap.
#[test]
fn a_start_in_a_gap_is_shown_as_the_clock_shows_it() {
    let series = series("Europe/Berlin", "2026-03-29T02:30", "PT1H", "FREQ=DAILY", Some(2));
    let dates = all(&series, &Exceptions::new(), "2026-03-28T00:00Z");
    let shown: Vec<String> = dates.iter().map(|date| date.local.to_string()).collect();
    assert_eq!(shown, ["2026-03-29T03:30", "2026-03-30T02:30"]);
}

/// RFC 5545: the union of both. `dateutil` gives the intersection.
#[test]
fn weekdays_with_and_without_ordinals_are_united() {
    let series = series("Etc/UTC", "2026-06-01T10:00", "PT1H", "FREQ=MONTHLY;BYDAY=MO,2TU", Some(7));
    assert_eq!(
        super::helpers::keys_of(&series),
        ["2026-06-01", "2026-06-08", "2026-06-09", "2026-06-15", "2026-06-22", "2026-06-29", "2026-07-06"]
    );
}
