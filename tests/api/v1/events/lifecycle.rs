//! Drafts, publication and what follows it.

use serde_json::{Value, json};

use super::{event, faults, in_september, published, shown, tuesdays};
use crate::api::v1::organizations::{delete, get, patch, person, post, refused, test};

#[test]
fn publishing_names_every_gap() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = event(app, &ada, json!({ "title": "Soon", "mode": "mixed" })).await;
        let publish = format!("{path}/publish");
        let required = |pointer: &str| (pointer.to_owned(), "required".to_owned());
        assert_eq!(
            faults(&post(app, &ada, &publish, Value::Null).await),
            [
                required("/schedule"),
                required("/venue/city"),
                required("/venue/country"),
                required("/online_url")
            ]
        );
        let body = json!({
            "mode": "offline",
            "venue": { "name": "Lovelace Hall" },
            "schedule": { "time_zone": "Europe/Berlin", "parts": [{ "start": "2026-08-31T19:00" }] },
        });
        patch(app, &ada, &path, body).await.granted();
        assert_eq!(
            faults(&post(app, &ada, &publish, Value::Null).await),
            [
                required("/venue/city"),
                required("/venue/country"),
                ("/schedule".to_owned(), "no_coming_date".to_owned())
            ]
        );
        patch(app, &ada, &path, tuesdays()).await.granted();
        let published = post(app, &ada, &publish, Value::Null).await.json();
        assert_eq!(
            (&published["status"], &published["slug"]),
            (&"published".into(), &"evening-of-engines".into())
        );
        assert_eq!(published["next_occurrence"]["starts_at"], "2026-10-06T17:00:00.000Z");
        let found = app.get("/api/v1/events/by-slug/evening-of-engines").await.json();
        assert_eq!(found["id"], published["id"]);
        // A public event keeps what publishing requires.
        assert_eq!(
            faults(&patch(app, &ada, &path, json!({ "venue": null })).await),
            [required("/venue/city"), required("/venue/country")]
        );
    });
}

#[test]
fn a_command_that_the_status_does_not_allow_names_those_that_it_does() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let draft = event(app, &ada, tuesdays()).await;
        for command in ["cancel", "postpone", "complete"] {
            let reply = post(app, &ada, &format!("{draft}/{command}"), Value::Null).await;
            assert_eq!(refused(&reply), (409, "event_invalid_transition"), "{command}");
            assert_eq!(reply.json()["event_status"], "draft");
            assert_eq!(reply.json()["allowed"], json!(["published"]));
        }
        let cancelled = published(app, &ada, tuesdays()).await;
        let body = json!({ "reason": "The hall is flooded." });
        let reply = post(app, &ada, &format!("{cancelled}/cancel"), body).await.json();
        assert_eq!(
            (&reply["status"], &reply["reason"]),
            (&"cancelled".into(), &"The hall is flooded.".into())
        );
        // A repeated command has no effect.
        let again = post(app, &ada, &format!("{cancelled}/cancel"), Value::Null).await.json();
        assert_eq!((&again["version"], &again["reason"]), (&reply["version"], &reply["reason"]));
        let reply = post(app, &ada, &format!("{cancelled}/publish"), Value::Null).await;
        assert_eq!(
            (refused(&reply), &reply.json()["allowed"]),
            ((409, "event_invalid_transition"), &json!([]))
        );
        let reply = patch(app, &ada, &cancelled, json!({ "title": "Other" })).await;
        assert_eq!(refused(&reply), (409, "event_over"));
        // The page stays.
        let page = app.get(&format!("/api/v1/{cancelled}")).await.json();
        assert_eq!(page["status"], "cancelled");
    });
}

#[test]
fn a_postponed_event_is_rescheduled_and_keeps_its_former_start() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let postponed =
            post(app, &ada, &format!("{path}/postpone"), json!({ "reason": "Illness" })).await.json();
        assert_eq!((&postponed["status"], &postponed["reason"]), (&"postponed".into(), &"Illness".into()));
        let mut schedule = tuesdays()["schedule"].clone();
        schedule["parts"][0]["start"] = "2026-11-03T18:00".into();
        let moved =
            post(app, &ada, &format!("{path}/reschedule"), json!({ "schedule": schedule })).await.json();
        assert_eq!((&moved["status"], &moved["reason"]), (&"rescheduled".into(), &Value::Null));
        assert_eq!(moved["previous_starts"], json!(["2026-10-06T17:00:00.000Z"]));
        assert_eq!(moved["next_occurrence"]["starts_at"], "2026-11-03T17:00:00.000Z");
        let completed = post(app, &ada, &format!("{path}/complete"), Value::Null).await.json();
        assert_eq!(completed["status"], "completed");
    });
}

#[test]
fn an_unpublished_event_keeps_its_slug_for_the_next_publication() {
    test(async |app| {
        in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let first = published(app, &ada, tuesdays()).await;
        post(app, &ada, &format!("{first}/unpublish"), Value::Null).await.granted();
        assert_eq!(get(app, &bo, &first).await.status, 404);
        let second = published(app, &bo, tuesdays()).await;
        let slug = shown(app, &bo, &second).await["slug"].as_str().unwrap().to_owned();
        assert!(slug.starts_with("evening-of-engines-"), "{slug}");
        post(app, &ada, &format!("{first}/publish"), Value::Null).await.granted();
        assert_eq!(shown(app, &bo, &first).await["slug"], "evening-of-engines");
        assert_eq!(
            faults(&patch(app, &ada, &first, json!({ "slug": "engines" })).await),
            [("/slug".to_owned(), "immutable".to_owned())]
        );
        assert_eq!(
            faults(&patch(app, &ada, &first, json!({ "slug": "No Slug" })).await),
            [("/slug".to_owned(), "invalid_slug".to_owned())]
        );
        for (organizer, code) in [(bo.id.as_str(), "immutable"), ("guild_7", "invalid_organizer")] {
            let reply = patch(app, &ada, &first, json!({ "organizer": organizer })).await;
            assert_eq!(faults(&reply), [("/organizer".to_owned(), code.to_owned())]);
        }
        // Neither `null` nor a replacement takes it away.
        // `/events/manage` is a page.
        let mut manage = tuesdays();
        manage["title"] = "Manage".into();
        let manage = published(app, &ada, manage).await;
        let slug = shown(app, &ada, &manage).await["slug"].as_str().unwrap().to_owned();
        assert!(slug.starts_with("manage-"), "{slug}");
        let reserved = post(app, &ada, "events", json!({ "title": "Manage", "slug": "manage" })).await;
        assert_eq!(faults(&reserved), [("/slug".to_owned(), "reserved".to_owned())]);
        let kept = patch(app, &ada, &first, json!({ "slug": null })).await.json();
        assert_eq!(kept["slug"], "evening-of-engines");
        let mut wanted = tuesdays();
        wanted["slug"] = "evening-of-engines".into();
        let third = event(app, &bo, wanted).await;
        let reply = post(app, &bo, &format!("{third}/publish"), Value::Null).await;
        assert_eq!(refused(&reply), (409, "event_slug_taken"));
        // A deletion frees the slug.
        assert_eq!(delete(app, &ada, &first).await.status, 204);
        assert_eq!(post(app, &bo, &format!("{third}/publish"), Value::Null).await.status, 200);
    });
}

#[test]
fn a_duplicate_is_a_draft_without_slug_and_exceptions() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        post(app, &ada, &format!("{path}/occurrences/2026-10-13/cancel"), Value::Null).await.granted();
        let copy = post(app, &ada, &format!("{path}/duplicate"), json!({})).await;
        assert_eq!(copy.status, 201);
        let copy = copy.json();
        assert_eq!((&copy["status"], &copy["slug"]), (&"draft".into(), &Value::Null));
        let original = shown(app, &ada, &path).await;
        assert_eq!((&copy["title"], &copy["schedule"]), (&original["title"], &original["schedule"]));
        let id = copy["id"].as_str().unwrap();
        let dates = get(app, &ada, &format!("events/{id}/occurrences?from=2026-10-01")).await.json();
        assert!(dates["data"].as_array().unwrap().iter().all(|date| date["status"] == "scheduled"));
    });
}

#[test]
fn a_stale_version_changes_nothing() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        for (method, below, body) in [
            ("PATCH", "", json!({ "title": "Other" })),
            ("PUT", "", tuesdays()),
            ("DELETE", "", Value::Null),
            ("POST", "/cancel", json!({})),
            ("POST", "/transfer", json!({ "organizer": ada.id })),
            ("PATCH", "/occurrences/2026-10-13", json!({ "title": "Other" })),
            ("POST", "/occurrences/2026-10-13/cancel", Value::Null),
            ("DELETE", "/occurrences/2026-10-13", Value::Null),
        ] {
            let call = app.request(method.parse().unwrap(), &format!("/api/v1/{path}{below}"));
            let call = call.token(&ada.token).header("if-match", "\"1\"");
            let reply = if body.is_null() { call.send() } else { call.json(&body).send() }.await;
            assert_eq!(refused(&reply), (412, "stale_version"), "{method} {below}");
        }
        assert_eq!(shown(app, &ada, &path).await["version"], 2);
    });
}
