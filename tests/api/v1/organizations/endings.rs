//! Ends of accounts, and exports.

use serde_json::{Value, json};

use super::*;

#[test]
fn a_last_owner_is_succeeded_by_the_longest_standing_admin() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        let editor = person(app, "editor").await;
        join(app, &ada, &id, &editor, "editor").await;
        app.advance(std::time::Duration::from_millis(5));
        join(app, &ada, &id, &bo, "admin").await;
        app.advance(std::time::Duration::from_millis(5));
        join(app, &ada, &id, &eve, "admin").await;
        assert_eq!(delete(app, &ada, "users/me").await.status, 204);
        app.platform.settle().await;
        assert_eq!(role(app, &eve, &id, &bo).await, "owner");
        assert_eq!((role(app, &eve, &id, &ada).await.as_str(), numbers(app, &id).await), ("", [(1, 3); 2]));
        let mail = app.mails_to(&bo.email).await.pop().unwrap();
        assert_eq!(mail.subject, "You are now the owner of Tea");
        let sent: Vec<_> = app.platform.cloud().travelled().into_iter().map(|event| event.r#type).collect();
        assert!(sent.iter().any(|kind| kind == "organization.owner_succeeded"), "{sent:?}");
    });
}

#[test]
fn without_an_admin_an_editor_succeeds_and_without_one_the_organization_closes() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let (tea, coffee) = (organization(app, &ada, "Tea").await, organization(app, &ada, "Coffee").await);
        join(app, &ada, &tea, &bo, "editor").await;
        join(app, &ada, &tea, &eve, "staff").await;
        join(app, &ada, &coffee, &eve, "staff").await;
        invite(app, &ada, &coffee, &bo, "viewer").await;
        assert_eq!(get(app, &bo, "invitations").await.json()["data"].as_array().unwrap().len(), 1);
        assert_eq!(delete(app, &ada, "users/me").await.status, 204);
        app.platform.settle().await;
        assert_eq!(role(app, &eve, &tea, &bo).await, "owner");
        let closed = app.get(&format!("/api/v1/organizations/{coffee}")).await.json();
        assert_eq!((&closed["status"], numbers(app, &coffee).await), (&json!("closed"), [(0, 1); 2]));
        assert_eq!(get(app, &bo, "invitations").await.json()["data"], json!([]));
        let root = administrator(app).await;
        let appoint =
            post(app, &root, &format!("organizations/{coffee}/appoint"), json!({ "user_id": bo.id })).await;
        assert_eq!(refused(&appoint), (409, "organization_closed"));
        assert_eq!(post(app, &eve, &format!("organizations/{coffee}/leave"), Value::Null).await.status, 204);
        assert_eq!(app.get("/api/v1/organizations?q=coffee").await.json()["data"], json!([]));
    });
}

#[test]
fn another_owner_needs_no_successor_and_a_repeated_event_ends_nothing_more() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "owner").await;
        assert_eq!(delete(app, &ada, "users/me").await.status, 204);
        app.platform.settle().await;
        assert_eq!(numbers(app, &id).await, [(1, 1); 2]);
        let user_id = ada.id.parse().unwrap();
        let deleted = shared::bus::events::UserDeleted { user_id };
        app.publish(shared::bus::DomainEvent::UserDeleted(deleted), 9).await;
        assert_eq!(numbers(app, &id).await, [(1, 1); 2]);
    });
}

#[test]
fn an_export_has_the_memberships() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let id = organization(app, &ada, "Tea").await;
        let begun = post(app, &ada, "users/me/export", Value::Null).await;
        assert_eq!(begun.status, 202);
        app.platform.settle().await;
        let export = app.get_as(&ada.token, begun.header("location")).await.json();
        assert_eq!(export["status"], "done");
        let parts = export["data"].as_array().unwrap();
        let part = parts.iter().find(|part| part["name"].as_str().unwrap().starts_with("organizations."));
        assert_eq!(part.unwrap()["data"]["memberships"], json!([{ "organization_id": id, "role": "owner" }]));
    });
}
