//! Properties of every schedule: rules of the stored cases, with parts, added and skipped
//! dates and exceptions.

use std::sync::LazyLock;

use events::schedule::{
    Exception, Exceptions, Key, Length, Occurrence, Range, Rule, Schedule, Status, Zone, edit::PartChange,
    exchange::Stamp,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::DateTime};
use proptest::{collection::vec, option, prelude::*, sample::Index};
use serde::Deserialize;

use super::helpers::{local, series};

#[derive(Deserialize)]
struct Case {
    zone: String,
    start: String,
    rule: String,
    count: Option<u16>,
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let lines = include_str!("../oracle/rules.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).expect("a case")).collect()
});

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn first(schedule: &Schedule) -> Timestamp {
    schedule.time_zone.instant(schedule.parts[0].start.datetime()).expect("in bounds")
}

fn within(schedule: &Schedule, from: Timestamp, to: Timestamp, exceptions: &Exceptions) -> Vec<Occurrence> {
    let found = schedule.occurrences(Range::new(from, to).expect("a range"), exceptions);
    assert!(!found.more);
    found.dates
}

/// The first 400 days.
fn year(schedule: &Schedule, exceptions: &Exceptions) -> Vec<Occurrence> {
    within(schedule, first(schedule), first(schedule) + days(400), exceptions)
}

/// Keys of a schedule in its first 400 days.
fn keys(schedule: &Schedule) -> Vec<Key> {
    year(schedule, &Exceptions::new()).iter().map(|date| date.key).collect()
}

#[derive(Debug, Clone)]
struct Edits {
    added: Vec<(u16, u16)>,
    skipped: Vec<Index>,
    split: Option<(Index, u16)>,
    moved: Vec<(Index, i16, u16)>,
    cancelled: Vec<Index>,
}

fn minutes() -> impl Strategy<Value = u16> {
    (0..96u16).prop_map(|quarter| quarter * 15)
}

fn edits() -> impl Strategy<Value = Edits> {
    (
        vec((0..400u16, minutes()), 0..6),
        vec(any::<Index>(), 0..4),
        option::of((any::<Index>(), minutes())),
        vec((any::<Index>(), -200..200i16, minutes()), 0..4),
        vec(any::<Index>(), 0..3),
    )
        .prop_map(|(added, skipped, split, moved, cancelled)| Edits {
            added,
            skipped,
            split,
            moved,
            cancelled,
        })
}

fn with_time(date: DateTime, minutes: u16) -> events::schedule::Local {
    let midnight = date.with().hour(0).minute(0).build().expect("midnight");
    let at = midnight + i64::from(minutes).minutes();
    local(&at.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// A schedule and exceptions.
fn schedules() -> impl Strategy<Value = (Schedule, Exceptions)> {
    (any::<Index>(), 0..3000u32, edits()).prop_map(|(case, length, edits)| {
        let case = case.get(&CASES);
        let mut schedule = series(&case.zone, &case.start, "PT1H", &case.rule, case.count);
        schedule.parts[0].duration = Length::minutes(length);
        let start = schedule.parts[0].start.datetime();
        if let Some((at, minutes)) = edits.split {
            let key = *at.get(&keys(&schedule));
            let start = Some(with_time(key.date.to_datetime(jiff::civil::Time::midnight()), minutes));
            let change = PartChange { start, ..PartChange::default() };
            schedule = schedule.change_from(key, &change).expect("in the series");
        }
        for (day, minutes) in edits.added {
            schedule.add(with_time(start + i64::from(day).days(), minutes)).expect("added");
        }
        let given = keys(&schedule);
        let moved = edits.moved.iter().map(|(at, day, minutes)| {
            let start = with_time(start + i64::from(*day).days(), *minutes);
            (*at.get(&given), Exception { start: Some(start), ..Exception::default() })
        });
        let mut exceptions: Exceptions = moved.collect();
        for at in edits.cancelled {
            exceptions.entry(*at.get(&given)).or_default().status = Some(Status::Cancelled);
        }
        for at in edits.skipped {
            schedule.skip(*at.get(&given)).expect("given");
        }
        (schedule, exceptions)
    })
}

proptest! {
    // PROPTEST_CASES states how many: 256 without it.
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates_are_in_the_range_and_in_order((schedule, exceptions) in schedules(), from in -30..500i64, length in 1..=400i64) {
        let from = first(&schedule) + days(from);
        let to = from + days(length);
        let dates = within(&schedule, from, to, &exceptions);
        for date in &dates {
            prop_assert!(date.starts_at < to && (date.ends_at > from || date.starts_at >= from));
            prop_assert!(date.ends_at >= date.starts_at);
            prop_assert!(!schedule.skipped.contains(&date.key));
        }
        prop_assert!(dates.is_sorted_by(|one, two| (one.starts_at, one.key) < (two.starts_at, two.key)));
        let mut keys: Vec<Key> = dates.iter().map(|date| date.key).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), dates.len());
    }

    #[test]
    fn ranges_join((schedule, exceptions) in schedules(), cut in 1..400i64, minute in 0..1440i64) {
        let from = first(&schedule) - days(3);
        let (to, cut) = (from + days(400), from + days(cut) - SignedDuration::from_mins(minute));
        prop_assume!(cut > from);
        let whole = within(&schedule, from, to, &exceptions);
        let mut joined = within(&schedule, from, cut, &exceptions);
        joined.extend(within(&schedule, cut, to, &exceptions));
        joined.sort_unstable_by_key(|date| (date.starts_at, date.key));
        joined.dedup();
        prop_assert_eq!(joined, whole);
    }

    #[test]
    fn dates_are_found_by_their_keys((schedule, _) in schedules()) {
        for date in year(&schedule, &Exceptions::new()) {
            prop_assert!(schedule.has(date.key));
            let start = schedule.get(date.key).expect("given").start;
            prop_assert_eq!(schedule.time_zone.instant(start.datetime()), Some(date.starts_at));
            prop_assert_eq!(schedule.keys_of(Stamp::Instant(date.starts_at)), [date.key]);
        }
    }

    #[test]
    fn the_next_is_the_first_after((schedule, _) in schedules(), after in 0..300i64) {
        let after = first(&schedule) + days(after);
        let dates = within(&schedule, after, after + days(90), &Exceptions::new());
        if let Some(date) = dates.iter().find(|date| date.starts_at > after) {
            prop_assert_eq!(schedule.next(after).map(|next| next.starts_at), Some(date.starts_at));
        }
    }

    #[test]
    fn edits_keep_earlier_dates((schedule, exceptions) in schedules(), at in any::<Index>(), minutes in minutes(), length in 0..300u32) {
        let before = year(&schedule, &exceptions);
        let given = keys(&schedule);
        prop_assume!(!given.is_empty());
        let key = *at.get(&given);
        let start = with_time(key.date.to_datetime(jiff::civil::Time::midnight()), minutes);
        let ruled = schedule.get(key).expect("given");
        let first_ruled = ruled.start.date() == key.date && !schedule.added.iter().any(|added| added.key == key);
        let change = PartChange { start: Some(start), duration: Some(Length::minutes(length)), ..PartChange::default() };
        prop_assume!(first_ruled);
        let changed = schedule.change_from(key, &change).expect("in the series");
        let after = year(&changed, &exceptions);
        let earlier = |dates: &[Occurrence]| -> Vec<Occurrence> {
            // The duration of an added date is that of the part.
            dates.iter().filter(|date| date.key.date < key.date).cloned().collect()
        };
        // A moved date of the first days can leave the range: its start is that of the series.
        prop_assume!(first(&schedule) == first(&changed));
        let added_late = |dates: Vec<Occurrence>| -> Vec<Occurrence> {
            dates.into_iter().filter(|date| !schedule.added.iter().any(|added| added.key == date.key)).collect()
        };
        prop_assert_eq!(added_late(earlier(&after)), added_late(earlier(&before)));
        // A change of hours keeps the keys; an added date that now equals one of the part is
        // one with it.
        let mut missing = changed.missing(given);
        missing.retain(|key| !schedule.added.iter().any(|added| added.key == *key));
        prop_assert_eq!(missing, []);
    }

    #[test]
    fn a_replacement_keeps_what_has_begun((old, _) in schedules(), new in any::<Index>(), now in 0..300i64) {
        let case = new.get(&CASES);
        let mut new = series("Etc/UTC", &case.start, "PT3H", &case.rule, case.count);
        new.time_zone = old.time_zone.clone();
        let now = first(&old) + days(now);
        let replaced = old.replaced(new.clone(), Some(now)).expect("replaced");
        let begun = |schedule: &Schedule| -> Vec<(Key, Timestamp)> {
            let dates = within(schedule, first(&old), first(&old) + days(400), &Exceptions::new());
            let dates = dates.iter().filter(|date| date.starts_at <= now);
            dates.map(|date| (date.key, date.starts_at)).collect()
        };
        if let Some(split_at) = replaced.split_at {
            prop_assert_eq!(begun(&replaced.schedule), begun(&old));
            let (from, to) = (old.time_zone.day(split_at).expect("a day").0, now + days(300));
            let later = |schedule: &Schedule| -> Vec<Timestamp> {
                let dates = within(schedule, from, to, &Exceptions::new());
                dates.iter().map(|date| date.starts_at).filter(|start| *start >= from).collect()
            };
            prop_assert_eq!(later(&replaced.schedule), later(&new));
        } else {
            prop_assert_eq!(replaced.schedule.parts, new.parts);
        }
    }

    #[test]
    fn dropped_keys_can_be_kept((old, _) in schedules(), new in any::<Index>()) {
        let case = new.get(&CASES);
        let mut new = series(&case.zone, &case.start, "PT3H", &case.rule, case.count);
        new.time_zone = old.time_zone.clone();
        let held: Vec<Key> = keys(&old).into_iter().take(50).collect();
        let missing = new.missing(held.iter().copied());
        let doubles = new.keep(&old, held.iter().copied()).expect("kept");
        prop_assert_eq!(&new.missing(held), &doubles);
        for key in missing {
            let (kept, was) = (new.get(key), old.get(key).expect("given").start);
            if doubles.contains(&key) {
                prop_assert_eq!(new.keys_of(Stamp::Local(was.datetime())).len(), 1);
            } else {
                prop_assert_eq!(kept.map(|ruled| ruled.start), Some(was));
            }
        }
    }

    #[test]
    fn a_stored_schedule_is_read_back((schedule, exceptions) in schedules()) {
        let stored = serde_json::to_string(&(&schedule, &exceptions)).expect("written");
        prop_assert_eq!(serde_json::from_str::<(Schedule, Exceptions)>(&stored).expect("read"), (schedule, exceptions));
    }

    #[test]
    fn any_text_is_a_rule_or_a_fault(text in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY))?(;(BY(MONTH|DAY|WEEKNO|SETPOS|YEARDAY|MONTHDAY)|INTERVAL|WKST)=[-0-9,MOTUSA]{0,9}){0,4}") {
        if let Ok(rule) = text.parse::<Rule>() {
            prop_assert_eq!(rule.to_string().parse(), Ok(rule.clone()));
            let days: Vec<_> = events::schedule::Days::new(&rule, "2026-10-06".parse().expect("a date")).take(20).collect();
            prop_assert!(days.is_sorted_by(|one, two| one < two));
        }
    }

    #[test]
    fn any_text_is_a_value_or_a_fault(text in "\\PC{0,24}") {
        let _ = (text.parse::<Zone>(), text.parse::<Key>(), text.parse::<Length>(), text.parse::<Rule>());
        let _ = (text.parse::<events::schedule::Local>(), Stamp::parse(&text));
    }
}
