//! Events of deleted accounts, and of organisations that are blocked, closed or deleted.

use serde_json::json;

use super::{event, in_september, published, shown, tuesdays};
use crate::{
    api::v1::organizations::{Person, administrator, delete, get, join, organization, person, post, test},
    harness::App,
};

async fn of_teas(app: &App, person: &Person, teas: &str) -> (String, String) {
    let mut body = tuesdays();
    body["organizer"] = teas.into();
    (event(app, person, body.clone()).await, published(app, person, body).await)
}

#[test]
fn the_events_of_a_deleted_account_are_deleted() {
    test(async |app| {
        in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let teas = organization(app, &ada, "Teas").await;
        join(app, &ada, &teas, &bo, "editor").await;
        let (own_draft, own) = (event(app, &bo, tuesdays()).await, published(app, &bo, tuesdays()).await);
        let (_, of_teas) = of_teas(app, &bo, &teas).await;
        assert_eq!(delete(app, &bo, "users/me").await.status, 204);
        app.platform.settle().await;
        for path in [own_draft, own] {
            assert_eq!(get(app, &ada, &path).await.status, 404);
        }
        assert_eq!(shown(app, &ada, &of_teas).await["status"], "published");
        let id = of_teas.trim_start_matches("events/");
        let item = app.item(&format!("EVENT#{id}"), "EVENT").await.expect("an event");
        assert!(!item.contains_key("created_by") && !item.contains_key("gsi4pk"), "{item:?}");
    });
}

#[test]
fn a_blocked_organisation_hides_its_events_until_it_is_unblocked() {
    test(async |app| {
        in_september(app);
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let teas = organization(app, &ada, "Teas").await;
        let (_, path) = of_teas(app, &ada, &teas).await;
        for (command, status) in [("block", 404), ("unblock", 200)] {
            let reply = post(app, &root, &format!("organizations/{teas}/{command}"), json!({})).await;
            assert_eq!(reply.status, 200);
            app.platform.settle().await;
            assert_eq!(
                (get(app, &bo, &path).await.status, get(app, &ada, &path).await.status),
                (status, 200)
            );
        }
    });
}

#[test]
fn the_events_of_a_deleted_organisation_are_cancelled() {
    test(async |app| {
        in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let teas = organization(app, &ada, "Teas").await;
        let (draft, public) = of_teas(app, &ada, &teas).await;
        let (_, over) = of_teas(app, &ada, &teas).await;
        post(app, &ada, &format!("{over}/complete"), serde_json::Value::Null).await.granted();
        assert_eq!(delete(app, &ada, &format!("organizations/{teas}")).await.status, 204);
        app.platform.settle().await;
        assert_eq!(get(app, &ada, &draft).await.status, 404);
        assert_eq!(shown(app, &bo, &public).await["status"], "cancelled");
        assert_eq!(shown(app, &bo, &over).await["status"], "completed");
    });
}

#[test]
fn an_export_has_the_events_of_the_person() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let teas = organization(app, &ada, "Teas").await;
        let own = event(app, &ada, tuesdays()).await;
        let (draft, _) = of_teas(app, &ada, &teas).await;
        let job = post(app, &ada, "users/me/export", json!({})).await;
        app.platform.settle().await;
        let location = format!("{}?limit=100", job.header("location").trim_start_matches("/api/v1/"));
        let export = get(app, &ada, &location).await.json();
        assert_eq!(export["status"], "done", "{export}");
        let text = export.to_string();
        assert!(text.contains("Evening of engines"), "{text}");
        for path in [own, draft] {
            assert!(text.contains(path.trim_start_matches("events/")), "{path}");
        }
    });
}
