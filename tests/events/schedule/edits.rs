//! Edits: this and following, all, replacement, zone, keys that are dropped.

use events::schedule::{
    Exception, Exceptions, Fault, Key, Length, Rule, Schedule, Status,
    edit::{Ends, Keep, PartChange},
};

use super::helpers::{all, at, ends, key, keys, keys_of, local, master, series, starts};

fn rule(text: &str) -> Rule {
    text.parse().expect("a rule")
}

fn to_start(start: &str) -> PartChange {
    PartChange { start: Some(local(start)), ..PartChange::default() }
}

/// Twenty Tuesdays in Berlin: 2026-10-06 to 2027-02-16.
fn twenty() -> Schedule {
    series("Europe/Berlin", "2026-10-06T19:00", "PT2H", "FREQ=WEEKLY;BYDAY=TU", Some(20))
}

fn times(schedule: &Schedule, exceptions: &Exceptions) -> Vec<String> {
    let dates = all(schedule, exceptions, "2026-09-01T00:00Z");
    dates.iter().map(|date| date.local.to_string()).collect()
}

/// The second proof of the issue.
#[test]
fn following_then_hours_then_a_cancelled_date_lose_nothing() {
    let before = keys_of(&twenty());
    let fifth: Key = before[4].parse().expect("a key");
    let mut change = to_start("2026-11-03T20:00");
    change.changes.insert("title".to_owned(), "Late".into());
    let split = twenty().change_from(fifth, &change).expect("in the series");
    assert_eq!((split.parts.len(), split.parts[1].count), (2, Some(16)));

    // All: the first part's hours; the second says otherwise.
    let hours = split.change_all(&to_start("2026-10-06T18:30"), None).expect("changed").schedule;
    let cancelled = Exception { status: Some(Status::Cancelled), ..Exception::default() };
    let exceptions = Exceptions::from([(key(&before[11]), cancelled)]);
    let dates = all(&hours, &exceptions, "2026-09-01T00:00Z");
    assert_eq!(keys(&dates), before);
    let times: Vec<String> = dates.iter().map(|date| date.local.time().to_string()).collect();
    assert_eq!(times[..4], ["18:30:00"; 4]);
    assert_eq!(times[4..], ["20:00:00"; 16]);
    assert_eq!(dates.iter().position(|date| date.cancelled), Some(11));
    assert!(dates.iter().enumerate().all(|(place, date)| date.part == usize::from(place >= 4)));
    assert_eq!(hours.missing(before.iter().map(|text| key(text))), []);
}

#[test]
fn a_later_part_takes_over_what_it_does_not_state_otherwise() {
    let mut titled = PartChange::default();
    titled.changes.insert("title".to_owned(), "Late".into());
    let split = twenty().change_from(key("2026-11-03"), &titled).expect("in the series");
    let change = PartChange { duration: Some(Length::minutes(90)), ..to_start("2026-10-20T18:00") };
    let changed = split.change_from(key("2026-10-20"), &change).expect("in the series");
    assert_eq!(changed.parts.len(), 3);
    assert_eq!(changed.parts[2].start, local("2026-11-03T18:00"));
    assert_eq!(changed.parts[2].duration, Length::minutes(90));
    assert_eq!(changed.parts[2].changes["title"], "Late");
    assert_eq!(changed.parts[0], split.parts[0]);
}

#[test]
fn a_new_rule_rules_later_parts_of_the_same_rule() {
    let split =
        twenty().change_from(key("2026-11-03"), &to_start("2026-11-03T20:00")).expect("in the series");
    let change = PartChange { rule: Some(rule("FREQ=WEEKLY;BYDAY=WE")), ..to_start("2026-10-21T19:00") };
    let changed = split.change_from(key("2026-10-20"), &change).expect("in the series");
    let times = times(&changed, &Exceptions::new());
    assert_eq!(
        times[..6],
        [
            "2026-10-06T19:00",
            "2026-10-13T19:00",
            "2026-10-21T19:00",
            "2026-10-28T19:00",
            "2026-11-04T20:00",
            "2026-11-11T20:00",
        ]
    );
    assert_eq!(times.len(), 20);
    let dropped = changed.missing(keys_of(&twenty()).iter().map(|text| key(text)));
    assert_eq!((dropped.len(), dropped[0]), (18, key("2026-10-20")));
}

#[test]
fn an_end_from_a_date_on_drops_what_is_after_it() {
    let split =
        twenty().change_from(key("2026-11-03"), &to_start("2026-11-03T20:00")).expect("in the series");
    let until = |date: &str| PartChange {
        ends: Some(Ends::Until(date.parse().expect("a date"))),
        ..PartChange::default()
    };
    let ended = split.change_from(key("2026-10-13"), &until("2026-11-10")).expect("in the series");
    assert_eq!(keys_of(&ended).last().map(String::as_str), Some("2026-11-10"));
    let ended = split.change_from(key("2026-10-13"), &until("2026-10-20")).expect("in the series");
    assert_eq!(keys_of(&ended), ["2026-10-06", "2026-10-13", "2026-10-20"]);
    let count = PartChange { ends: Some(Ends::Count(5)), ..PartChange::default() };
    let ended = split.change_from(key("2026-10-13"), &count).expect("in the series");
    assert_eq!(keys_of(&ended).last().map(String::as_str), Some("2026-11-10"));
}

#[test]
fn a_split_at_the_first_date_changes_the_part() {
    let changed =
        twenty().change_from(key("2026-10-06"), &to_start("2026-10-06T20:00")).expect("in the series");
    assert_eq!((changed.parts.len(), changed.parts[0].count), (1, Some(20)));
}

#[test]
fn an_interval_keeps_its_phase_over_a_split() {
    let fortnights =
        series("Europe/Berlin", "2026-10-06T19:00", "PT2H", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", Some(10));
    let split =
        fortnights.change_from(key("2026-10-20"), &to_start("2026-10-20T20:00")).expect("in the series");
    assert_eq!(keys_of(&split), keys_of(&fortnights));
}

#[test]
fn a_date_moves_back_as_far_as_the_one_before_it() {
    let change = |start| PartChange { rule: Some(rule("FREQ=WEEKLY")), ..to_start(start) };
    let moved =
        twenty().change_from(key("2026-10-20"), &change("2026-10-14T19:00")).expect("after 13 October");
    assert_eq!(keys_of(&moved)[..3], ["2026-10-06", "2026-10-13", "2026-10-14"]);
    let refused = twenty().change_from(key("2026-10-20"), &change("2026-10-13T19:00"));
    assert_eq!(refused, Err(Fault::InvalidParts));
    assert_eq!(twenty().change_from(key("2026-10-21"), &PartChange::default()), Err(Fault::NotInSeries));
    assert_eq!(
        twenty().change_from(key("2026-10-20"), &to_start("2026-10-21T19:00")),
        Err(Fault::StartNotInRule)
    );
}

#[test]
fn all_of_a_running_series_is_what_has_not_begun() {
    let now = at("2026-10-13T17:00Z");
    let changed = twenty().change_all(&to_start("2026-10-20T20:00"), Some(now)).expect("changed");
    assert_eq!(changed.split_at, Some("2026-10-20".parse().expect("a date")));
    assert_eq!(
        times(&changed.schedule, &Exceptions::new())[..3],
        ["2026-10-06T19:00", "2026-10-13T19:00", "2026-10-20T20:00"]
    );
    // A minute earlier the second date has not begun.
    let changed =
        twenty().change_all(&to_start("2026-10-13T20:00"), Some(at("2026-10-13T16:59Z"))).expect("changed");
    assert_eq!(changed.split_at, Some("2026-10-13".parse().expect("a date")));
    let over = twenty().change_all(&PartChange::default(), Some(at("2027-03-01T00:00Z")));
    assert_eq!(over, Err(Fault::NotInSeries));
}

#[test]
fn hours_keep_the_exceptions_of_dates() {
    let moved = Exception { start: Some(local("2026-10-21T20:00")), ..Exception::default() };
    let longer = Exception { duration: Some(Length::minutes(240)), ..Exception::default() };
    let exceptions = Exceptions::from([(key("2026-10-20"), moved), (key("2026-10-27"), longer)]);
    let changed = master().change_all(&to_start("2026-10-06T12:00"), None).expect("changed").schedule;
    assert_eq!(
        times(&changed, &exceptions),
        ["2026-10-06T12:00", "2026-10-13T12:00", "2026-10-21T20:00", "2026-10-27T12:00", "2026-11-03T12:00",]
    );
    assert_eq!(ends(&all(&changed, &exceptions, "2026-09-01T00:00Z"))[3], "2026-10-27T15:00Z");
}

#[test]
fn replacement_keeps_what_has_begun() {
    let new = series("Europe/Berlin", "2026-10-05T10:00", "PT1H", "FREQ=WEEKLY;BYDAY=MO", None);
    let replaced = twenty().replaced(new.clone(), Some(at("2026-10-13T17:00Z"))).expect("replaced");
    assert_eq!(replaced.split_at, Some("2026-10-14".parse().expect("a date")));
    assert_eq!(
        times(&replaced.schedule, &Exceptions::new())[..4],
        ["2026-10-06T19:00", "2026-10-13T19:00", "2026-10-19T10:00", "2026-10-26T10:00",]
    );
    // Again at the same time: the second part is replaced, and none is added.
    let again = replaced.schedule.replaced(new.clone(), Some(at("2026-10-13T18:00Z"))).expect("replaced");
    assert_eq!(again.schedule, replaced.schedule);
    let before = twenty().replaced(new.clone(), Some(at("2026-10-01T00:00Z"))).expect("replaced");
    assert_eq!((before.schedule, before.split_at), (new, None));
}

#[test]
fn a_replacement_that_agrees_with_the_past_is_not_split() {
    let mut new = twenty();
    new.parts[0].count = Some(30);
    let now = Some(at("2026-10-13T17:00Z"));
    let replaced = twenty().replaced(new.clone(), now).expect("replaced");
    assert_eq!((replaced.schedule, replaced.split_at), (new.clone(), None));
    // One that would end before dates that have begun keeps them.
    new.parts[0].count = Some(1);
    let replaced = twenty().replaced(new, now).expect("replaced");
    assert_eq!(keys_of(&replaced.schedule), ["2026-10-06", "2026-10-13"]);
}

#[test]
fn a_single_date_keeps_its_key_when_it_is_rescheduled() {
    let single = |start: &str| {
        let mut single = master();
        (single.parts[0].rule, single.parts[0].count, single.parts[0].start) = (None, None, local(start));
        single.parts[0].from = local(start).date();
        single
    };
    let replaced = single("2026-10-06T19:00").replaced(single("2026-12-01T20:00"), None).expect("replaced");
    let dates = all(&replaced.schedule, &Exceptions::new(), "2026-09-01T00:00Z");
    assert_eq!((keys(&dates), starts(&dates)), (vec!["2026-10-06".into()], vec!["2026-12-01T19:00Z".into()]));
    let changed = single("2026-10-06T19:00").change_from(key("2026-10-06"), &to_start("2026-09-20T19:00"));
    assert_eq!(keys_of(&changed.expect("changed")), ["2026-10-06"]);
}

#[test]
fn dates_that_people_hold_are_kept_or_listed() {
    let old = twenty();
    let change = PartChange { rule: Some(rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")), ..PartChange::default() };
    let mut new = old.change_from(key("2026-10-20"), &change).expect("in the series");
    let held = [key("2026-10-20"), key("2026-10-27"), key("2026-11-10")];
    assert_eq!(new.missing(held), [key("2026-10-27"), key("2026-11-10")]);
    assert_eq!(new.keep(&old, held), Ok(Vec::new()));
    assert_eq!(new.missing(held), []);
    assert!(times(&new, &Exceptions::new()).contains(&"2026-10-27T19:00".to_owned()));
    // The rule comes back at another hour: the kept date stays, and the rule's is new.
    let back = PartChange { rule: Some(rule("FREQ=WEEKLY")), ..to_start("2026-10-20T20:00") };
    let back = new.change_from(key("2026-10-20"), &back).expect("in the series");
    assert_eq!(keys_of(&back)[2..5], ["2026-10-20", "2026-10-27", "2026-10-27.2"]);
    // At the same hour it is one date.
    let back = PartChange { rule: Some(rule("FREQ=WEEKLY")), ..PartChange::default() };
    let back = new.change_from(key("2026-10-20"), &back).expect("in the series");
    assert_eq!(back.added, []);
    assert_eq!(keys_of(&back)[2..5], ["2026-10-20", "2026-10-27", "2026-11-03"]);
}

#[test]
fn a_change_of_zone_keeps_the_clock_or_the_instant() {
    let zone = |name: &str| name.parse().expect("a zone");
    let clock = master().in_zone(zone("America/New_York"), Keep::Clock).expect("changed").schedule;
    assert_eq!(times(&clock, &Exceptions::new()), times(&master(), &Exceptions::new()));
    let instant = master().in_zone(zone("America/New_York"), Keep::Instant).expect("changed").schedule;
    assert_eq!(instant.parts[0].start, local("2026-10-06T13:00"));
    assert_eq!(keys_of(&instant), keys_of(&master()));
    let refused = master().in_zone(zone("Asia/Tokyo"), Keep::Instant);
    assert_eq!(refused, Err(Fault::StartOnAnotherDate), "it is Wednesday there");
    // A rule without weekdays gives the next date too, but under the key of another occurrence.
    let daily = series("Europe/Berlin", "2026-10-06T19:00", "PT2H", "FREQ=DAILY", Some(5));
    let refused = daily.in_zone(zone("Asia/Tokyo"), Keep::Instant);
    assert_eq!(refused, Err(Fault::StartOnAnotherDate));
    let mut single = master();
    (single.parts[0].rule, single.parts[0].count) = (None, None);
    let single = single.in_zone(zone("Asia/Tokyo"), Keep::Instant).expect("changed").schedule;
    assert_eq!(
        (keys_of(&single), single.parts[0].start),
        (vec!["2026-10-06".into()], local("2026-10-07T02:00"))
    );
}

#[test]
fn skipped_dates_come_back() {
    let mut schedule = master();
    schedule.skip(key("2026-10-13")).expect("given");
    assert_eq!(keys_of(&schedule).len(), 4);
    assert_eq!(schedule.missing([key("2026-10-13")]), [key("2026-10-13")]);
    schedule.restore(key("2026-10-13")).expect("given");
    assert_eq!(schedule, master());
    assert_eq!(schedule.skip(key("2026-10-14")), Err(Fault::NotInSeries));
    assert_eq!(schedule.add(local("2026-10-14")), Err(Fault::InvalidStart));
}

#[test]
fn a_running_series_becomes_all_day() {
    let new = series("Europe/Berlin", "2026-10-06", "P1D", "FREQ=WEEKLY", None);
    let replaced = twenty().replaced(new, Some(at("2026-10-13T17:00Z"))).expect("replaced");
    assert_eq!(
        times(&replaced.schedule, &Exceptions::new())[..3],
        ["2026-10-06T19:00", "2026-10-13T19:00", "2026-10-20"]
    );
}

#[test]
fn a_replacement_changes_no_exception_of_the_past() {
    let mut old = twenty();
    old.skip(key("2026-10-06")).expect("given");
    old.add(local("2026-10-08T12:00")).expect("added");
    let mut new = twenty();
    new.skip(key("2026-10-13")).expect("given");
    new.skip(key("2026-10-27")).expect("given");
    let replaced = old.replaced(new, Some(at("2026-10-13T17:00Z"))).expect("replaced");
    assert_eq!((replaced.schedule.parts.len(), replaced.split_at), (1, None));
    assert_eq!(keys_of(&replaced.schedule)[..4], ["2026-10-08", "2026-10-13", "2026-10-20", "2026-11-03"]);
}
