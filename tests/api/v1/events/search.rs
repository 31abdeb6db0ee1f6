//! The search: its filters, its feeds, and what never enters it.

use serde_json::{Value, json};

use super::{event, in_september, published, tuesdays};
use crate::{
    api::v1::organizations::{Person, delete, patch, person, post, refused, test},
    harness::{App, client::Reply},
};

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.bytes).into_owned()
}

/// An event with a schedule of one date.
pub(super) fn once(title: &str, zone: &str, start: &str, changes: &Value) -> Value {
    let mut body = tuesdays();
    body["title"] = title.into();
    body["schedule"] = json!({ "time_zone": zone, "parts": [{ "start": start, "duration": "PT2H" }] });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

pub(super) async fn publish(app: &App, person: &Person, body: Value) -> String {
    let path = published(app, person, body).await;
    app.platform.settle().await;
    path
}

/// Titles that a search finds, in order.
pub(super) async fn titles(app: &App, query: &str) -> Vec<String> {
    // A search may be five seconds old.
    app.advance(std::time::Duration::from_secs(5));
    let reply = app.get(&format!("/api/v1/events?{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.json());
    let json = reply.json();
    let found = json["data"].as_array().unwrap().iter();
    let titles: Vec<String> = found.map(|event| event["title"].as_str().unwrap().to_owned()).collect();
    assert!(json["total"].as_u64().unwrap() >= titles.len() as u64);
    titles
}

/// Four events in two cities and three zones.
async fn four(app: &App, ada: &Person) {
    let berlin = json!({
        "categories": ["music"], "tags": ["Jazz"], "language": "de",
        "venue": {
            "name": "Lovelace Hall", "city": "Berlin", "country": "DE",
            "latitude": 52.52, "longitude": 13.405,
        },
        "ticket_types": [{ "name": "Seat", "price": { "amount": 1500, "currency": "EUR" } }],
    });
    publish(app, ada, once("Концерт джаза", "Europe/Berlin", "2026-10-10T20:00", &berlin)).await;
    let potsdam = json!({
        "categories": ["music"], "tags": ["Blues"],
        "venue": {
            "name": "Waschhaus", "city": "Potsdam", "country": "DE",
            "latitude": 52.3989, "longitude": 13.0657,
        },
    });
    publish(app, ada, once("Blues concerts", "Europe/Berlin", "2026-10-11T19:00", &potsdam)).await;
    let auckland = json!({
        "categories": ["sports"], "mode": "offline",
        "venue": { "name": "Domain", "city": "Auckland", "country": "NZ", "latitude": -36.86, "longitude": 174.77 },
    });
    publish(app, ada, once("Morning run", "Pacific/Auckland", "2026-10-11T06:00", &auckland)).await;
    let online = json!({ "mode": "online", "online_url": "https://example.com/talk", "venue": null });
    publish(app, ada, once("Talk of engines", "Etc/UTC", "2026-10-12T18:00", &online)).await;
}

#[test]
fn filters_combine() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        four(app, &ada).await;
        for (query, found) in [
            ("", &["Morning run", "Концерт джаза", "Blues concerts", "Talk of engines"][..]),
            ("q=%D0%BA%D0%BE%D0%BD%D1%86%D0%B5%D1%80%D1%82%D1%8B", &["Концерт джаза"]),
            ("q=concert", &["Blues concerts"]),
            ("q=conc", &["Blues concerts"]),
            ("q=lovelace+hall", &["Концерт джаза"]),
            ("category=music", &["Концерт джаза", "Blues concerts"]),
            ("category=music,sports&free=true", &["Morning run", "Blues concerts"]),
            ("tag=jazz,BLUES", &["Концерт джаза", "Blues concerts"]),
            ("city=BERLIN", &["Концерт джаза"]),
            ("country=NZ", &["Morning run"]),
            ("language=de", &["Концерт джаза"]),
            ("mode=online", &["Talk of engines"]),
            ("free=false", &["Концерт джаза"]),
            ("currency=EUR&price_lte=1000", &["Morning run", "Blues concerts", "Talk of engines"]),
            ("currency=EUR&price_gte=1000", &["Концерт джаза"]),
            ("currency=EUR&sort=price&mode=offline", &["Blues concerts", "Morning run", "Концерт джаза"]),
            ("near=52.52,13.40&radius_km=10", &["Концерт джаза"]),
            ("near=52.40,13.07&radius_km=50&sort=distance", &["Blues concerts", "Концерт джаза"]),
            ("bbox=13.3,52.3,13.6,52.6", &["Концерт джаза"]),
            ("bbox=170,-40,-170,-30", &["Morning run"]),
            ("sort=-created_at", &["Talk of engines", "Morning run", "Blues concerts", "Концерт джаза"]),
            ("running=true", &[]),
            ("q=nothing+of+this", &[]),
        ] {
            assert_eq!(titles(app, query).await, found, "{query}");
        }
        let page = app.get("/api/v1/events?q=lovelace&near=52.40,13.07&radius_km=100").await.json();
        let hit = &page["data"][0];
        assert_eq!(hit["occurrence"]["starts_at"], "2026-10-10T18:00:00.000Z");
        assert_eq!(hit["occurrence"]["local_start"], "2026-10-10T20:00");
        assert_eq!(hit["price"], json!({ "amount": 1500, "currency": "EUR" }));
        assert!((24_000..29_000).contains(&hit["distance"].as_u64().unwrap()), "{hit}");
        assert!(page["as_of"].is_string());
    });
}

/// A visitor can come without paying, and can pay.
#[test]
fn an_event_with_free_and_other_tickets_is_found_as_both() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let ticket = |name: &str, amount: i64| json!({ "name": name, "price": { "amount": amount, "currency": "EUR" } });
        let tickets = json!({ "ticket_types": [ticket("Seat", 1250), ticket("Member", 0)] });
        publish(app, &ada, once("Mixed", "Etc/UTC", "2026-10-10T10:00", &tickets)).await;
        let tickets = json!({ "ticket_types": [ticket("Member", 0)] });
        publish(app, &ada, once("Free", "Etc/UTC", "2026-10-11T10:00", &tickets)).await;
        let tickets = json!({ "ticket_types": [ticket("Seat", 1250)] });
        publish(app, &ada, once("Priced", "Etc/UTC", "2026-10-12T10:00", &tickets)).await;
        assert_eq!(titles(app, "free=true").await, ["Mixed", "Free"]);
        assert_eq!(titles(app, "free=false").await, ["Mixed", "Priced"]);
        assert_eq!(titles(app, "currency=EUR&price_lte=100").await, ["Mixed", "Free"]);
        assert_eq!(titles(app, "currency=EUR&price_gte=1000").await, ["Mixed", "Priced"]);
        let found = app.get("/api/v1/events").await.json();
        let prices: Vec<_> =
            found["data"].as_array().unwrap().iter().map(|it| it["price"]["amount"].clone()).collect();
        assert_eq!(prices, [json!(0), json!(null), json!(1250)]);
        let facets = app.get("/api/v1/events/facets").await.json();
        assert_eq!(
            facets["prices"],
            json!([{ "value": "free", "count": 2 }, { "value": "priced", "count": 2 }])
        );
    });
}

/// 10 October ends 13 hours earlier in Auckland than in Berlin.
#[test]
fn a_date_is_the_day_in_the_zone_of_each_event() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        four(app, &ada).await;
        for (query, found) in [
            ("from=2026-10-11&to=2026-10-11", &["Morning run", "Blues concerts"][..]),
            ("from=2026-10-10&to=2026-10-10", &["Концерт джаза"]),
            ("from=2026-10-11T00:00:00Z", &["Blues concerts", "Talk of engines"]),
            ("to=2026-10-10T19:00:00Z", &["Morning run", "Концерт джаза"]),
            ("from=2026-10-12&to=2026-10-31", &["Talk of engines"]),
        ] {
            assert_eq!(titles(app, query).await, found, "{query}");
        }
    });
}

#[test]
fn combinations_without_meaning_are_named() {
    test(async |app| {
        for (query, code) in [
            ("price_gte=5", "unsupported_filter_combination"),
            ("sort=price", "unsupported_filter_combination"),
            ("sort=distance", "unsupported_filter_combination"),
            ("sort=-relevance", "unsupported_filter_combination"),
            ("radius_km=5", "unsupported_filter_combination"),
            ("near=91,0", "invalid_parameter"),
            ("near=NaN,0", "invalid_parameter"),
            ("near=52", "invalid_parameter"),
            ("near=52,13&radius_km=501", "invalid_parameter"),
            ("bbox=0,10,1,9", "invalid_parameter"),
            ("status=draft", "invalid_parameter"),
            ("mode=offline,everywhere", "invalid_parameter"),
            ("category=,", "invalid_parameter"),
            ("from=tomorrow", "invalid_parameter"),
            ("price_gte=-1&currency=EUR", "invalid_parameter"),
            ("sort=title", "unknown_parameter"),
            ("colour=red", "unknown_parameter"),
        ] {
            for path in ["events", "events/facets", "events/calendar.ics", "events/feed.json"] {
                let reply = app.get(&format!("/api/v1/{path}?{query}")).await;
                assert_eq!(refused(&reply), (400, code), "{path}?{query}");
            }
        }
        let long = "a".repeat(201);
        assert_eq!(app.get(&format!("/api/v1/events?q={long}")).await.status, 400);
    });
}

#[test]
fn pages_follow_each_other_while_events_come_and_go() {
    test(async |app| {
        app.has_long_lists(&["events.put_agenda_snapshot_part"]);
        in_september(app);
        let ada = person(app, "ada").await;
        for number in 1..=9 {
            let start = format!("2026-10-{number:02}T10:00");
            publish(app, &ada, once(&format!("Number {number}"), "Etc/UTC", &start, &json!({}))).await;
        }
        app.advance(std::time::Duration::from_secs(5));
        let mut seen = Vec::new();
        let mut path = "/api/v1/events?limit=2".to_owned();
        loop {
            let page = app.get(&path).await.json();
            let data = page["data"].as_array().unwrap().iter();
            seen.extend(data.map(|event| event["title"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/events?limit=2&cursor={cursor}");
            if seen.len() == 4 {
                publish(app, &ada, once("Late", "Etc/UTC", "2026-10-01T12:00", &json!({}))).await;
                publish(app, &ada, once("In time", "Etc/UTC", "2026-10-08T12:00", &json!({}))).await;
                app.advance(std::time::Duration::from_secs(5));
            }
        }
        let mut wanted: Vec<String> = (1..=9).map(|number| format!("Number {number}")).collect();
        wanted.insert(8, "In time".to_owned());
        assert_eq!(seen, wanted);
    });
}

#[test]
fn an_entry_stands_for_an_event_or_for_each_of_its_dates() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = publish(app, &ada, tuesdays()).await;
        assert_eq!(titles(app, "").await.len(), 1);
        assert_eq!(titles(app, "collapse=occurrence&limit=100").await.len(), 20);
        let all = |query: &'static str| async move {
            app.advance(std::time::Duration::from_secs(5));
            let page = app.get(&format!("/api/v1/events?limit=100&{query}")).await.json();
            let data = page["data"].as_array().unwrap().clone();
            data.iter().map(|it| it["occurrence"]["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let november = "collapse=occurrence&from=2026-11-01&to=2026-11-30";
        assert_eq!(all(november).await, ["2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24"]);
        assert_eq!(all("from=2026-11-01").await, ["2026-11-03"], "the first fitting date");
        // A cancelled date is found as such only.
        post(app, &ada, &format!("{path}/occurrences/2026-11-10/cancel"), Value::Null).await.granted();
        app.platform.settle().await;
        assert_eq!(all(november).await, ["2026-11-03", "2026-11-17", "2026-11-24"]);
        let cancelled = "collapse=occurrence&status=cancelled&from=2026-11-01&to=2026-11-30";
        assert_eq!(all(cancelled).await, ["2026-11-10"]);
        // A moved one is found where it is.
        patch(app, &ada, &format!("{path}/occurrences/2026-11-17"), json!({ "start": "2027-06-01T19:00" }))
            .await
            .granted();
        app.platform.settle().await;
        assert_eq!(all("collapse=occurrence&from=2027-06-01&to=2027-06-01").await, ["2026-11-17"]);
    });
}

/// Nothing of an event that is not listed is ever in a search.
#[test]
fn only_listed_events_that_are_not_over_are_found() {
    test(async |app| {
        app.has_long_lists(&["events.put_agenda_snapshot_part"]);
        in_september(app);
        let ada = person(app, "ada").await;
        event(app, &ada, tuesdays()).await;
        let mut private = tuesdays();
        private["visibility"] = "private".into();
        publish(app, &ada, private).await;
        let mut unlisted = tuesdays();
        unlisted["visibility"] = "unlisted".into();
        let path = publish(app, &ada, unlisted).await;
        assert!(titles(app, "").await.is_empty());
        patch(app, &ada, &path, json!({ "visibility": "listed", "title": "Listed" })).await.granted();
        app.platform.settle().await;
        assert_eq!(titles(app, "").await, ["Listed"]);
        for (change, back) in [
            (json!({ "visibility": "private" }), json!({ "visibility": "listed" })),
            (json!({ "visibility": "unlisted" }), json!({ "visibility": "listed" })),
        ] {
            patch(app, &ada, &path, change).await.granted();
            app.platform.settle().await;
            assert!(titles(app, "").await.is_empty());
            patch(app, &ada, &path, back).await.granted();
            app.platform.settle().await;
            assert_eq!(titles(app, "").await, ["Listed"]);
        }
        let root = app.administrator("root@example.com").await;
        let root = root["access_token"].as_str().unwrap();
        for (command, found) in [("block", 0), ("unblock", 1)] {
            app.post_as(root, &format!("/api/v1/{path}/{command}"), json!({ "reason": "spam" }))
                .await
                .granted();
            app.platform.settle().await;
            assert_eq!(titles(app, "").await.len(), found, "{command}");
        }
        post(app, &ada, &format!("{path}/cancel"), json!({ "reason": "Ill" })).await.granted();
        app.platform.settle().await;
        assert!(titles(app, "").await.is_empty());
        assert_eq!(titles(app, "status=cancelled,published").await, ["Listed"]);
        delete(app, &ada, &path).await.granted();
        app.platform.settle().await;
        assert!(titles(app, "status=cancelled").await.is_empty());
    });
}

#[test]
fn the_sweeper_completes_past_events_and_extends_series_without_end() {
    test(async |app| {
        app.has_long_lists(&[
            "events.append_to_agenda",
            "events.put_agenda_snapshot_part",
            "events.remove_agenda_snapshot",
        ]);
        in_september(app);
        let ada = person(app, "ada").await;
        let single = publish(app, &ada, once("Single", "Etc/UTC", "2026-09-03T10:00", &json!({}))).await;
        let mut endless = tuesdays();
        endless["schedule"]["parts"][0].as_object_mut().unwrap().remove("count");
        let series = publish(app, &ada, endless).await;
        let status = async |path: &str| app.get(&format!("/api/v1/{path}")).await.json()["status"].clone();
        app.platform.fire("EventsSweeper").await;
        assert_eq!(status(&single).await, "published");
        app.advance(std::time::Duration::from_hours(3 * 24));
        app.platform.fire("EventsSweeper").await;
        app.platform.settle().await;
        assert_eq!((status(&single).await, status(&series).await), ("completed".into(), "published".into()));
        assert_eq!(titles(app, "").await, ["Evening of engines"]);
        let in_two_years = "collapse=occurrence&from=2027-12-01&to=2027-12-31";
        assert_eq!(titles(app, in_two_years).await.len(), 0);
        app.advance(std::time::Duration::from_hours(60 * 24));
        app.platform.fire("EventsSweeper").await;
        app.platform.settle().await;
        assert_eq!(titles(app, in_two_years).await.len(), 1, "7 December is within 400 days");
    });
}

#[test]
fn facets_count_the_results_by_value() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        four(app, &ada).await;
        app.advance(std::time::Duration::from_secs(5));
        let facets = app.get("/api/v1/events/facets?country=DE").await.json();
        assert_eq!(facets["total"], 2);
        assert_eq!(facets["categories"], json!([{ "value": "music", "count": 2 }]));
        let cities = json!([{ "value": "Berlin", "count": 1 }, { "value": "Potsdam", "count": 1 }]);
        assert_eq!(facets["cities"], cities);
        assert_eq!(
            facets["prices"],
            json!([{ "value": "free", "count": 1 }, { "value": "priced", "count": 1 }])
        );
        assert_eq!(facets["months"], json!([{ "value": "2026-10", "count": 2 }]));
    });
}

#[test]
fn feeds_have_the_events_of_a_search_and_say_when_nothing_changed() {
    test(async |app| {
        app.has_long_lists(&["events.get_events"]);
        in_september(app);
        let ada = person(app, "ada").await;
        four(app, &ada).await;
        app.advance(std::time::Duration::from_secs(5));
        for (path, media_type, parts) in [
            (
                "events/calendar.ics?country=DE",
                "text/calendar",
                ["BEGIN:VCALENDAR", "SUMMARY:Blues concerts"],
            ),
            ("events/feed.json?country=DE", "application/feed+json", ["jsonfeed.org", "Blues concerts"]),
        ] {
            let reply = app.get(&format!("/api/v1/{path}")).await;
            assert_eq!(reply.status, 200, "{path}");
            assert!(reply.header("content-type").starts_with(media_type), "{path}");
            let body = text(&reply);
            assert!(parts.iter().all(|part| body.contains(part)), "{body}");
            assert!(!body.contains("Morning run") && reply.header("last-modified").ends_with("GMT"));
            let request = app.request(http::Method::GET, &format!("/api/v1/{path}"));
            let again = request.header("if-none-match", reply.header("etag")).send().await;
            assert_eq!((again.status, again.bytes.is_empty()), (304, true), "{path}");
        }
    });
}

#[test]
fn an_event_has_a_calendar_and_linked_data_for_whom_it_is_visible() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let draft = event(app, &ada, tuesdays()).await;
        for format in ["calendar.ics", "event.jsonld"] {
            assert_eq!(app.get(&format!("/api/v1/{draft}/{format}")).await.status, 404);
            let own = crate::api::v1::organizations::get(app, &ada, &format!("{draft}/{format}")).await;
            assert_eq!(own.status, 200, "{format}");
        }
        let mut hostile = tuesdays();
        hostile["title"] = "</script><b>Engines\u{2028}".into();
        let path = published(app, &ada, hostile).await;
        let calendar = text(&app.get(&format!("/api/v1/{path}/calendar.ics")).await);
        assert!(
            calendar.contains("RRULE:FREQ=WEEKLY") && calendar.contains("TZID:Europe/Berlin"),
            "{calendar}"
        );
        let data = text(&app.get(&format!("/api/v1/{path}/event.jsonld")).await);
        assert!(!data.contains('<'), "{data}");
        let data: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(
            (&data["@type"], &data["startDate"]),
            (&"Event".into(), &"2026-10-06T19:00:00+02:00".into())
        );
        assert_eq!(data["organizer"]["name"], "Ada Marker-Lovelace");
    });
}

#[test]
fn the_methods_of_both_functions_are_allowed() {
    test(async |app| {
        let ask = async |method: http::Method, path: &str| {
            app.request(method, &format!("/api/v1/{path}")).send().await
        };
        let reply = ask(http::Method::PUT, "events").await;
        assert_eq!((reply.status, reply.header("allow")), (405, "GET,HEAD,POST"));
        let reply = ask(http::Method::OPTIONS, "events").await;
        assert_eq!(reply.header("allow"), "GET,HEAD,POST");
        let reply = ask(http::Method::HEAD, "events").await;
        assert_eq!((reply.status, reply.bytes.is_empty()), (200, true));
        let reply = ask(http::Method::POST, "events/feed.json").await;
        assert_eq!((reply.status, reply.header("allow")), (405, "GET,HEAD"));
    });
}
