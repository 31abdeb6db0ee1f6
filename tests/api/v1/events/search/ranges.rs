//! Ranges of time of a search and of its feeds.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{in_september, tuesdays},
    once, publish, titles,
};
use crate::{
    api::v1::organizations::{Person, administrator, ask, person, post, refused, test},
    harness::App,
};

const DAY: Duration = Duration::from_hours(24);

async fn dated(app: &App, person: &Person, title: &str, start: &str) -> String {
    publish(app, person, once(title, "Etc/UTC", start, &json!({}))).await
}

#[test]
fn an_event_that_takes_place_at_present_is_running() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        dated(app, &ada, "Running", "2026-09-02T10:00").await;
        dated(app, &ada, "Later", "2026-09-02T13:00").await;
        // Now it is 11:00.
        app.advance(DAY + Duration::from_hours(3));
        assert_eq!(titles(app, "").await, ["Running", "Later"]);
        assert_eq!(titles(app, "running=true").await, ["Running"]);
        assert_eq!(titles(app, "running=false").await, ["Later"]);
        let others = "running=false&from=2026-09-02&to=2026-09-02";
        assert_eq!(titles(app, others).await, ["Later"]);
        for range in ["from=2026-09-02", "to=2026-09-05", "from=2026-09-02T00:00:00Z"] {
            let reply = app.get(&format!("/api/v1/events?running=true&{range}")).await;
            assert_eq!(refused(&reply), (400, "unsupported_filter_combination"), "{range}");
        }
    });
}

#[test]
fn past_dates_are_found_for_a_month_if_asked_for() {
    test(async |app| {
        app.has_long_lists(&["events.get_events"]);
        in_september(app);
        let ada = person(app, "ada").await;
        dated(app, &ada, "Single", "2026-09-03T10:00").await;
        let mut weekly = tuesdays();
        weekly["title"] = "Weekly".into();
        weekly["schedule"]["parts"][0]["start"] = "2026-09-08T19:00".into();
        publish(app, &ada, weekly).await;
        app.advance(DAY * 20);
        app.platform.fire("EventsSweeper").await;
        app.platform.settle().await;
        // 21 September, after two dates of the series.
        assert_eq!(titles(app, "").await, ["Weekly"]);
        assert_eq!(titles(app, "from=2026-09-01").await, ["Single", "Weekly"]);
        assert_eq!(titles(app, "from=2026-09-01&status=published").await, ["Weekly"]);
        assert_eq!(titles(app, "from=2026-09-01&status=completed").await, ["Single"]);
        let september = "collapse=occurrence&from=2026-09-01&to=2026-09-30";
        assert_eq!(titles(app, september).await, ["Single", "Weekly", "Weekly", "Weekly", "Weekly"]);
        for (range, is_found) in [
            ("from=2026-08-22", true),
            ("from=2026-08-20", false),
            ("from=2026-08-20T00:00:00Z", false),
            ("to=2026-09-10", false),
            ("to=2026-09-10T00:00:00Z", false),
            ("from=2026-10-02&to=2026-10-01", false),
            ("from=2026-10-02&to=2026-10-02", true),
            ("from=2026-10-02T00:00:00Z&to=2026-10-02T00:00:00Z", false),
            ("from=2026-10-02T12:00:00Z&to=2026-10-02", true),
        ] {
            for path in ["events", "events/facets", "events/calendar.ics", "events/feed.json"] {
                let reply = app.get(&format!("/api/v1/{path}?{range}")).await;
                // A feed begins a month ago.
                let is_feed = path.contains('.');
                if is_found || is_feed && range.starts_with("to=") {
                    assert_eq!(reply.status, 200, "{path} {range}");
                } else {
                    assert_eq!(refused(&reply), (400, "unsupported_filter_combination"), "{path} {range}");
                }
            }
        }
    });
}

#[test]
fn events_beyond_400_days_are_found_when_their_time_comes() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        dated(app, &ada, "Far", "2027-10-20T10:00").await;
        assert!(titles(app, "").await.is_empty());
        app.advance(DAY * 40);
        app.platform.fire("EventsSweeper").await;
        app.platform.settle().await;
        assert_eq!(titles(app, "").await, ["Far"]);
    });
}

#[test]
fn a_feed_shows_what_was_cancelled_and_what_is_over() {
    test(async |app| {
        app.has_long_lists(&["events.get_events"]);
        in_september(app);
        let ada = person(app, "ada").await;
        dated(app, &ada, "Over", "2026-09-03T10:00").await;
        let path = dated(app, &ada, "Cancelled", "2026-10-03T10:00").await;
        post(app, &ada, &format!("{path}/cancel"), json!({ "reason": "Ill" })).await.granted();
        app.advance(DAY * 5);
        app.platform.fire("EventsSweeper").await;
        app.platform.settle().await;
        app.advance(Duration::from_secs(5));
        assert!(titles(app, "").await.is_empty());
        let calendar = app.get("/api/v1/events/calendar.ics").await;
        let calendar = String::from_utf8_lossy(&calendar.bytes).into_owned();
        assert!(calendar.contains("SUMMARY:Over") && calendar.contains("SUMMARY:Cancelled"), "{calendar}");
        assert!(calendar.contains("STATUS:CANCELLED"), "{calendar}");
        let feed = app.get("/api/v1/events/feed.json").await.json();
        let items = feed["items"].as_array().unwrap().iter();
        let states: Vec<_> = items.map(|it| (it["title"].clone(), it["_event"]["status"].clone())).collect();
        assert_eq!(states, [("Over".into(), "completed".into()), ("Cancelled".into(), "cancelled".into())]);
        let published = app.get("/api/v1/events/feed.json?status=published").await.json();
        assert_eq!(published["items"], json!([]));
        // A month later the past one is in no feed.
        app.advance(DAY * 30);
        let feed = app.get("/api/v1/events/feed.json").await.json();
        let titles: Vec<_> = feed["items"].as_array().unwrap().iter().map(|it| it["title"].clone()).collect();
        assert_eq!(titles, ["Cancelled"]);
    });
}

#[test]
fn a_calendar_is_the_same_after_a_date_has_passed() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        publish(app, &ada, tuesdays()).await;
        app.advance(Duration::from_secs(5));
        let tag = app.get("/api/v1/events/calendar.ics").await.header("etag").to_owned();
        app.advance(DAY * 40);
        let request = app.request(http::Method::GET, "/api/v1/events/calendar.ics");
        assert_eq!(request.header("if-none-match", &tag).send().await.status, 304);
    });
}

#[test]
fn a_feed_has_at_most_the_bytes_of_a_reply() {
    test(async |app| {
        app.has_long_lists(&[
            "events.create_event",
            "events.publish_event",
            "events.append_to_agenda",
            "events.get_events",
            "events.get_event",
        ]);
        in_september(app);
        let ada = person(app, "ada").await;
        let changes = json!({ "description": "Щ".repeat(19_000) });
        for number in 0..160 {
            publish(app, &ada, once(&format!("Number {number}"), "Etc/UTC", "2026-10-10T10:00", &changes))
                .await;
        }
        app.advance(Duration::from_secs(5));
        for path in ["events/calendar.ics", "events/feed.json"] {
            let reply = app.get(&format!("/api/v1/{path}")).await;
            assert_eq!(refused(&reply), (400, "feed_too_large"), "{path}");
            let some = app.get(&format!("/api/v1/{path}?q=10")).await;
            assert_eq!(some.status, 200, "{path}");
        }
    });
}

/// The first page's time is that of all: a series whose date ends in between stands once.
#[test]
fn pages_have_the_time_of_the_first_one() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let mut daily = tuesdays();
        daily["title"] = "Daily".into();
        daily["schedule"]["parts"][0]["start"] = "2026-09-01T11:00".into();
        daily["schedule"]["parts"][0]["rule"] = "FREQ=DAILY".into();
        publish(app, &ada, daily).await;
        dated(app, &ada, "Evening", "2026-09-01T18:00").await;
        app.advance(Duration::from_secs(5));
        let first = app.get("/api/v1/events?limit=1").await.json();
        assert_eq!(first["data"][0]["title"], "Daily");
        let cursor = first["next_cursor"].as_str().unwrap().to_owned();
        app.advance(Duration::from_hours(4));
        let second = app.get(&format!("/api/v1/events?limit=1&cursor={cursor}")).await.json();
        assert_eq!(
            (&second["data"][0]["title"], &second["has_more"]),
            (&Value::from("Evening"), &false.into())
        );
    });
}

/// A reply may be cached for the time that its age leaves of five seconds.
#[test]
fn no_cache_makes_a_search_older_than_five_seconds() {
    test(async |app| {
        in_september(app);
        let age = async || app.get("/api/v1/events").await.header("cache-control").to_owned();
        app.advance(Duration::from_secs(5));
        assert_eq!(age().await, "public, max-age=5");
        app.advance(Duration::from_secs(2));
        assert_eq!(age().await, "public, max-age=3");
        app.advance(Duration::from_secs(2));
        assert_eq!(age().await, "public, max-age=1");
    });
}

#[test]
fn a_text_without_words_is_no_filter() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        dated(app, &ada, "Second", "2026-10-02T10:00").await;
        dated(app, &ada, "First", "2026-10-01T10:00").await;
        assert_eq!(titles(app, "q=%21%21%21").await, ["First", "Second"]);
        let reply = app.get("/api/v1/events?q=-&sort=-relevance").await;
        assert_eq!(refused(&reply), (400, "unsupported_filter_combination"));
    });
}

/// Every count is the number of results with the value as one more filter.
#[test]
fn a_facet_is_what_its_filter_finds() {
    test(async |app| {
        in_september(app);
        let root = administrator(app).await;
        let category = |slug: &str, parent: &str| json!({ "slug": slug, "name_en": slug, "name_ru": slug, "parent": parent });
        let listed = app.get("/api/v1/event-categories").await.json();
        let mut categories = listed["categories"].as_array().unwrap().clone();
        categories.extend([category("jazz", "music"), category("bebop", "jazz")]);
        let categories = json!({ "categories": categories });
        ask(app, &root, http::Method::PUT, "event-categories", categories).await.granted();
        let ada = person(app, "ada").await;
        let at = |zone: &str, start: &str, city: &str, categories: &[&str]| {
            let venue = json!({ "name": "Hall", "city": city, "country": "DE" });
            once("Evening", zone, start, &json!({ "categories": categories, "venue": venue }))
        };
        publish(app, &ada, at("Pacific/Auckland", "2026-10-01T06:00", "BERLIN", &["bebop", "music"])).await;
        publish(app, &ada, at("America/New_York", "2026-09-30T22:00", "Berlin", &["jazz"])).await;
        publish(app, &ada, at("Europe/Berlin", "2026-10-05T22:00", "Berlin", &["food"])).await;
        app.advance(Duration::from_mins(2));
        let facets = app.get("/api/v1/events/facets").await.json();
        assert_eq!(facets["cities"], json!([{ "value": "Berlin", "count": 3 }]));
        let months = json!([{ "value": "2026-09", "count": 1 }, { "value": "2026-10", "count": 2 }]);
        assert_eq!(facets["months"], months);
        let mut counted = 0;
        for (list, parameter) in
            [("categories", "category"), ("cities", "city"), ("modes", "mode"), ("languages", "language")]
        {
            for facet in facets[list].as_array().unwrap() {
                let value = facet["value"].as_str().unwrap();
                let found = app.get(&format!("/api/v1/events?{parameter}={value}")).await.json();
                assert_eq!(found["total"], facet["count"], "{parameter}={value}");
                counted += 1;
            }
        }
        assert!(counted >= 6, "{counted}");
        for (month, last) in [("2026-09", 30), ("2026-10", 31)] {
            let found = app.get(&format!("/api/v1/events?from={month}-01&to={month}-{last}")).await.json();
            let facet = facets["months"].as_array().unwrap().iter().find(|it| it["value"] == month).unwrap();
            assert_eq!(found["total"], facet["count"], "{month}");
        }
    });
}
