//! Feeds of a search, formats of an event, and methods.

use serde_json::Value;

use super::four;
use crate::{
    api::v1::{
        events::{event, in_september, published, tuesdays},
        organizations::{get, person, test},
    },
    harness::client::Reply,
};

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.bytes).into_owned()
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
            let own = get(app, &ada, &format!("{draft}/{format}")).await;
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
