//! Events in short.

use events::{
    calendar::{
        Attendance, Happening, Place, Status,
        ics::{self, Calendar},
    },
    schedule::{Exception, Exceptions, Key, Local, Occurrence, Part, Range, Rule, Schedule, Zone},
};
use jiff::{SignedDuration, Timestamp};

pub fn local(text: &str) -> Local {
    text.parse().expect("a local start")
}

pub fn key(text: &str) -> Key {
    text.parse().expect("a key")
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A schedule of one date.
pub fn single(zone: &str, start: &str, duration: &str) -> Schedule {
    let start = local(start);
    Schedule {
        time_zone: zone.parse::<Zone>().expect("a zone"),
        all_day: matches!(start, Local::Day(_)),
        parts: vec![Part::single(start, duration.parse().expect("a duration"))],
        added: Vec::new(),
        skipped: std::collections::BTreeSet::new(),
    }
}

/// A series of one part.
pub fn series(zone: &str, start: &str, duration: &str, rule: &str, count: Option<u16>) -> Schedule {
    let mut schedule = single(zone, start, duration);
    schedule.parts[0].rule = Some(rule.parse::<Rule>().expect("a rule"));
    schedule.parts[0].count = count;
    schedule
}

/// Five Tuesdays in Berlin, over the end of summer time.
pub fn tuesdays() -> Schedule {
    series("Europe/Berlin", "2026-10-06T19:00", "PT2H", "FREQ=WEEKLY;BYDAY=TU", Some(5))
}

pub fn moved(key_: &str, start: &str) -> (Key, Exception) {
    (key(key_), Exception { start: Some(local(start)), ..Exception::default() })
}

pub fn cancelled(key_: &str) -> (Key, Exception) {
    (key(key_), Exception { status: Some(events::schedule::Status::Cancelled), ..Exception::default() })
}

/// A concert with most fields.
pub fn concert(schedule: Schedule) -> Happening {
    Happening {
        id: "evt_01k8a0b1c2d3e4f5g6h7j8k9m0".to_owned(),
        version: 7,
        sequence: 3,
        title: "Chamber music".to_owned(),
        summary: Some("Quartets of the 19th century".to_owned()),
        description: Some("Doors open at 18:30.\nBring a friend; or two, if you like.".to_owned()),
        status: Status::Scheduled,
        attendance: Attendance::Offline,
        place: Some(Place {
            name: Some("Kammersaal".to_owned()),
            address: Some("Lindenstraße 4".to_owned()),
            city: Some("Berlin".to_owned()),
            country: Some("DE".to_owned()),
            latitude: Some(52.5219),
            longitude: Some(13.4132),
        }),
        organizer: "Verein für Kammermusik".to_owned(),
        categories: vec!["Music".to_owned()],
        tags: vec!["strings".to_owned(), "камерная музыка".to_owned()],
        language: Some("de".to_owned()),
        images: vec!["https://img.example.org/quartet.jpg".to_owned()],
        page: "https://agora.example.org/events/chamber-music".to_owned(),
        prices: None,
        schedule,
        exceptions: Exceptions::new(),
        previous_starts: Vec::new(),
        created_at: at("2026-05-04T08:00:00Z"),
        updated_at: at("2026-09-01T12:30:15Z"),
    }
}

/// The file of an event.
pub fn file(happening: &Happening) -> String {
    ics::write(&Calendar { name: "Agora", host: "agora.example.org" }, std::slice::from_ref(happening))
}

/// The lines of a file, without folds.
pub fn lines(file: &str) -> Vec<String> {
    file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

/// The lines that have a property.
pub fn having(file: &str, property: &str) -> Vec<String> {
    let has = |line: &String| line.strip_prefix(property).is_some_and(|rest| rest.starts_with([':', ';']));
    lines(file).into_iter().filter(has).collect()
}

/// The occurrences of 400 days.
pub fn year(happening: &Happening, from: Timestamp) -> Vec<Occurrence> {
    let range = Range::new(from, from + SignedDuration::from_hours(400 * 24)).expect("a range");
    let found = happening.schedule.occurrences(range, &happening.exceptions);
    assert!(!found.more);
    found.dates
}
