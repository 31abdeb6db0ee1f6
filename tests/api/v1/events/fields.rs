//! Fields of events: limits, merge patches, replies that can be sent back.

use serde_json::{Value, json};

use super::{event, faults, in_september, shown, tuesdays};
use crate::api::v1::organizations::{ask, patch, person, post, test};

#[test]
fn every_fault_is_named_at_once() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let body = json!({
            "title": "",
            "slug": "No Slug",
            "summary": 7,
            "schedule": {
                "time_zone": "Mars/Olympus_Mons",
                "parts": [{ "start": "2026-10-06T19:00", "rule": "FREQ=HOURLY", "colour": "red" }],
                "added": "2026-10-24",
            },
            "mode": "by_letter",
            "venue": { "latitude": 91, "longitude": 13.4, "country": "Germany" },
            "online_url": "http://meet.example.com",
            "categories": ["unknown category"],
            "tags": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"],
            "language": "english",
            "minimum_age": 100,
            "accessibility": "",
            "ticket_types": [
                { "name": "Standard", "price": { "amount": 1000, "currency": "EUR" } },
                { "name": "Child", "price": { "amount": 500, "currency": "USD" } },
            ],
            "organizer": "guild_7",
        });
        let reply = post(app, &ada, "events", body.clone()).await;
        assert_eq!(faults(&reply), [("/organizer".to_owned(), "invalid_organizer".to_owned())]);
        let mut body = body;
        body.as_object_mut().unwrap().remove("organizer");
        let found = faults(&post(app, &ada, "events", body).await);
        let expected = [
            ("/title", "invalid_title"),
            ("/slug", "invalid_slug"),
            ("/summary", "wrong_type"),
            ("/schedule/time_zone", "unknown_time_zone"),
            ("/schedule/parts/0/colour", "unknown_field"),
            ("/schedule/parts/0/rule", "invalid_rule"),
            ("/schedule/added", "wrong_type"),
            ("/mode", "wrong_type"),
            ("/venue/country", "invalid_country"),
            ("/venue/latitude", "invalid_latitude"),
            ("/online_url", "invalid_url"),
            ("/categories/0", "invalid_slug"),
            ("/tags", "too_many"),
            ("/language", "invalid_language"),
            ("/minimum_age", "invalid_age"),
            ("/accessibility", "invalid_accessibility"),
            ("/ticket_types/1/price/currency", "mixed_currencies"),
        ];
        let expected: Vec<(String, String)> =
            expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect();
        let (mut found, mut wanted) = (found, expected);
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted);
    });
}

#[test]
fn a_title_and_a_reason_name_no_website_because_emails_show_them() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = event(app, &ada, tuesdays()).await;
        for title in ["Prize:evil.com", "claim/evil.com", "Tickets: bit.ly/x", "evil.com/@ada"] {
            let found = faults(&patch(app, &ada, &path, json!({ "title": title })).await);
            assert_eq!(found, [("/title".to_owned(), "invalid_title".to_owned())], "{title}");
        }
        for title in ["Node.js/Deno", "An evening of ASP.NET", "St. Petersburg: day 1/2", "Dr.Who"] {
            assert_eq!(patch(app, &ada, &path, json!({ "title": title })).await.status, 200, "{title}");
        }
        post(app, &ada, &format!("{path}/publish"), Value::Null).await.granted();
        for command in ["postpone", "cancel"] {
            let command = format!("{path}/{command}");
            let reply = post(app, &ada, &command, json!({ "reason": "See t.co/abc" })).await;
            assert_eq!(faults(&reply), [("/reason".to_owned(), "invalid_reason".to_owned())]);
            post(app, &ada, &command, json!({ "reason": "The hall is closed." })).await.granted();
        }
    });
}

#[test]
fn a_patch_merges_at_every_depth_and_a_put_replaces() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = event(app, &ada, tuesdays()).await;
        let merged =
            patch(app, &ada, &path, json!({ "venue": { "latitude": 52.521_918_4, "longitude": 13.4132 } }));
        let merged = merged.await.json();
        let venue = json!({
            "name": "Lovelace Hall", "city": "Berlin", "country": "DE", "latitude": 52.521_918, "longitude": 13.4132,
        });
        assert_eq!(merged["venue"], venue);
        let merged =
            patch(app, &ada, &path, json!({ "schedule": { "time_zone": "Europe/London" } })).await.json();
        assert_eq!(merged["schedule"]["time_zone"], "Europe/London");
        assert_eq!(
            merged["schedule"]["parts"],
            json!([{
                "from": "2026-10-06", "start": "2026-10-06T19:00", "duration": "PT2H",
                "rule": "FREQ=WEEKLY;BYDAY=TU", "count": 20,
            }])
        );
        let merged = patch(app, &ada, &path, json!({ "minimum_age": 6 })).await.json();
        assert_eq!((&merged["minimum_age"], &merged["venue"]), (&6.into(), &venue));
        let half = patch(app, &ada, &path, json!({ "venue": { "longitude": null } })).await;
        assert_eq!(faults(&half), [("/venue/longitude".to_owned(), "required".to_owned())]);
        let replaced = ask(app, &ada, http::Method::PUT, &path, json!({ "title": "Bare" })).await.json();
        assert_eq!(
            (&replaced["title"], &replaced["venue"], &replaced["schedule"], &replaced["minimum_age"]),
            (&"Bare".into(), &Value::Null, &Value::Null, &Value::Null)
        );
    });
}

/// The fields of a GET can be sent back, which changes nothing.
#[test]
fn a_reply_can_be_sent_back() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let mut body = tuesdays();
        body["schedule"]["added"] = json!(["2026-10-24T11:00", "2026-10-06T11:00"]);
        body["schedule"]["skipped"] = json!(["2026-12-29"]);
        body["tags"] = json!(["History", "history", "Паровые машины"]);
        body["categories"] = json!(["talks"]);
        body["language"] = "en".into();
        body["ticket_types"] =
            json!([{ "name": "Standard", "price": { "amount": 1000, "currency": "EUR" } }]);
        body["minimum_age"] = 16.into();
        body["accessibility"] = "Step-free entrance.\nHearing loop.".into();
        let path = event(app, &ada, body).await;
        let before = shown(app, &ada, &path).await;
        assert_eq!(before["tags"], json!(["History", "Паровые машины"]));
        assert_eq!(
            (&before["minimum_age"], &before["accessibility"]),
            (&16.into(), &"Step-free entrance.\nHearing loop.".into())
        );
        let names = [
            "title",
            "slug",
            "summary",
            "description",
            "organizer",
            "schedule",
            "mode",
            "venue",
            "online_url",
            "categories",
            "tags",
            "language",
            "images",
            "ticket_types",
            "minimum_age",
            "accessibility",
            "visibility",
        ];
        let fields = names.iter().filter_map(|name| Some(((*name).to_owned(), before.get(*name)?.clone())));
        let same: serde_json::Map<String, Value> = fields.collect();
        let put = ask(app, &ada, http::Method::PUT, &path, Value::Object(same)).await;
        assert_eq!((put.status, &put.json()["version"]), (200, &1.into()), "{}", put.json());
    });
}

#[test]
fn an_event_has_64_kilobytes() {
    test(async |app| {
        // The budgets are those of an event of 4 KB.
        app.has_long_lists(&["events.create_event", "events.replace_event", "events.get_event"]);
        let ada = person(app, "ada").await;
        let added: Vec<String> =
            (0..100).map(|day| format!("2027-{:02}-{:02}T10:00", 1 + day / 28, 1 + day % 28)).collect();
        let body = json!({
            "title": "Long",
            "description": "я".repeat(20_000),
            "schedule": { "time_zone": "Europe/Moscow", "parts": [{ "start": "2026-10-06T19:00" }], "added": added },
        });
        let path = event(app, &ada, body).await;
        let changes = json!({ "title": "ы".repeat(150), "start": "2027-01-01T11:00" });
        let mut last = 200;
        for day in 0..100 {
            let key = format!("2027-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
            let reply = patch(app, &ada, &format!("{path}/occurrences/{key}"), changes.clone()).await;
            last = reply.status;
            if last != 200 {
                assert_eq!(faults(&reply), [(String::new(), "too_large".to_owned())]);
                break;
            }
        }
        assert_eq!(last, 422);
    });
}

#[test]
fn a_repeated_creation_returns_the_first_reply() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let create = async |body: &Value| {
            let call = app.request(http::Method::POST, "/api/v1/events").token(&ada.token).json(body);
            call.header("idempotency-key", "evening").send().await
        };
        let first = create(&tuesdays()).await;
        let again = create(&tuesdays()).await;
        assert_eq!((first.status, again.status, first.json()), (201, 201, again.json()));
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(
            create(&json!({ "title": "Other" })).await.problem(),
            (422, "idempotency_key_reused".into())
        );
    });
}

#[test]
fn changes_of_a_part_are_fields_of_the_event() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let mut body = tuesdays();
        body["schedule"]["parts"][0]["changes"] =
            json!({ "title": "", "venue": { "country": "Germany" }, "price": 7 });
        assert_eq!(
            faults(&post(app, &ada, "events", body).await),
            [
                ("/schedule/parts/0/changes/price".to_owned(), "unknown_field".to_owned()),
                ("/schedule/parts/0/changes/title".to_owned(), "invalid_title".to_owned()),
                ("/schedule/parts/0/changes/venue/country".to_owned(), "invalid_country".to_owned()),
            ]
        );
    });
}
