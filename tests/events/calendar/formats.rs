//! Files of a few events, compared with the stored ones byte by byte. With
//! `AGORA_WRITE_CALENDARS=1` the stored ones are written: read the difference.

use std::path::Path;

use events::{
    calendar::{
        Attendance, Happening, Prices, Status,
        ics::{self, Calendar},
        json_feed::{self, Feed, Hit},
        ld,
    },
    schedule::{Schedule, edit::PartChange},
};
use serde_json::json;
use shared::money::Money;

use super::helpers::{
    at, cancelled, concert, file, having, key, local, moved, series, single, tuesdays, year,
};

/// Compares a text with a stored file, which has LF for CRLF.
fn stored(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("events/calendar/stored").join(name);
    if path.extension().is_some_and(|extension| extension == "ics") {
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "a line end that is not CRLF");
    }
    let text = text.replace("\r\n", "\n");
    if std::env::var_os("AGORA_WRITE_CALENDARS").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let stored = std::fs::read_to_string(&path).expect("a stored file");
    // The members of an object have no order.
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    assert!(text == stored || json(&text).is_some_and(|text| json(&stored) == Some(text)), "{name}: {text}");
}

fn money(amount: i64) -> Money {
    Money { amount, currency: "EUR".parse().expect("known") }
}

/// A series with an added, a skipped, a moved and a cancelled date, and a second part.
fn edited() -> Happening {
    let mut schedule: Schedule =
        series("Europe/Berlin", "2026-10-06T19:00", "PT2H", "FREQ=WEEKLY;BYDAY=TU", None);
    schedule.add(local("2026-10-24T11:00")).expect("added");
    schedule.skip(key("2026-10-13")).expect("given");
    let changes =
        json!({ "title": "Late evening", "venue": { "name": "Café Größenwahn", "city": "Bremen" } });
    let change = PartChange {
        start: Some(local("2026-11-10T20:30")),
        changes: changes.as_object().expect("an object").clone(),
        ..PartChange::default()
    };
    let schedule = schedule.change_from(key("2026-11-10"), &change).expect("a part");
    let (of, mut exception) = moved("2026-10-20", "2026-10-21T20:00");
    exception.changes.insert("title".to_owned(), json!("Chamber music, moved"));
    Happening { exceptions: [(of, exception), cancelled("2026-11-17")].into(), ..concert(schedule) }
}

fn online() -> Happening {
    Happening {
        id: "evt_online".to_owned(),
        title: "Webinar: „Streicher“ & <Bläser>".to_owned(),
        status: Status::Rescheduled,
        attendance: Attendance::Mixed,
        prices: Some(Prices { lowest: money(0), highest: money(1250) }),
        previous_starts: vec![at("2026-10-01T16:00:00Z")],
        description: None,
        ..concert(single("America/Santiago", "2026-10-08T18:00", "PT1H30M"))
    }
}

fn festival() -> Happening {
    Happening {
        id: "evt_festival".to_owned(),
        title: "Festival".to_owned(),
        status: Status::Cancelled,
        prices: Some(Prices { lowest: money(1999), highest: money(1999) }),
        ..concert(single("Europe/Berlin", "2026-10-24", "P3D"))
    }
}

#[test]
fn a_series_is_the_stored_file() {
    stored("series.ics", &file(&edited()));
}

#[test]
fn a_feed_is_the_stored_file() {
    let calendar = Calendar { name: "Konzerte, Berlin; 2026", host: "agora.example.org" };
    stored("feed.ics", &ics::write(&calendar, &[concert(tuesdays()), online(), festival()]));
}

#[test]
fn linked_data_is_the_stored_file() {
    for (name, happening) in [("series", edited()), ("online", online()), ("festival", festival())] {
        stored(&format!("{name}.jsonld"), &ld::write(&happening, at("2026-10-15T00:00:00Z")));
    }
}

#[test]
fn a_json_feed_is_the_stored_file() {
    let feed = Feed {
        title: "Konzerte",
        home_page: "https://agora.example.org/events?city=Berlin",
        address: "https://agora.example.org/api/v1/events/feed.json?city=Berlin",
        by_date: true,
    };
    let happenings = [edited(), online(), festival()];
    let dates: Vec<_> = happenings.iter().map(|one| (one, year(one, at("2026-10-01T00:00:00Z")))).collect();
    let hits =
        dates.iter().flat_map(|(happening, dates)| dates.iter().take(3).map(|date| Hit { happening, date }));
    let hits: Vec<Hit<'_>> = hits.collect();
    stored("feed.json", &json_feed::write(&feed, &hits).expect("JSON"));
}

#[test]
fn equal_events_give_equal_bytes() {
    assert_eq!(file(&edited()), file(&edited()));
}

#[test]
fn each_part_has_its_own_uid() {
    let mut uids = having(&file(&edited()), "UID");
    uids.dedup();
    assert_eq!(
        uids,
        [
            "UID:evt_01k8a0b1c2d3e4f5g6h7j8k9m0@agora.example.org",
            "UID:evt_01k8a0b1c2d3e4f5g6h7j8k9m0.2@agora.example.org",
        ]
    );
}

#[test]
fn a_change_of_the_hours_keeps_exceptions() {
    let schedule = tuesdays();
    let change = PartChange { start: Some(local("2026-10-06T18:15")), ..PartChange::default() };
    let later = schedule.change_from(key("2026-10-06"), &change).expect("a part");
    for (schedule, time) in [(schedule, "190000"), (later, "181500")] {
        let exceptions = [cancelled("2026-10-27")].into();
        let file = file(&Happening { exceptions, ..concert(schedule) });
        assert_eq!(
            having(&file, "RECURRENCE-ID"),
            [format!("RECURRENCE-ID;TZID=Europe/Berlin:20261027T{time}")]
        );
    }
}

#[test]
fn a_single_date_has_its_exception_itself() {
    let exceptions = [cancelled("2026-10-24")].into();
    let file =
        file(&Happening { exceptions, ..concert(single("Europe/Berlin", "2026-10-24T10:00", "PT1H")) });
    assert_eq!(having(&file, "STATUS"), ["STATUS:CANCELLED"]);
    assert!(having(&file, "RECURRENCE-ID").is_empty() && having(&file, "RDATE").is_empty());
}

#[test]
fn a_series_without_dates_is_no_component() {
    let mut schedule = tuesdays();
    for of in ["2026-10-06", "2026-10-13", "2026-10-20", "2026-10-27", "2026-11-03"] {
        schedule.skip(key(of)).expect("given");
    }
    assert!(!file(&concert(schedule)).contains("VEVENT"));
}
