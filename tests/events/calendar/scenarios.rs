//! Schedules that the readers expand: rows of right answers, and random edits of the rules
//! that are stored for the schedules' own oracle.

use events::{
    calendar::Happening,
    schedule::{Exception, Exceptions, Length, Schedule, Status, edit::PartChange},
};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Deserialize;

use super::helpers::{cancelled, concert, key, local, moved, series, single, tuesdays, year};

/// Number of random schedules.
const RANDOM: usize = 330;

/// Zone, start, rule, count: the rows of right answers, for changes of the clocks of all kinds.
const ROWS: &[(&str, &str, &str, u16)] = &[
    ("Europe/Berlin", "2026-03-27T02:30", "FREQ=DAILY", 5),
    ("Europe/Berlin", "2026-10-24T02:30", "FREQ=DAILY", 3),
    ("Europe/London", "2026-10-13T19:00", "FREQ=WEEKLY", 4),
    ("America/New_York", "2026-03-01T02:30", "FREQ=WEEKLY;BYDAY=SU", 3),
    ("America/New_York", "2026-10-31T01:30", "FREQ=DAILY", 3),
    ("Europe/Moscow", "2026-01-31T18:00", "FREQ=MONTHLY;BYMONTHDAY=31", 5),
    ("Europe/Moscow", "2026-01-30T18:00", "FREQ=MONTHLY;BYDAY=-1FR", 5),
    ("Europe/Paris", "2028-02-29T12:00", "FREQ=YEARLY", 3),
    ("Europe/Helsinki", "2026-01-13T19:00", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", 4),
    ("Europe/Kyiv", "2026-01-30T17:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", 5),
    ("America/New_York", "1997-08-05T09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", 4),
    ("America/New_York", "1997-08-05T09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", 4),
    ("America/Sao_Paulo", "2018-11-03T20:00", "FREQ=YEARLY", 3),
    ("Australia/Lord_Howe", "2026-04-04T01:45", "FREQ=DAILY", 3),
    ("Australia/Lord_Howe", "2026-10-03T02:15", "FREQ=DAILY", 3),
    ("Pacific/Apia", "2011-12-29T10:00", "FREQ=DAILY", 4),
    ("Africa/Casablanca", "2026-02-14T10:00", "FREQ=WEEKLY", 7),
    ("Europe/Moscow", "2014-10-25T01:30", "FREQ=DAILY", 3),
    ("Asia/Kathmandu", "2026-06-01T07:15", "FREQ=DAILY", 3),
    ("America/Santiago", "2026-09-05T00:00", "FREQ=DAILY", 3),
    ("Asia/Beirut", "2026-03-28T00:00", "FREQ=DAILY", 3),
    ("Europe/Dublin", "2026-03-28T01:30", "FREQ=DAILY", 3),
    ("Europe/Berlin", "2026-10-20T19:00", "FREQ=WEEKLY", 3),
    ("Europe/Berlin", "2026-12-28T10:00", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", 3),
    ("America/Los_Angeles", "2026-03-18T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", 4),
    ("America/Los_Angeles", "2026-11-01T01:30", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", 3),
    ("Africa/Cairo", "2026-04-23T00:30", "FREQ=DAILY", 3),
    ("Asia/Almaty", "2024-02-29T09:00", "FREQ=DAILY", 2),
    ("Asia/Novosibirsk", "2016-07-23T09:00", "FREQ=DAILY", 2),
];

/// An event and its first start.
pub struct Scenario {
    pub name: String,
    pub happening: Happening,
    pub from: Timestamp,
}

impl Scenario {
    fn new(name: impl Into<String>, schedule: Schedule, exceptions: Exceptions) -> Self {
        let starts = schedule
            .parts
            .iter()
            .map(|part| part.start)
            .chain(schedule.added.iter().map(|added| added.start));
        let first = starts.min().expect("a date").datetime();
        let from = schedule.time_zone.instant(first).expect("in bounds") - SignedDuration::from_hours(48);
        let happening = Happening { exceptions, ..concert(schedule) };
        Self { name: name.into(), happening, from }
    }
}

/// All scenarios: the rows, exceptions of the five Tuesdays, and random ones.
pub fn all() -> Vec<Scenario> {
    let mut all: Vec<Scenario> = Vec::new();
    for (row, (zone, start, rule, count)) in ROWS.iter().enumerate() {
        let name = format!("row {}", row + 1);
        all.push(Scenario::new(name, series(zone, start, "PT1H", rule, Some(*count)), Exceptions::new()));
        let endless = series(zone, start, "PT1H", rule, None);
        // Equal instants of a rule without end: the format cannot leave one out. ical.js has 1
        // March for 29 February.
        if !matches!(*zone, "Pacific/Apia" | "Europe/Paris") {
            all.push(Scenario::new(format!("row {} without end", row + 1), endless, Exceptions::new()));
        }
    }
    all.extend(exceptional());
    all.extend(in_gaps());
    let mut rng = Rng::with_seed(7);
    let rules = include_str!("../oracle/rules.jsonl").lines();
    let rules: Vec<Stored> = rules.map(|line| serde_json::from_str(line).expect("a case")).collect();
    for case in 0..RANDOM {
        let stored = &rules[rng.usize(..rules.len())];
        let (schedule, exceptions) = edited(stored, &mut rng);
        all.push(Scenario::new(format!("random {case}"), schedule, exceptions));
    }
    all
}

fn exceptional() -> Vec<Scenario> {
    let plain = Exceptions::new;
    let skipped = |keys: &[&str]| {
        let mut schedule = tuesdays();
        for of in keys {
            schedule.skip(key(of)).expect("given");
        }
        schedule
    };
    let added = |start: &str| {
        let mut schedule = tuesdays();
        schedule.add(local(start)).expect("added");
        schedule
    };
    let following = || {
        let change = PartChange {
            start: Some(local("2026-10-20T20:30")),
            duration: Some(Length::minutes(180)),
            ..PartChange::default()
        };
        tuesdays().change_from(key("2026-10-20"), &change).expect("a part")
    };
    let long = Exception { duration: Some(Length::minutes(30)), ..moved("2026-10-13", "2026-10-14T08:00").1 };
    let mut dropped = added("2026-10-24T11:00");
    dropped.skip(key("2026-10-24")).expect("given");
    let mut until = tuesdays();
    (until.parts[0].count, until.parts[0].until) = (None, Some(key("2026-10-27").date));
    let mut dates = single("Europe/Berlin", "2026-10-06T19:00", "PT2H");
    for date in ["2026-10-01T19:00", "2026-10-29T20:00", "2026-12-24T10:00"] {
        dates.add(local(date)).expect("added");
    }
    let mut skipped_first = dates.clone();
    skipped_first.skip(key("2026-10-06")).expect("given");
    let mut all_day_added = series("Europe/Berlin", "2026-10-24", "P3D", "FREQ=WEEKLY", Some(2));
    all_day_added.add(local("2026-12-06")).expect("added");
    all_day_added.skip(key("2026-10-31")).expect("given");
    vec![
        Scenario::new("O", tuesdays(), plain()),
        Scenario::new("O2", skipped(&["2026-10-13"]), plain()),
        Scenario::new("O2, the first and the last", skipped(&["2026-10-06", "2026-11-03"]), plain()),
        Scenario::new("O6", tuesdays(), [moved("2026-10-20", "2026-10-21T20:00")].into()),
        Scenario::new("O6, shorter", tuesdays(), [(key("2026-10-13"), long)].into()),
        Scenario::new("O8", tuesdays(), [cancelled("2026-10-27")].into()),
        Scenario::new("O9", added("2026-12-01T19:00"), plain()),
        Scenario::new(
            "O9, moved",
            added("2026-12-01T19:00"),
            [moved("2026-12-01", "2026-12-02T18:00")].into(),
        ),
        Scenario::new("O10", following(), plain()),
        Scenario::new(
            "O10, with exceptions",
            following(),
            [moved("2026-10-13", "2026-10-12T09:00"), cancelled("2026-10-27")].into(),
        ),
        Scenario::new("O11", dropped, plain()),
        Scenario::new("O12", added("2026-10-24T11:00"), plain()),
        Scenario::new("O12, twice a day", added("2026-10-13T11:00"), [cancelled("2026-10-13.2")].into()),
        Scenario::new("O13", until, plain()),
        Scenario::new("O17", series("Europe/Berlin", "2026-10-24", "P3D", "FREQ=WEEKLY", Some(2)), plain()),
        Scenario::new("O17, edited", all_day_added, [moved("2026-12-06", "2026-12-07")].into()),
        Scenario::new("O18", single("Europe/Berlin", "2026-10-24", "P1D"), plain()),
        Scenario::new("O19, nominal", single("Europe/Berlin", "2026-10-24T12:00", "P1D"), plain()),
        Scenario::new("O19, exact", single("Europe/Berlin", "2026-10-24T12:00", "PT24H"), plain()),
        Scenario::new(
            "O20",
            series("Europe/Berlin", "2026-10-17T23:00", "PT6H", "FREQ=WEEKLY", Some(3)),
            plain(),
        ),
        Scenario::new("O22", tuesdays(), [moved("2026-11-03", "2027-01-03T19:00")].into()),
        Scenario::new("a single date, moved", single("Europe/Berlin", "2026-10-24T12:00", "PT1H"), {
            [moved("2026-10-24", "2026-10-25T02:30")].into()
        }),
        Scenario::new("dates without a rule", dates, [cancelled("2026-10-29")].into()),
        Scenario::new("dates without a rule, the first skipped", skipped_first, plain()),
        Scenario::new("UTC", series("Etc/UTC", "2026-10-06T19:00", "PT1H", "FREQ=WEEKLY", None), plain()),
        Scenario::new(
            "UTC, cancelled",
            series("Etc/UTC", "2026-10-06T19:00", "PT1H", "FREQ=WEEKLY", Some(4)),
            [cancelled("2026-10-13")].into(),
        ),
        Scenario::new(
            "no duration",
            series("Asia/Tokyo", "2026-10-06T19:00", "PT0M", "FREQ=DAILY", Some(4)),
            plain(),
        ),
    ]
}

/// Dates in a gap of the clocks, and others at the same instant.
fn in_gaps() -> Vec<Scenario> {
    let plain = Exceptions::new;
    // The first part was moved to a time of the second.
    let two = |rule: Option<&str>| {
        let mut schedule = single("Europe/Berlin", "2026-10-20T19:00", "PT2H");
        schedule.parts[0].from = key("2026-10-06").date;
        let mut second = schedule.parts[0].clone();
        second.from = key("2026-10-13").date;
        if let Some(rule) = rule {
            second.rule = Some(rule.parse().expect("a rule"));
            second.start = local("2026-10-13T19:00");
        }
        schedule.parts.push(second);
        schedule
    };
    let in_gap = || series("Europe/Berlin", "2026-03-27T02:30", "PT1H", "FREQ=DAILY", Some(5));
    let mut twin = in_gap();
    twin.add(local("2026-03-29T03:30")).expect("added");
    let mut skipped_twin = twin.clone();
    skipped_twin.skip(key("2026-03-29")).expect("given");
    let mut skipped_added = twin.clone();
    skipped_added.skip(key("2026-03-29.2")).expect("given");
    vec![
        Scenario::new("two parts at one time", two(None), plain()),
        Scenario::new("a part at the time of a rule", two(Some("FREQ=WEEKLY;BYDAY=TU")), plain()),
        Scenario::new("in a gap, moved", in_gap(), [moved("2026-03-29", "2026-03-29T09:00")].into()),
        Scenario::new(
            "in a gap, skipped",
            {
                let mut schedule = in_gap();
                schedule.skip(key("2026-03-29")).expect("given");
                schedule
            },
            plain(),
        ),
        Scenario::new("in a gap, with a twin", twin.clone(), plain()),
        Scenario::new("in a gap, with a twin, cancelled", twin, [cancelled("2026-03-29.2")].into()),
        Scenario::new("in a gap, skipped, with a twin", skipped_twin, plain()),
        Scenario::new("in a gap, with a skipped twin", skipped_added, plain()),
    ]
}

#[derive(Deserialize)]
struct Stored {
    zone: String,
    start: String,
    rule: String,
    count: Option<u16>,
    until: Option<String>,
}

fn edited(stored: &Stored, rng: &mut Rng) -> (Schedule, Exceptions) {
    let Stored { zone, start, rule, count, until } = stored;
    let all_day = rng.u8(..6) == 0;
    let (start, length) = if all_day {
        (&start[..10], Length::days(rng.u32(1..4)))
    } else {
        (start.as_str(), Length::minutes(15 * rng.u32(..16)))
    };
    let mut schedule = series(zone, start, "P1D", rule, *count);
    schedule.parts[0].duration = length;
    schedule.parts[0].until = until.as_ref().map(|until| until.parse().expect("a date"));
    let scenario = Scenario::new("", schedule.clone(), Exceptions::new());
    let given: Vec<_> = year(&scenario.happening, scenario.from).iter().map(|date| date.key).collect();
    let first = schedule.parts[0].start;
    let random = |rng: &mut Rng, days: std::ops::Range<i64>| {
        let date = first.date() + rng.i64(days).days();
        if all_day { date.to_string() } else { format!("{date}T{:02}:{:02}", rng.u8(..24), 15 * rng.u8(..4)) }
    };
    if rng.bool() && !all_day {
        let key = given[rng.usize(..given.len())];
        let start = Some(local(&format!("{}T{:02}:30", key.date, rng.u8(..24))));
        if let Ok(split) = schedule.change_from(key, &PartChange { start, ..PartChange::default() }) {
            schedule = split;
        }
    }
    for _ in 0..rng.usize(..4) {
        let start = random(rng, 0..300);
        schedule.add(local(&start)).expect("added");
    }
    let mut exceptions = Exceptions::new();
    for _ in 0..rng.usize(..3) {
        let start = random(rng, -100..100);
        let key = given[rng.usize(..given.len())];
        exceptions.insert(key, Exception { start: Some(local(&start)), ..Exception::default() });
    }
    for _ in 0..rng.usize(..3) {
        exceptions.entry(given[rng.usize(..given.len())]).or_default().status = Some(Status::Cancelled);
    }
    for _ in 0..rng.usize(..3) {
        let key = given[rng.usize(..given.len())];
        // A split can drop the key.
        if schedule.has(key) {
            schedule.skip(key).expect("given");
        }
    }
    (schedule, exceptions)
}
