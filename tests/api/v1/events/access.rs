//! Every operation by every role of the organizing organisation, by strangers, and by an
//! administrator of the platform.

use http::Method;
use serde_json::{Value, json};

use super::{event, published, tuesdays};
use crate::{
    api::v1::organizations::{
        Person, administrator, ask, get, join, organization, patch, person, post, refused, test,
    },
    harness::App,
};

/// The callers, in this order: owner, admin, editor, staff, viewer, an account without a
/// role, the owner of another organisation, an administrator of the platform.
const CALLERS: usize = 8;

/// Statuses of those who may write, of staff and viewers, of strangers, and of the platform.
const fn by_role(editors: u16, readers: u16, strangers: u16, platform: u16) -> [u16; CALLERS] {
    [editors, editors, editors, readers, readers, strangers, strangers, platform]
}

const READ_DRAFT: [u16; CALLERS] = by_role(200, 200, 404, 200);
const READ_PUBLIC: [u16; CALLERS] = by_role(200, 200, 200, 200);
const WRITE_DRAFT: [u16; CALLERS] = by_role(200, 403, 404, 403);
const WRITE_PUBLIC: [u16; CALLERS] = by_role(200, 403, 403, 403);
/// Of requests with another version ([`ENDING`]): they come to the check of the version.
const END_DRAFT: [u16; CALLERS] = by_role(412, 403, 404, 403);
const END_PUBLIC: [u16; CALLERS] = by_role(412, 403, 403, 403);
/// Admins hand events over; editors do not.
const TRANSFER_DRAFT: [u16; CALLERS] = [412, 412, 403, 403, 403, 404, 404, 403];
const TRANSFER_PUBLIC: [u16; CALLERS] = [412, 412, 403, 403, 403, 403, 403, 403];
const MODERATE: [u16; CALLERS] = [403, 403, 403, 403, 403, 403, 403, 412];

/// A request on a draft, and on a public event; its status for each caller.
const MATRIX: &[(&str, &str, [u16; CALLERS], [u16; CALLERS])] = &[
    ("GET", "", READ_DRAFT, READ_PUBLIC),
    ("GET", "/occurrences", READ_DRAFT, READ_PUBLIC),
    ("GET", "/occurrences/2026-10-13", READ_DRAFT, READ_PUBLIC),
    ("GET", "/calendar.ics", READ_DRAFT, READ_PUBLIC),
    ("GET", "/event.jsonld", READ_DRAFT, READ_PUBLIC),
    ("PATCH", "", WRITE_DRAFT, WRITE_PUBLIC),
    ("PUT", "", WRITE_DRAFT, WRITE_PUBLIC),
    ("PATCH", "/occurrences/2026-10-13", WRITE_DRAFT, WRITE_PUBLIC),
    ("POST", "/occurrences/2026-10-20/cancel", WRITE_DRAFT, WRITE_PUBLIC),
    ("POST", "/occurrences/2026-10-20/restore", WRITE_DRAFT, WRITE_PUBLIC),
    ("DELETE", "/occurrences/2026-10-27", by_role(204, 403, 404, 403), by_role(204, 403, 403, 403)),
    ("POST", "/occurrences/2026-10-27/restore", WRITE_DRAFT, WRITE_PUBLIC),
    ("POST", "/duplicate", by_role(201, 403, 404, 403), by_role(201, 403, 403, 403)),
    ("POST", "/publish", END_DRAFT, END_PUBLIC),
    ("POST", "/unpublish", END_DRAFT, END_PUBLIC),
    ("POST", "/cancel", END_DRAFT, END_PUBLIC),
    ("POST", "/postpone", END_DRAFT, END_PUBLIC),
    ("POST", "/reschedule", END_DRAFT, END_PUBLIC),
    ("POST", "/complete", END_DRAFT, END_PUBLIC),
    ("POST", "/transfer", TRANSFER_DRAFT, TRANSFER_PUBLIC),
    ("POST", "/block", MODERATE, MODERATE),
    ("POST", "/unblock", MODERATE, MODERATE),
    // The reply does not reveal whether a draft exists.
    ("DELETE", "", [412, 412, 412, 403, 403, 204, 204, 412], by_role(412, 403, 403, 412)),
];

/// Requests that would end the event or change its status, and so go no further than its
/// version.
const ENDING: [&str; 9] = [
    "/publish",
    "/unpublish",
    "/cancel",
    "/postpone",
    "/reschedule",
    "/complete",
    "/transfer",
    "/block",
    "/unblock",
];

fn body(method: &str, path: &str, organization: &str) -> Value {
    match (method, path) {
        ("PATCH", "") => json!({ "summary": "Talks." }),
        ("PUT", "") => tuesdays(),
        ("PATCH", _) => json!({ "title": "Late evening" }),
        ("POST", "/reschedule") => json!({ "schedule": tuesdays()["schedule"] }),
        ("POST", "/transfer") => json!({ "organizer": organization }),
        _ => Value::Null,
    }
}

/// The callers, and the organisation of the first five.
async fn cast(app: &App) -> (Vec<Person>, String) {
    let mut callers = vec![person(app, "owner").await];
    let id = organization(app, &callers[0], "Engines").await;
    for role in ["admin", "editor", "staff", "viewer"] {
        let joining = person(app, role).await;
        join(app, &callers[0], &id, &joining, role).await;
        callers.push(joining);
    }
    callers.push(person(app, "other").await);
    let rival = person(app, "rival").await;
    organization(app, &rival, "Looms").await;
    callers.push(rival);
    callers.push(administrator(app).await);
    (callers, id)
}

#[test]
fn every_role_may_do_what_the_matrix_says() {
    test(async |app| {
        super::in_september(app);
        let (callers, id) = cast(app).await;
        let mut of_engines = tuesdays();
        of_engines["organizer"] = id.clone().into();
        let draft = event(app, &callers[0], of_engines.clone()).await;
        let public = published(app, &callers[2], of_engines).await;
        for (method, path, on_draft, on_public) in MATRIX {
            for (event, expected) in [(&draft, on_draft), (&public, on_public)] {
                let mut found = Vec::new();
                for caller in &callers {
                    let target = format!("/api/v1/{event}{path}");
                    let mut call = app.request(method.parse().unwrap(), &target).token(&caller.token);
                    if ENDING.contains(path) || (*method, *path) == ("DELETE", "") {
                        call = call.header("if-match", "\"99\"");
                    }
                    let body = body(method, path, &id);
                    let reply = if body.is_null() { call.send() } else { call.json(&body).send() }.await;
                    found.push(reply.status);
                }
                assert_eq!(found, expected, "{method} {event}{path}");
            }
        }
        let forbidden = post(app, &callers[3], "events", json!({ "title": "Mine", "organizer": id })).await;
        assert_eq!(refused(&forbidden), (403, "not_permitted"));
        assert_eq!(forbidden.json()["needs"], "editor");
    });
}

/// Lists with drafts are for the organizer and the platform.
#[test]
fn managed_events_are_listed_for_members_only() {
    test(async |app| {
        super::in_september(app);
        let (callers, id) = cast(app).await;
        let mut of_engines = tuesdays();
        of_engines["organizer"] = id.clone().into();
        event(app, &callers[2], of_engines).await;
        let owner = &callers[0].id;
        for (query, expected) in [
            (format!("organizer={id}"), by_role(200, 200, 403, 200)),
            (format!("organizer={id}&status=draft"), by_role(200, 200, 403, 200)),
            (format!("organizer={owner}"), [200, 403, 403, 403, 403, 403, 403, 200]),
            ("all=true&status=draft".to_owned(), by_role(403, 403, 403, 200)),
            // Their own.
            (String::new(), [200; CALLERS]),
        ] {
            let mut found = Vec::new();
            for caller in &callers {
                let reply = get(app, caller, &format!("events/managed?{query}")).await;
                let json = reply.json();
                let is_empty = json["data"].as_array().is_none_or(Vec::is_empty);
                // Nobody has events of their own here.
                let is_of_engines = query.contains(&id) || query.starts_with("all");
                assert!(reply.status != 200 || is_empty != is_of_engines, "{query}: {json}");
                found.push(reply.status);
            }
            assert_eq!(found, expected, "{query}");
        }
        // Public lists have no draft.
        for caller in &callers {
            let listed = get(app, caller, &format!("organizations/{id}/events")).await.json();
            assert_eq!(listed["data"], json!([]));
        }
    });
}

/// The owner of one organisation has no part in another one.
#[test]
fn an_owner_of_another_organisation_takes_no_event_over() {
    test(async |app| {
        super::in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let (teas, looms) = (organization(app, &ada, "Teas").await, organization(app, &bo, "Looms").await);
        let mut of_teas = tuesdays();
        of_teas["organizer"] = teas.clone().into();
        let draft = event(app, &ada, of_teas.clone()).await;
        let public = published(app, &ada, of_teas).await;
        assert_eq!(transfer(app, &bo, &draft, &looms).await, (404, "not_found".into()));
        assert_eq!(transfer(app, &bo, &public, &looms).await, (403, "not_permitted".into()));
        // Nor is it given one without being asked, nor does it give one away.
        assert_eq!(transfer(app, &ada, &public, &looms).await, (403, "not_permitted".into()));
        let body = json!({ "title": "Mine", "organizer": teas });
        assert_eq!(refused(&post(app, &bo, "events", body).await), (403, "not_permitted"));
        assert_eq!(get(app, &ada, &public).await.json()["organizer"], teas.as_str());
    });
}

#[test]
fn an_account_organizes_its_own_events_only() {
    test(async |app| {
        super::in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let draft = event(app, &ada, tuesdays()).await;
        assert_eq!(refused(&get(app, &bo, &draft).await), (404, "not_found"));
        assert_eq!(app.get(&format!("/api/v1/{draft}")).await.status, 404);
        assert_eq!(refused(&patch(app, &bo, &draft, json!({ "title": "Mine" })).await), (404, "not_found"));
        let body = json!({ "title": "Ada's", "organizer": ada.id });
        assert_eq!(refused(&post(app, &bo, "events", body).await), (403, "forbidden"));
        post(app, &ada, &format!("{draft}/publish"), Value::Null).await.granted();
        assert_eq!(refused(&patch(app, &bo, &draft, json!({ "title": "Mine" })).await), (403, "forbidden"));
        assert_eq!(app.get(&format!("/api/v1/{draft}")).await.status, 200);
    });
}

#[test]
fn a_private_event_is_shown_to_its_organizer_only() {
    test(async |app| {
        super::in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let mut private = tuesdays();
        private["visibility"] = "private".into();
        let private = published(app, &ada, private).await;
        assert_eq!(get(app, &ada, &private).await.status, 200);
        assert_eq!(get(app, &bo, &private).await.status, 404);
        assert_eq!(get(app, &bo, &format!("{private}/occurrences")).await.status, 404);
        assert_eq!(app.get("/api/v1/events/by-slug/evening-of-engines").await.status, 404);
        patch(app, &ada, &private, json!({ "visibility": "unlisted" })).await.granted();
        assert_eq!(get(app, &bo, &private).await.status, 200);
    });
}

#[test]
fn the_link_of_an_online_event_is_for_the_organizer() {
    test(async |app| {
        super::in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let mut online = tuesdays();
        online["mode"] = "online".into();
        online["online_url"] = "https://meet.example.com/engines".into();
        let online = published(app, &ada, online).await;
        assert_eq!(get(app, &ada, &online).await.json()["online_url"], "https://meet.example.com/engines");
        for seen in [get(app, &bo, &online).await.json(), app.get(&format!("/api/v1/{online}")).await.json()]
        {
            assert!(seen.get("online_url").is_none(), "{seen}");
        }
    });
}

#[test]
fn a_blocked_event_is_hidden_until_it_is_unblocked() {
    test(async |app| {
        super::in_september(app);
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let path = published(app, &ada, tuesdays()).await;
        let blocked = post(app, &root, &format!("{path}/block"), Value::Null).await;
        assert_eq!((blocked.status, &blocked.json()["blocked"]), (200, &true.into()));
        assert_eq!((get(app, &bo, &path).await.status, get(app, &ada, &path).await.status), (404, 200));
        post(app, &root, &format!("{path}/unblock"), Value::Null).await.granted();
        assert_eq!(get(app, &bo, &path).await.status, 200);
    });
}

async fn transfer(app: &App, person: &Person, path: &str, organizer: &str) -> (u16, String) {
    let body = json!({ "organizer": organizer });
    let reply = ask(app, person, Method::POST, &format!("{path}/transfer"), body).await;
    let json = reply.json();
    let text = json.get("code").or_else(|| json.get("organizer")).and_then(Value::as_str);
    (reply.status, text.unwrap_or_default().to_owned())
}

#[test]
fn an_event_is_handed_over_by_admins_of_both_sides() {
    test(async |app| {
        super::in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let teas = organization(app, &ada, "Teas").await;
        let path = event(app, &bo, tuesdays()).await;
        assert_eq!(transfer(app, &bo, &path, &teas).await, (403, "not_permitted".into()));
        join(app, &ada, &teas, &bo, "editor").await;
        assert_eq!(transfer(app, &bo, &path, &teas).await, (403, "not_permitted".into()));
        let role = json!({ "role": "admin" });
        patch(app, &ada, &crate::api::v1::organizations::member(&teas, &bo), role).await.granted();
        assert_eq!(transfer(app, &bo, &path, &teas).await, (200, teas.clone()));
        assert_eq!(get(app, &ada, &path).await.json()["organizer"], teas.as_str());
        assert_eq!(transfer(app, &bo, &path, &bo.id).await, (200, bo.id.clone()));
        assert_eq!(get(app, &ada, &path).await.status, 404);
    });
}
