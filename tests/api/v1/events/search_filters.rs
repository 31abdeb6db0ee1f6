//! The search: filters with several values, cursors, and events that leave it and return.
//! `search_random` compares random searches with the stored events.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::{in_september, published, tuesdays};
use crate::{
    api::v1::organizations::{
        Person, administrator, ask, get, organization, patch, person, post, refused, test,
    },
    harness::{App, client::Reply},
};

/// A search may be this old.
const AGE: Duration = Duration::from_secs(5);

/// Operations that these tests use for more events than their budgets assume.
const LONG: [&str; 3] =
    ["events.get_events", "events.put_agenda_snapshot_part", "events.remove_agenda_snapshot"];

/// An event on a day of October, with further fields.
fn evening(title: &str, day: u32, fields: &Value) -> Value {
    let mut body = tuesdays();
    body["title"] = title.into();
    let part = json!({ "start": format!("2026-10-{day:02}T19:00"), "duration": "PT2H" });
    body["schedule"] = json!({ "time_zone": "Europe/Berlin", "parts": [part] });
    for (field, value) in fields.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

/// A reply of the search, which knows all earlier changes.
async fn search(app: &App, path: &str) -> Reply {
    app.platform.settle().await;
    app.advance(AGE);
    app.get(&format!("/api/v1/{path}")).await
}

/// Titles that a search finds, in order.
async fn titles(app: &App, query: &str) -> Vec<String> {
    let reply = search(app, &format!("events?{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.json());
    let found = reply.json();
    let found = found["data"].as_array().unwrap().iter();
    found.map(|event| event["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_organizer_is_found_with_the_events_that_it_has_now() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let teas = organization(app, &ada, "Teas").await;
        let own = published(app, &ada, evening("Own", 1, &json!({}))).await;
        published(app, &ada, evening("Of teas", 2, &json!({ "organizer": teas }))).await;
        published(app, &bo, evening("Of Bo", 3, &json!({}))).await;
        let of_ada = format!("organizer={}", ada.id);
        let of_teas = format!("organizer={teas}");
        assert_eq!(titles(app, &of_ada).await, ["Own"]);
        assert_eq!(titles(app, &of_teas).await, ["Of teas"]);
        assert_eq!(titles(app, &format!("{of_teas}&from=2026-10-03")).await, Vec::<String>::new());
        let unknown = "organizer=org_01h455vb4pex5vsknk084sn02q";
        assert_eq!(titles(app, unknown).await, Vec::<String>::new());
        let invalid = app.get("/api/v1/events?organizer=guild_7").await;
        assert_eq!(refused(&invalid), (400, "invalid_parameter"));

        let body = json!({ "organizer": teas });
        post(app, &ada, &format!("{own}/transfer"), body).await.granted();
        assert_eq!(titles(app, &of_ada).await, Vec::<String>::new());
        assert_eq!(titles(app, &of_teas).await, ["Own", "Of teas"]);
    });
}

/// Replaces the list of categories by the present one with others below `parents`.
async fn extend_categories(app: &App, root: &Person, parents: &[(&str, &str)]) {
    let mut list = app.get("/api/v1/event-categories").await.json()["categories"].clone();
    let categories = list.as_array_mut().unwrap();
    for (slug, parent) in parents {
        categories.retain(|category| category["slug"] != *slug);
        categories.push(json!({ "slug": slug, "name_en": slug, "name_ru": slug, "parent": parent }));
    }
    let put = ask(app, root, Method::PUT, "event-categories", json!({ "categories": list })).await;
    assert_eq!(put.status, 200, "{}", put.json());
}

#[test]
fn a_category_stands_for_those_below_it() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        extend_categories(app, &root, &[("jazz", "music"), ("bebop", "jazz")]).await;
        for (day, categories) in
            [(1, &["music"][..]), (2, &["jazz"]), (3, &["bebop", "food"]), (4, &["sports"])]
        {
            let fields = json!({ "categories": categories });
            published(app, &ada, evening(&categories.join(" "), day, &fields)).await;
        }
        for (query, found) in [
            ("category=music", &["music", "jazz", "bebop food"][..]),
            ("category=jazz", &["jazz", "bebop food"]),
            ("category=bebop", &["bebop food"]),
            ("category=food,sports", &["bebop food", "sports"]),
            ("category=music,bebop", &["music", "jazz", "bebop food"]),
            ("category=unknown", &[]),
        ] {
            assert_eq!(titles(app, query).await, found, "{query}");
        }
        // The tree is up to a minute old.
        extend_categories(app, &root, &[("bebop", "sports")]).await;
        app.advance(Duration::from_secs(61));
        assert_eq!(titles(app, "category=music").await, ["music", "jazz"]);
        assert_eq!(titles(app, "category=sports").await, ["bebop food", "sports"]);
    });
}

#[test]
fn events_are_found_by_their_status() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let ada = person(app, "ada").await;
        let mut paths = Vec::new();
        for (day, title) in [(1, "Published"), (2, "Postponed"), (3, "Rescheduled"), (4, "Cancelled")] {
            paths.push(published(app, &ada, evening(title, day, &json!({}))).await);
        }
        post(app, &ada, &format!("{}/postpone", paths[1]), json!({})).await.granted();
        let schedule = evening("", 20, &json!({}))["schedule"].clone();
        post(app, &ada, &format!("{}/reschedule", paths[2]), json!({ "schedule": schedule })).await.granted();
        post(app, &ada, &format!("{}/cancel", paths[3]), json!({})).await.granted();
        for (query, found) in [
            ("", &["Published", "Postponed", "Rescheduled"][..]),
            ("status=published", &["Published"]),
            ("status=postponed", &["Postponed"]),
            ("status=rescheduled", &["Rescheduled"]),
            ("status=cancelled", &["Cancelled"]),
            ("status=postponed,rescheduled", &["Postponed", "Rescheduled"]),
            ("status=cancelled,published", &["Published", "Cancelled"]),
            ("status=rescheduled&to=2026-10-19", &[]),
            ("status=rescheduled&from=2026-10-20&to=2026-10-20", &["Rescheduled"]),
        ] {
            assert_eq!(titles(app, query).await, found, "{query}");
        }
        post(app, &ada, &format!("{}/complete", paths[0]), Value::Null).await.granted();
        assert_eq!(titles(app, "").await, ["Postponed", "Rescheduled"]);
    });
}

#[test]
fn several_languages_and_modes_are_alternatives() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let ada = person(app, "ada").await;
        let link = "https://meet.example.com/engines";
        for (day, title, fields) in [
            (1, "German hall", json!({ "language": "de" })),
            (
                2,
                "English link",
                json!({ "language": "en", "mode": "online", "online_url": link, "venue": null }),
            ),
            (3, "Russian both", json!({ "language": "ru", "mode": "mixed", "online_url": link })),
            (4, "Hall", json!({})),
        ] {
            published(app, &ada, evening(title, day, &fields)).await;
        }
        for (query, found) in [
            ("language=de,ru", &["German hall", "Russian both"][..]),
            ("language=en", &["English link"]),
            ("language=fr", &[]),
            ("mode=online,mixed", &["English link", "Russian both"]),
            ("mode=offline", &["German hall", "Hall"]),
            ("mode=offline,online,mixed", &["German hall", "English link", "Russian both", "Hall"]),
            ("language=de,en&mode=online,mixed", &["English link"]),
            ("language=de&mode=online", &[]),
        ] {
            assert_eq!(titles(app, query).await, found, "{query}");
        }
    });
}

/// Twelve events with equal days, prices and places, some of them series.
async fn twelve(app: &App, ada: &Person) {
    for number in 0..12_u32 {
        let mut fields = json!({
            "categories": ["music"],
            "venue": {
                "name": "Hall", "city": "Berlin", "country": "DE",
                "latitude": 52.5 + f64::from(number % 4) / 100.0, "longitude": 13.4,
            },
        });
        if !number.is_multiple_of(3) {
            let price = json!({ "amount": 500 * (number % 3), "currency": "EUR" });
            fields["ticket_types"] = json!([{ "name": "Seat", "price": price }]);
        }
        let mut body = evening(&format!("Evening {number}"), 1 + number / 3, &fields);
        if number.is_multiple_of(5) {
            body["schedule"]["parts"][0]["rule"] = "FREQ=WEEKLY".into();
            body["schedule"]["parts"][0]["count"] = 3.into();
        }
        published(app, ada, body).await;
    }
}

/// Id and key of each result of a page.
fn results(page: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let data = page["data"].as_array().unwrap().iter();
    data.map(|event| (text(&event["id"]), text(&event["occurrence"]["key"]))).collect()
}

#[test]
fn cursors_of_every_order_walk_all_results_once() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let ada = person(app, "ada").await;
        twelve(app, &ada).await;
        for sort in [
            "sort=starts_at",
            "q=evening",
            "q=evening&sort=-relevance",
            "near=52.5,13.4&sort=distance",
            "currency=EUR&sort=price",
            "sort=-created_at",
        ] {
            for (collapse, count) in [("event", 12), ("occurrence", 18)] {
                let query = format!("{sort}&collapse={collapse}");
                let whole = search(app, &format!("events?{query}&limit=100")).await.json();
                let expected = results(&whole);
                assert_eq!(
                    (expected.len(), &whole["total"], &whole["has_more"]),
                    (count, &count.into(), &false.into()),
                    "{query}"
                );
                let (mut found, mut cursor) = (Vec::new(), String::new());
                loop {
                    let page = app.get(&format!("/api/v1/events?{query}&limit=5{cursor}")).await.json();
                    let results = results(&page);
                    assert!((1..=5).contains(&results.len()), "{query}");
                    assert_eq!(page["total"], count, "{query}");
                    found.extend(results);
                    let Some(next) = page["next_cursor"].as_str() else {
                        assert_eq!(page["has_more"], false, "{query}");
                        break;
                    };
                    cursor = format!("&cursor={next}");
                }
                assert_eq!(found, expected, "{query}");
            }
        }
    });
}

#[test]
fn a_cursor_of_another_search_is_refused() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let ada = person(app, "ada").await;
        twelve(app, &ada).await;
        let query = "limit=2&category=music&sort=-created_at";
        let page = search(app, &format!("events?{query}")).await.json();
        let cursor = page["next_cursor"].as_str().unwrap();
        let next = app.get(&format!("/api/v1/events?{query}&cursor={cursor}")).await;
        assert_eq!(next.status, 200);
        // The length of the page is no part of the list.
        let longer = "limit=3&sort=-created_at&category=music";
        let longer = app.get(&format!("/api/v1/events?{longer}&cursor={cursor}")).await.json();
        assert_eq!(results(&longer)[..2], results(&next.json())[..]);

        let managed = get(app, &ada, "events/managed?limit=2").await.json();
        let managed = managed["next_cursor"].as_str().unwrap();
        let first = if cursor.starts_with('A') { "B" } else { "A" };
        let changed = format!("{first}{}", &cursor[1..]);
        let cut = &cursor[..cursor.len() - 2];
        for (query, cursor) in [
            ("limit=2&category=music", cursor),
            ("limit=2&category=food&sort=-created_at", cursor),
            ("limit=2&category=music&sort=-created_at&free=true", cursor),
            (query, managed),
            (query, changed.as_str()),
            (query, cut),
            (query, "AAAA"),
        ] {
            let reply = app.get(&format!("/api/v1/events?{query}&cursor={cursor}")).await;
            assert_eq!(refused(&reply), (400, "invalid_cursor"), "{query}&cursor={cursor}");
        }
        // The search's cursor leads nowhere in another list.
        let reply = get(app, &ada, &format!("events/managed?limit=2&cursor={cursor}")).await;
        assert_eq!(refused(&reply), (400, "invalid_cursor"));
    });
}

#[test]
fn the_events_of_a_blocked_organisation_leave_and_return() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let teas = organization(app, &ada, "Teas").await;
        published(app, &ada, evening("Own", 1, &json!({}))).await;
        for day in [2, 3] {
            published(app, &ada, evening(&format!("Of teas {day}"), day, &json!({ "organizer": teas })))
                .await;
        }
        assert_eq!(titles(app, "").await, ["Own", "Of teas 2", "Of teas 3"]);
        for (command, found) in
            [("block", &["Own"][..]), ("unblock", &["Own", "Of teas 2", "Of teas 3"]), ("block", &["Own"])]
        {
            post(app, &root, &format!("organizations/{teas}/{command}"), json!({})).await.granted();
            assert_eq!(titles(app, "").await, found, "{command}");
            let facets = app.get("/api/v1/events/facets").await.json();
            assert_eq!(facets["total"], found.len(), "{command}");
        }
    });
}

#[test]
fn an_event_that_is_no_longer_listed_leaves_every_feed() {
    test(async |app| {
        app.has_long_lists(&LONG);
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, evening("Leaves", 1, &json!({ "tags": ["wanders"] }))).await;
        published(app, &ada, evening("Stays", 2, &json!({}))).await;
        let feeds = async || {
            let mut found = Vec::new();
            for feed in ["", "/calendar.ics", "/feed.json"] {
                let reply = search(app, &format!("events{feed}")).await;
                assert_eq!(reply.status, 200, "{feed}");
                let text = String::from_utf8_lossy(&reply.bytes).into_owned();
                assert!(text.contains("Stays"), "{feed}");
                found.push(text.contains("Leaves") || text.contains("wanders"));
            }
            found
        };
        let commands: [(&str, Value, &str, Value); 3] = [
            ("/unpublish", Value::Null, "/publish", Value::Null),
            ("", json!({ "visibility": "private" }), "", json!({ "visibility": "listed" })),
            ("", json!({ "visibility": "unlisted" }), "", json!({ "visibility": "listed" })),
        ];
        for (leave, leaving, return_, returning) in commands {
            assert_eq!(feeds().await, [true; 3], "before {leave}{leaving}");
            let change = async |below: &str, body: Value| {
                let path = format!("{path}{below}");
                if below.is_empty() {
                    patch(app, &ada, &path, body).await
                } else {
                    post(app, &ada, &path, body).await
                }
            };
            change(leave, leaving.clone()).await.granted();
            assert_eq!(feeds().await, [false; 3], "after {leave}{leaving}");
            assert_eq!(titles(app, "tag=wanders").await, Vec::<String>::new());
            change(return_, returning).await.granted();
        }
        assert_eq!(feeds().await, [true; 3]);
    });
}
