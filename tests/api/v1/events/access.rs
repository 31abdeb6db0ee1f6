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
/// role, an administrator of the platform.
const CALLERS: usize = 7;

/// A request on a draft, and on a public event; its status for each caller.
#[rustfmt::skip]
const MATRIX: &[(&str, &str, [u16; CALLERS], [u16; CALLERS])] = &[
    //                      draft: owner admin editor staff viewer other platform     public
    ("GET", "",             [200, 200, 200, 200, 200, 404, 200], [200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/occurrences", [200, 200, 200, 200, 200, 404, 200], [200, 200, 200, 200, 200, 200, 200]),
    ("PATCH", "",           [200, 200, 200, 403, 403, 404, 403], [200, 200, 200, 403, 403, 403, 403]),
    ("PUT", "",             [200, 200, 200, 403, 403, 404, 403], [200, 200, 200, 403, 403, 403, 403]),
    ("PATCH", "/occurrences/2026-10-13",
                            [200, 200, 200, 403, 403, 404, 403], [200, 200, 200, 403, 403, 403, 403]),
    ("POST", "/occurrences/2026-10-20/cancel",
                            [200, 200, 200, 403, 403, 404, 403], [200, 200, 200, 403, 403, 403, 403]),
    ("POST", "/duplicate",  [201, 201, 201, 403, 403, 404, 403], [201, 201, 201, 403, 403, 403, 403]),
    ("POST", "/block",      [403, 403, 403, 403, 403, 403, 412], [403, 403, 403, 403, 403, 403, 412]),
    ("DELETE", "",          [412, 412, 412, 403, 403, 204, 412], [412, 412, 412, 403, 403, 403, 412]),
];

fn body(method: &str, path: &str) -> Value {
    match (method, path) {
        ("PATCH", "") => json!({ "summary": "Talks." }),
        ("PUT", "") => tuesdays(),
        ("PATCH", _) => json!({ "title": "Late evening" }),
        _ => Value::Null,
    }
}

#[test]
fn every_role_may_do_what_the_matrix_says() {
    test(async |app| {
        super::in_september(app);
        let mut callers = vec![person(app, "owner").await];
        let id = organization(app, &callers[0], "Engines").await;
        for role in ["admin", "editor", "staff", "viewer"] {
            let joining = person(app, role).await;
            join(app, &callers[0], &id, &joining, role).await;
            callers.push(joining);
        }
        callers.push(person(app, "other").await);
        callers.push(administrator(app).await);
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
                    // These would end the event, and so go no further than its version.
                    if matches!(*method, "DELETE") || path.ends_with("block") {
                        call = call.header("if-match", "\"99\"");
                    }
                    let body = body(method, path);
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
