//! Ends of accounts, and exports.

use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::bus::{
    DomainEvent,
    events::{OrganizationDeleted, UserDeleted},
};

use super::{overtaken::overtaken_by, *};
use crate::harness::{answering, test_of};

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
        assert!(mail.text.contains("its longest-standing admin, so you are"), "{}", mail.text);
        let sent: Vec<_> = app.platform.cloud().travelled().into_iter().map(|event| event.r#type).collect();
        assert!(sent.iter().any(|kind| kind == "organization.owner_succeeded"), "{sent:?}");
    });
}

#[test]
fn an_editor_succeeds_without_an_admin_else_the_organization_closes() {
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
fn a_remaining_owner_needs_no_successor_also_after_a_repeated_event() {
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

/// A stack whose consumer gets no ends from the bus: the test delivers them.
fn deaf(template: &mut Value) {
    with_cheap_passwords(template);
    let pattern = &mut template["Resources"]["OrganizationsConsumerRule"]["Properties"]["EventPattern"];
    pattern["detail-type"] = json!(["user.export_requested"]);
}

/// A change of a role moves a membership in the list of the account, perhaps to a place that
/// the walk has passed.
#[test]
fn a_membership_that_the_walk_has_missed_is_ended() {
    test_of(deaf, async |app| {
        app.expects_errors(&["failed: unavailable: some memberships of a deleted account"]);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "staff").await;
        assert_eq!(delete(app, &bo, "users/me").await.status, 204);
        let mut environment = app.environment("OrganizationsConsumer");
        let (table, is_behind) = (environment.aws.http_client().unwrap(), AtomicBool::new(true));
        let first_is_empty = move |call: &str| {
            let is_empty = call.contains("IndexName") && is_behind.swap(false, Ordering::Relaxed);
            is_empty.then(|| (200, json!({ "Items": [], "Count": 0 }).to_string()))
        };
        let aws = environment.aws.into_builder().http_client(answering(table, first_is_empty));
        environment.aws = aws.build();
        let consumer = ::organizations::consumer(environment).await.unwrap();
        let user_id = bo.id.parse().unwrap();
        let deliver =
            async || app.hand_over(&consumer, DomainEvent::UserDeleted(UserDeleted { user_id }), 9).await;
        assert!(!deliver().await, "delivered again");
        assert_eq!(numbers(app, &id).await, [(1, 1); 2]);
        assert!(deliver().await);
    });
}

#[test]
fn no_member_of_a_deleted_organization_is_left_by_a_concurrent_write() {
    test_of(deaf, async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "staff").await;
        assert_eq!(delete(app, &ada, &format!("organizations/{id}")).await.status, 204);
        // Between the read of the members and the first end.
        let write = app.dynamodb().update_item().table_name(&app.platform.stack().table.name);
        let write = write
            .key("pk", AttributeValue::S(format!("MEMBER#{id}")))
            .key("sk", AttributeValue::S(bo.id.clone()))
            .update_expression("SET #version = #version + :one")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        let environment = overtaken_by(app, "OrganizationsConsumer", write);
        let consumer = ::organizations::consumer(environment).await.unwrap();
        let event = app.outbox(&format!("ORG#{id}"), "ORG").await[0].clone();
        assert_eq!(event["type"], "organization.deleted");
        let deleted: OrganizationDeleted = serde_json::from_value(event["data"].clone()).unwrap();
        let version = event["aggregate_version"].as_u64().unwrap();
        assert!(app.hand_over(&consumer, DomainEvent::OrganizationDeleted(deleted), version).await);
        let left = app.query(&format!("MEMBER#{id}")).await;
        assert!(left.iter().all(|item| item["type"].as_s().unwrap() == "tombstone"), "{left:?}");
    });
}
