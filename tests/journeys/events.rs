//! Journeys: announce a series, change its dates, and cancel it; find an event, subscribe to
//! it, and read of its end.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::target::{Target, journey};

/// Longest wait until the search knows a change: seven seconds, and more on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Days from now to the event: search has the dates of the next 400.
const DAYS: i64 = 45;

/// Sends a request that succeeds; returns the body.
async fn granted(agora: &Target, method: Method, path: &str, token: &str, body: Option<&Value>) -> Value {
    let (status, reply) = agora.send(method, path, Some(token), body).await;
    assert!(status.is_success(), "{path}: {status} {reply}");
    reply
}

/// Local starts and statuses of the occurrences, for visitors.
async fn dates(agora: &Target, path: &str) -> Vec<(String, String)> {
    let path = format!("{path}/occurrences?from=2099-01-01&limit=100");
    let (status, list) = agora.send(Method::GET, &path, None, None).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let data = list["data"].as_array().unwrap().iter();
    data.map(|date| (text(&date["local_start"]), text(&date["status"]))).collect()
}

#[test]
fn a_series_is_announced_changed_and_cancelled() {
    journey(async |agora| {
        let (_, tokens) = agora.register("ada").await;
        let token = tokens["access_token"].as_str().unwrap();
        // Fridays over the beginning of summer time.
        let part = json!({
            "start": "2099-03-20T19:00", "duration": "PT2H", "rule": "FREQ=WEEKLY;BYDAY=FR", "count": 4,
        });
        let body = json!({
            "title": "Вечер паровых машин",
            "schedule": { "time_zone": "Europe/Berlin", "parts": [part] },
            "venue": { "name": "Lovelace Hall", "city": "Berlin", "country": "DE" },
        });
        let draft = granted(agora, Method::POST, "/api/v1/events", token, Some(&body)).await;
        let path = format!("/api/v1/events/{}", draft["id"].as_str().unwrap());
        assert_eq!(agora.send(Method::GET, &path, None, None).await.0, StatusCode::NOT_FOUND);

        let published = granted(agora, Method::POST, &format!("{path}/publish"), token, None).await;
        let slug = published["slug"].as_str().unwrap();
        assert!(slug.starts_with("vecher-parovykh-mashin"), "{slug}");
        let by_slug = format!("/api/v1/events/by-slug/{slug}");
        assert_eq!(agora.send(Method::GET, &by_slug, None, None).await.1["id"], published["id"]);

        let third = format!("{path}/occurrences/2099-04-03");
        let later = json!({ "scope": "this_and_following", "start": "2099-04-03T20:00" });
        granted(agora, Method::PATCH, &third, token, Some(&later)).await;
        granted(agora, Method::POST, &format!("{path}/occurrences/2099-04-10/cancel"), token, None).await;
        let expected = [
            ("2099-03-20T19:00", "scheduled"),
            ("2099-03-27T19:00", "scheduled"),
            ("2099-04-03T20:00", "scheduled"),
            ("2099-04-10T20:00", "cancelled"),
        ];
        let expected = expected.map(|(start, status)| (start.to_owned(), status.to_owned()));
        assert_eq!(dates(agora, &path).await, expected);

        let reason = json!({ "reason": "The hall is flooded." });
        granted(agora, Method::POST, &format!("{path}/cancel"), token, Some(&reason)).await;
        let (_, page) = agora.send(Method::GET, &path, None, None).await;
        assert_eq!((&page["status"], &page["reason"]), (&"cancelled".into(), &reason["reason"]));
        assert!(dates(agora, &path).await.iter().all(|(_, status)| status == "cancelled"));
    });
}

/// Sends a request without a token and a body.
async fn ask(agora: &Target, method: Method, path: &str, known: Option<&str>) -> Response {
    let mut request = agora.client.request(method, agora.url(path));
    if let Some(tag) = known {
        request = request.header("if-none-match", tag);
    }
    request.send().await.unwrap()
}

fn header(reply: &Response, name: &str) -> String {
    reply.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// Waits until a search finds as many events; returns its page.
async fn found(agora: &Target, query: &str, count: usize) -> Value {
    let path = format!("/api/v1/events?{query}");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (status, page) = agora.send(Method::GET, &path, None, None).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        if page["total"] == count {
            return page;
        }
        assert!(Instant::now() < deadline, "{path} does not find {count}: {page}");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Reads a text twice: the second time, nothing has changed. Returns it.
async fn read(agora: &Target, path: &str, media_type: &str) -> String {
    let reply = ask(agora, Method::GET, path, None).await;
    assert_eq!(reply.status(), StatusCode::OK, "{path}");
    assert!(header(&reply, "content-type").starts_with(media_type), "{path}: {reply:?}");
    let tag = header(&reply, "etag");
    let text = reply.text().await.unwrap();
    let again = ask(agora, Method::GET, path, Some(&tag)).await;
    assert_eq!((again.status(), header(&again, "etag")), (StatusCode::NOT_MODIFIED, tag), "{path}");
    assert!(again.bytes().await.unwrap().is_empty(), "{path}");
    text
}

/// The methods that a reply allows.
fn allowed(reply: &Response) -> BTreeSet<String> {
    header(reply, "allow").split(',').map(|method| method.trim().to_owned()).collect()
}

/// Two functions answer `/events`: the methods of both are allowed.
async fn methods_of_both_functions_are_allowed(agora: &Target) {
    let methods =
        |methods: &[&str]| methods.iter().map(|method| (*method).to_owned()).collect::<BTreeSet<_>>();
    let both = methods(&["GET", "HEAD", "POST"]);
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let reply = ask(agora, method.clone(), "/api/v1/events", None).await;
        assert_eq!(
            (reply.status(), allowed(&reply)),
            (StatusCode::METHOD_NOT_ALLOWED, both.clone()),
            "{method}"
        );
    }
    let reply = ask(agora, Method::OPTIONS, "/api/v1/events", None).await;
    assert!(reply.status().is_success(), "{reply:?}");
    assert_eq!(allowed(&reply), both);
    for path in ["facets", "calendar.ics", "feed.json"] {
        let reply = ask(agora, Method::POST, &format!("/api/v1/events/{path}"), None).await;
        let expected = (StatusCode::METHOD_NOT_ALLOWED, methods(&["GET", "HEAD"]));
        assert_eq!((reply.status(), allowed(&reply)), expected, "{path}");
    }
    // A request for the other function needs a token.
    let (status, _) = agora.post("/api/v1/events", None, &json!({})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[test]
fn an_event_is_found_and_read_in_every_format_until_it_is_cancelled() {
    journey(async |agora| {
        let (_, tokens) = agora.register("ada").await;
        let token = tokens["access_token"].as_str().unwrap();
        // Of this journey only, also when it is repeated.
        let tag = &Target::new_address("x")[2..14];
        let day = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(DAYS)).unwrap();
        let body = json!({
            "title": "Концерт джаза",
            "tags": [tag],
            "categories": ["music"],
            "schedule": { "time_zone": "Europe/Berlin", "parts": [{ "start": format!("{day}T19:00"), "duration": "PT2H" }] },
            "venue": { "name": "Cellar", "city": "Berlin", "country": "DE", "latitude": 52.52, "longitude": 13.405 },
            "ticket_types": [{ "name": "Seat", "price": { "amount": 1_250, "currency": "EUR" } }],
        });
        let draft = granted(agora, Method::POST, "/api/v1/events", token, Some(&body)).await;
        let id = draft["id"].as_str().unwrap();
        let path = format!("/api/v1/events/{id}");
        granted(agora, Method::POST, &format!("{path}/publish"), token, None).await;

        let page = found(agora, &format!("tag={tag}"), 1).await;
        let hit = &page["data"][0];
        assert_eq!(
            (&hit["id"], &hit["occurrence"]["local_start"]),
            (&json!(id), &json!(format!("{day}T19:00")))
        );
        assert!(page["as_of"].is_string(), "{page}");
        // "concerts of jazz", near a point, on that day.
        let query = format!(
            "tag={tag}&q=%D0%BA%D0%BE%D0%BD%D1%86%D0%B5%D1%80%D1%82%D1%8B+%D0%B4%D0%B6%D0%B0%D0%B7%D0%B0\
             &near=52.5,13.4&radius_km=10&from={day}&to={day}&category=music&free=false"
        );
        assert_eq!(found(agora, &query, 1).await["data"][0]["id"], id);
        found(agora, &format!("tag={tag}&free=true"), 0).await;

        let search = format!("/api/v1/events?tag={tag}");
        let head = ask(agora, Method::HEAD, &search, None).await;
        assert_eq!(head.status(), StatusCode::OK);
        assert!(header(&head, "cache-control").starts_with("public, max-age="), "{head:?}");
        assert!(head.bytes().await.unwrap().is_empty());
        methods_of_both_functions_are_allowed(agora).await;

        let (_, facets) =
            agora.send(Method::GET, &format!("/api/v1/events/facets?tag={tag}"), None, None).await;
        let one = |value: &str| json!([{ "value": value, "count": 1 }]);
        assert_eq!((&facets["total"], &facets["categories"]), (&json!(1), &one("music")), "{facets}");
        assert_eq!((&facets["cities"], &facets["prices"]), (&one("Berlin"), &one("priced")), "{facets}");

        let uid = format!("UID:{id}@");
        let start = format!("DTSTART;TZID=Europe/Berlin:{}T190000", day.strftime("%Y%m%d"));
        for calendar in [format!("/api/v1/events/calendar.ics?tag={tag}"), format!("{path}/calendar.ics")] {
            let text = read(agora, &calendar, "text/calendar").await;
            assert!([&uid, &start].iter().all(|part| text.contains(*part)), "{calendar}: {text}");
        }
        let feed = read(agora, &format!("/api/v1/events/feed.json?tag={tag}"), "application/feed+json").await;
        let feed: Value = serde_json::from_str(&feed).unwrap();
        assert_eq!(feed["items"].as_array().map(Vec::len), Some(1), "{feed}");
        assert!(feed["items"][0]["title"].as_str().unwrap().contains("Концерт джаза"), "{feed}");
        let data = read(agora, &format!("{path}/event.jsonld"), "application/ld+json").await;
        let data: Value = serde_json::from_str(&data).unwrap();
        assert_eq!((&data["@type"], &data["name"]), (&json!("Event"), &json!("Концерт джаза")));

        let reason = json!({ "reason": "The cellar is flooded." });
        granted(agora, Method::POST, &format!("{path}/cancel"), token, Some(&reason)).await;
        found(agora, &format!("tag={tag}"), 0).await;
        found(agora, &format!("tag={tag}&status=cancelled"), 1).await;
        let text = read(agora, &format!("{path}/calendar.ics"), "text/calendar").await;
        assert!(text.contains(&uid) && text.contains("STATUS:CANCELLED"), "{text}");
    });
}
