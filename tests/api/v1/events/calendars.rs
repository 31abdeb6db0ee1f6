//! Calendars and linked data of one event: their tags, and their dates, which are those of
//! `GET .../occurrences`. [`reading`] reads weekly rules; the readers of others, the rest.

mod reading;

use std::{collections::BTreeSet, time::Duration};

use http::Method;
use jiff::{Timestamp, tz::TimeZone};
use reading::starts;
use serde_json::{Value, json};

use super::{dates, in_september, published, shown, tuesdays};
use crate::{
    api::v1::organizations::{Person, delete, get, patch, person, post, test},
    calendar_readers::CALENDARS,
    harness::{App, client::Reply},
};

const FORMATS: [&str; 2] = ["calendar.ics", "event.jsonld"];

fn body(reply: &Reply) -> String {
    String::from_utf8(reply.bytes.clone()).unwrap()
}

/// Asks for a text of which the caller has a version.
async fn known(app: &App, path: &str, tag: &str) -> Reply {
    let request = app.request(Method::GET, &format!("/api/v1/{path}"));
    request.header("if-none-match", tag).send().await
}

#[test]
fn a_text_is_sent_again_when_the_event_has_changed() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let event = published(app, &ada, tuesdays()).await;
        let mut tags = Vec::new();
        for format in FORMATS {
            let path = format!("{event}/{format}");
            let first = app.get(&format!("/api/v1/{path}")).await;
            assert_eq!(first.status, 200, "{format}");
            assert!(first.header("cache-control").starts_with("public, max-age="), "{format}");
            assert!(first.header("last-modified").ends_with("GMT"), "{format}");
            let tag = first.header("etag").to_owned();
            assert!(tag.starts_with('"') && tag.ends_with('"'), "{format}: {tag}");
            for text in [tag.clone(), format!("\"other\", {tag}")] {
                let again = known(app, &path, &text).await;
                assert_eq!((again.status, again.bytes.len()), (304, 0), "{format}: {text}");
                assert_eq!(again.header("etag"), tag, "{format}");
            }
            assert_eq!(body(&known(app, &path, "\"other\"").await), body(&first), "{format}");
            let head = app.request(Method::HEAD, &format!("/api/v1/{path}")).send().await;
            assert_eq!((head.status, head.bytes.len(), head.header("etag")), (200, 0, &*tag), "{format}");
            let own = get(app, &ada, &path).await;
            assert_eq!((own.header("etag"), own.header("cache-control")), (&*tag, "private, no-cache"));
            tags.push(tag);
        }
        for (change, part) in [
            (json!({ "title": "Evening of looms" }), "Evening of looms"),
            (json!({ "venue": { "city": "Potsdam" } }), "Potsdam"),
        ] {
            patch(app, &ada, &event, change).await.granted();
            for (format, tag) in FORMATS.iter().zip(&mut tags) {
                let reply = known(app, &format!("{event}/{format}"), tag).await;
                assert_eq!(reply.status, 200, "{format}: {part}");
                assert!(body(&reply).contains(part) && reply.header("etag") != tag, "{format}: {part}");
                reply.header("etag").clone_into(tag);
            }
        }
        // A known tag does not show that the event is still there.
        patch(app, &ada, &event, json!({ "visibility": "private" })).await.granted();
        for (format, tag) in FORMATS.iter().zip(&tags) {
            assert_eq!(known(app, &format!("{event}/{format}"), tag).await.status, 404, "{format}");
        }
    });
}

/// Linked data has the next dates, a calendar all of them.
#[test]
fn linked_data_are_new_after_each_date_and_the_calendar_is_not() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let event = published(app, &ada, tuesdays()).await;
        let mut tags = Vec::new();
        for format in FORMATS {
            let reply = app.get(&format!("/api/v1/{event}/{format}")).await;
            tags.push(reply.header("etag").to_owned());
        }
        app.advance(Duration::from_hours(36 * 24));
        let [calendar, data] = &tags[..] else { panic!("two tags") };
        assert_eq!(known(app, &format!("{event}/calendar.ics"), calendar).await.status, 304);
        let reply = known(app, &format!("{event}/event.jsonld"), data).await;
        assert_eq!(reply.status, 200);
        assert!(!body(&reply).contains("2026-10-06T19:00"), "{}", body(&reply));
    });
}

/// Start, end and status of each date in the API.
async fn listed(app: &App, path: &str) -> Vec<Value> {
    let list = app.get(&format!("/api/v1/{path}/occurrences?from=2026-09-01&limit=100")).await.json();
    assert_eq!(list["has_more"], false);
    list["data"].as_array().unwrap().clone()
}

/// A case for the readers: a calendar with the dates that the API lists. None of them is near
/// a change of the clocks.
async fn case(app: &App, path: &str) -> Value {
    let event = app.get(&format!("/api/v1/{path}")).await.json();
    let zone = event["schedule"]["time_zone"].as_str().unwrap();
    let (clock, all_day) = (TimeZone::get(zone).unwrap(), event["schedule"]["all_day"] == true);
    let moment = |value: &Value| {
        let at: Timestamp = value.as_str().unwrap().parse().unwrap();
        let format = if all_day { "%Y-%m-%d" } else { "%Y-%m-%dT%H:%MZ" };
        let zone = if all_day { clock.clone() } else { TimeZone::UTC };
        at.to_zoned(zone).strftime(format).to_string()
    };
    let dates = listed(app, path).await;
    let dates = dates.iter().map(|date| {
        let start = moment(&date["starts_at"]);
        json!([start, moment(&date["ends_at"]), date["status"] == "cancelled", start])
    });
    json!({
        "name": path, "zone": zone, "common": true,
        "ics": body(&app.get(&format!("/api/v1/{path}/calendar.ics")).await),
        "from": "2026-09-01T00:00Z", "to": "2027-10-06T00:00Z", "dates": dates.collect::<Value>(),
    })
}

/// Fails unless a calendar has the dates that the API lists.
async fn has_the_dates_of_the_api(app: &App, path: &str) {
    let calendar = body(&app.get(&format!("/api/v1/{path}/calendar.ics")).await);
    let listed = listed(app, path).await;
    let listed: BTreeSet<(Timestamp, bool)> = listed
        .iter()
        .map(|date| (date["starts_at"].as_str().unwrap().parse().unwrap(), date["status"] == "cancelled"))
        .collect();
    assert_eq!(starts(&calendar), listed, "{path}: {calendar}");
}

fn series(zone: &str, start: &str, count: u32) -> Value {
    let part = json!({ "start": start, "duration": "PT2H", "rule": "FREQ=WEEKLY", "count": count });
    let mut body = tuesdays();
    body["schedule"] = json!({ "time_zone": zone, "parts": [part] });
    body
}

/// The first proof of the issue: weekly dates over changes of the clocks, and single dates
/// that differ.
#[test]
fn the_calendar_has_the_dates_of_the_api() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let berlin = published(app, &ada, series("Europe/Berlin", "2026-10-06T19:00", 30)).await;
        let santiago = published(app, &ada, series("America/Santiago", "2027-03-18T19:00", 6)).await;
        let mut various = series("Europe/Berlin", "2026-10-08T19:00", 8);
        various["schedule"]["added"] = json!(["2026-10-17T11:00"]);
        various["schedule"]["skipped"] = json!(["2026-10-22"]);
        let various = published(app, &ada, various).await;
        let date = |key: &str| format!("{various}/occurrences/{key}");
        post(app, &ada, &format!("{}/cancel", date("2026-10-29")), Value::Null).await.granted();
        let moved = json!({ "start": "2026-11-06T20:15", "title": "Friday" });
        patch(app, &ada, &date("2026-11-05"), moved).await.granted();
        delete(app, &ada, &date("2026-11-12")).await.granted();
        let paths = [berlin, santiago, various];
        for path in &paths {
            has_the_dates_of_the_api(app, path).await;
        }
        let mut days = tuesdays();
        let part = json!({ "start": "2026-10-23", "duration": "P2D", "rule": "FREQ=WEEKLY", "count": 3 });
        days["schedule"] = json!({ "time_zone": "Europe/Berlin", "all_day": true, "parts": [part] });
        let days = published(app, &ada, days).await;
        let mut cases = Vec::new();
        for path in paths.iter().chain([&days]) {
            cases.push(case(app, path).await);
        }
        let cases = Value::Array(cases);
        for reader in CALENDARS {
            reader.agrees(&cases);
        }
        let cancelled = json!({ "reason": "The hall is flooded." });
        post(app, &ada, &format!("{}/cancel", paths[2]), cancelled).await.granted();
        has_the_dates_of_the_api(app, &paths[2]).await;
    });
}

/// Changes date 5 and all after it, then all hours, then cancels date 12.
async fn edited(app: &App, ada: &Person, path: &str) {
    let keys: Vec<String> = dates(app, path).await.iter().map(|date| date[..10].to_owned()).collect();
    assert_eq!(keys.len(), 20);
    let fifth = json!({
        "scope": "this_and_following", "start": format!("{}T20:00", keys[4]), "title": "Late evening",
    });
    patch(app, ada, &format!("{path}/occurrences/{}", keys[4]), fifth).await.granted();
    let all = json!({ "scope": "all", "start": format!("{}T18:30", keys[0]) });
    patch(app, ada, &format!("{path}/occurrences/{}", keys[0]), all).await.granted();
    post(app, ada, &format!("{path}/occurrences/{}/cancel", keys[11]), Value::Null).await.granted();
}

/// The second proof of the issue, in the feed.
#[test]
fn calendar_readers_show_every_date_of_a_changed_series() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let before = dates(app, &path).await;
        edited(app, &ada, &path).await;
        let after = dates(app, &path).await;
        let day = |date: &String| date[..10].to_owned();
        assert_eq!(after.iter().map(day).collect::<Vec<_>>(), before.iter().map(day).collect::<Vec<_>>());
        assert_eq!(after.iter().filter(|date| date.ends_with("cancelled")).count(), 1);
        assert!(after[11].ends_with("cancelled"), "{after:?}");
        has_the_dates_of_the_api(app, &path).await;
        let case = case(app, &path).await;
        for reader in CALENDARS {
            reader.agrees(&json!([case]));
        }
        let calendar = case["ics"].as_str().unwrap();
        let id = path.trim_start_matches("events/");
        for uid in [format!("UID:{id}@"), format!("UID:{id}.2@")] {
            assert!(calendar.contains(&uid), "{calendar}");
        }
        assert_eq!(calendar.matches("STATUS:CANCELLED").count(), 1);
        assert_eq!(shown(app, &ada, &path).await["schedule"]["parts"].as_array().unwrap().len(), 2);

        // A title moves no date, and raises no SEQUENCE.
        let sequence = |calendar: &str| {
            let line = calendar.lines().find(|line| line.starts_with("SEQUENCE:")).unwrap();
            line.trim_start_matches("SEQUENCE:").trim().parse::<u32>().unwrap()
        };
        patch(app, &ada, &path, json!({ "title": "Evening of looms" })).await.granted();
        assert_eq!(dates(app, &path).await, after);
        let renamed = body(&app.get(&format!("/api/v1/{path}/calendar.ics")).await);
        assert_eq!((starts(&renamed), sequence(&renamed)), (starts(calendar), sequence(calendar)));
        let moved = json!({ "start": "2026-10-21T20:00" });
        patch(app, &ada, &format!("{path}/occurrences/2026-10-20"), moved).await.granted();
        let moved = body(&app.get(&format!("/api/v1/{path}/calendar.ics")).await);
        assert!(sequence(&moved) > sequence(calendar));
        has_the_dates_of_the_api(app, &path).await;
    });
}
