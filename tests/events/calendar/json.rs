//! JSON-LD and JSON Feed.

use events::{
    calendar::{
        Attendance, Happening, Status,
        json_feed::{self, Feed, Hit},
        ld,
    },
    schedule::Schedule,
};
use serde_json::{Value, json};

use super::helpers::{at, cancelled, concert, series, single, tuesdays, year};

fn read(happening: &Happening, now: &str) -> Value {
    serde_json::from_str(&ld::write(happening, at(now))).expect("JSON")
}

fn bounds(schedule: Schedule) -> Value {
    let event = read(&concert(schedule), "2026-09-01T00:00:00Z");
    json!([event["startDate"], event["endDate"]])
}

#[test]
fn times_have_the_offset_of_their_date() {
    let starts = read(&concert(tuesdays()), "2026-10-21T00:00:00Z");
    let starts: Vec<&Value> =
        starts["subEvent"].as_array().expect("dates").iter().map(|date| &date["startDate"]).collect();
    assert_eq!(starts, ["2026-10-27T19:00:00+01:00", "2026-11-03T19:00:00+01:00"]);
    let start = |zone: &str| bounds(single(zone, "2026-10-06T19:00", "PT2H"));
    assert_eq!(start("Asia/Kathmandu"), json!(["2026-10-06T19:00:00+05:45", "2026-10-06T21:00:00+05:45"]));
    assert_eq!(start("America/St_Johns"), json!(["2026-10-06T19:00:00-02:30", "2026-10-06T21:00:00-02:30"]));
    assert_eq!(start("Etc/UTC"), json!(["2026-10-06T19:00:00+00:00", "2026-10-06T21:00:00+00:00"]));
}

#[test]
fn the_last_day_is_inclusive() {
    assert_eq!(bounds(single("Europe/Berlin", "2026-10-24", "P3D")), json!(["2026-10-24", "2026-10-26"]));
    assert_eq!(bounds(single("America/Santiago", "2026-09-05", "P1D")), json!(["2026-09-05", "2026-09-05"]));
    assert_eq!(
        bounds(single("Europe/Berlin", "2026-10-24T10:00", "PT0M")),
        json!(["2026-10-24T10:00:00+02:00", null])
    );
}

#[test]
fn the_event_has_the_first_date_that_takes_place() {
    let exceptions = [cancelled("2026-10-06")].into();
    let event = read(&Happening { exceptions, ..concert(tuesdays()) }, "2026-09-01T00:00:00Z");
    assert_eq!(event["startDate"], "2026-10-13T19:00:00+02:00");
    assert_eq!(event["eventStatus"], "https://schema.org/EventScheduled");
    assert_eq!(event["subEvent"][0]["eventStatus"], "https://schema.org/EventCancelled");
}

#[test]
fn a_past_event_has_its_last_date() {
    let event = read(&concert(tuesdays()), "2028-01-01T00:00:00Z");
    assert_eq!(
        (&event["startDate"], &event["subEvent"]),
        (&json!("2026-11-03T19:00:00+01:00"), &Value::Null)
    );
}

#[test]
fn a_distant_event_has_its_first_date() {
    let event = read(&concert(tuesdays()), "2024-01-01T00:00:00Z");
    assert_eq!(event["startDate"], "2026-10-06T19:00:00+02:00");
}

#[test]
fn a_series_without_end_has_twenty_dates() {
    let daily = series("Europe/Berlin", "2026-01-01T10:00", "PT1H", "FREQ=DAILY", None);
    let event = read(&concert(daily), "2026-09-01T00:00:00Z");
    assert_eq!(event["subEvent"].as_array().map(Vec::len), Some(20));
}

#[test]
fn an_online_event_has_no_place() {
    let happening = Happening { attendance: Attendance::Online, ..concert(tuesdays()) };
    let event = read(&happening, "2026-09-01T00:00:00Z");
    assert_eq!(event["location"], json!({ "@type": "VirtualLocation", "url": happening.page }));
    assert_eq!(event["eventAttendanceMode"], "https://schema.org/OnlineEventAttendanceMode");
}

#[test]
fn no_text_ends_the_script() {
    let title = "</script><!-- & \u{2028}\u{2029}".to_owned();
    let happening = Happening { title: title.clone(), organizer: title.clone(), ..concert(tuesdays()) };
    let text = ld::write(&happening, at("2026-09-01T00:00:00Z"));
    assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON")["name"], json!(title));
}

#[test]
fn an_item_keeps_its_id_unless_each_date_is_one() {
    let happening =
        Happening { status: Status::Postponed, summary: None, description: None, ..concert(tuesdays()) };
    let dates = year(&happening, at("2026-10-01T00:00:00Z"));
    let hits = [Hit { happening: &happening, date: &dates[1] }];
    for (by_date, id) in
        [(false, "evt_01k8a0b1c2d3e4f5g6h7j8k9m0"), (true, "evt_01k8a0b1c2d3e4f5g6h7j8k9m0/2026-10-13")]
    {
        let feed = Feed {
            title: "All",
            home_page: "https://a.example",
            address: "https://a.example/feed.json",
            by_date,
        };
        let text = json_feed::write(&feed, &hits).expect("JSON");
        let item = &serde_json::from_str::<Value>(&text).expect("JSON")["items"][0];
        assert_eq!((&item["id"], &item["_event"]["status"]), (&json!(id), &json!("postponed")));
        assert_eq!(item["content_text"], "Chamber music");
    }
}
