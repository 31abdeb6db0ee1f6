//! Writes whose permission ends between their reads and their transaction.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use aws_sdk_dynamodb::{operation::update_item::builders::UpdateItemFluentBuilder, types::AttributeValue};
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorFuture};
use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};
use shared::{Environment, http::Service, lambda::Invocation, telemetry::Log};

use super::*;
use crate::harness::{App, between::between};

/// Sends a request of a person to an instance; gives the status of the reply.
pub async fn send(service: &Service, person: &Person, method: Method, path: &str, body: Value) -> u16 {
    answer(service, person, method, path, body).await.0
}

/// As [`send`]; gives the code of a problem, too.
pub async fn answer(
    service: &Service,
    person: &Person,
    method: Method,
    path: &str,
    body: Value,
) -> (u16, String) {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    let request = request.header("authorization", format!("Bearer {}", person.token));
    let key = format!("key-{}", body.to_string().len());
    let request = request.header("content-type", "application/json").header("idempotency-key", key);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    let invocation = Invocation { deadline, client_address: None };
    let reply = service.call(request.body(Body::from(body.to_string())).unwrap(), invocation).await;
    let status = reply.status().as_u16();
    let bytes = axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// The change of a text attribute of an item in the partition of an organisation's members.
pub struct Change<'a> {
    pub sk: &'a str,
    pub attribute: &'a str,
    pub value: &'a str,
}

/// The request that makes a change.
pub fn update(app: &App, organization: &str, change: &Change<'_>) -> UpdateItemFluentBuilder {
    let key = (format!("MEMBER#{organization}"), change.sk);
    set(app, (&key.0, key.1), change.attribute, AttributeValue::S(change.value.to_owned()))
}

/// The request that sets an attribute of the item `pk`, `sk`.
fn set(app: &App, (pk, sk): (&str, &str), attribute: &str, value: AttributeValue) -> UpdateItemFluentBuilder {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let names = attribute.split('.').map(|name| (format!("#{name}"), name.to_owned()));
    let set = format!("SET #{} = :value", attribute.replace('.', ".#"));
    let update = app.dynamodb().update_item().table_name(&app.platform.stack().table.name);
    update
        .key("pk", text(pk))
        .key("sk", text(sk))
        .update_expression(set)
        .set_expression_attribute_names(Some(names.collect()))
        .expression_attribute_values(":value", value)
}

/// The request that ends the membership of a person, without a change of the counters.
pub fn removal(app: &App, organization: &str, person: &Person) -> UpdateItemFluentBuilder {
    let key = (format!("MEMBER#{organization}"), person.id.as_str());
    let tombstone = AttributeValue::S("tombstone".to_owned());
    set(app, (&key.0, key.1), "version", AttributeValue::N("9".to_owned()))
        .update_expression("SET #type = :tombstone, #version = :value REMOVE #card")
        .expression_attribute_names("#type", "type")
        .expression_attribute_names("#card", "card")
        .expression_attribute_values(":tombstone", tombstone)
}

/// The environment of a new instance. The change commits after its reads and before its
/// first transaction.
pub fn overtaken(app: &App, function: &str, organization: &str, change: &Change<'_>) -> Environment {
    overtaken_by(app, function, update(app, organization, change))
}

/// As [`overtaken`], by any update.
pub fn overtaken_by(app: &App, function: &str, update: UpdateItemFluentBuilder) -> Environment {
    let done = Arc::new(AtomicBool::new(false));
    let connection = between(app.platform.cloud().http_client(), move |request, cloud| {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let is_first = target.ends_with(".TransactWriteItems") && !done.swap(true, Ordering::Relaxed);
        let update = update.clone();
        HttpConnectorFuture::new(async move {
            if is_first {
                update.send().await.unwrap();
            }
            cloud.call(request).await
        })
    });
    let mut environment = app.environment(function);
    environment.aws = environment.aws.into_builder().http_client(connection).build();
    // No log lines: budgets assume no concurrent writers.
    environment.log = Log::from_fn(|_| {});
    environment
}

/// An admin becomes a viewer, or an owner an admin, who does not outrank another admin.
#[test]
fn a_demotion_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = &organization(app, &ada, "Tea").await;
        join(app, &ada, id, &bo, "admin").await;
        join(app, &ada, id, &eve, "staff").await;
        let (path, eves) = (format!("organizations/{id}"), member(id, &eve));
        let guest = json!({ "email": "guest-marker@example.com", "role": "viewer" });
        let writes = [
            (Method::PATCH, path.clone(), json!({ "summary": "Mine" })),
            (Method::POST, format!("{path}/invitations"), guest),
            (Method::PATCH, eves.clone(), json!({ "role": "editor" })),
            (Method::DELETE, eves, Value::Null),
        ];
        for (role, less, of_eve, writes) in
            [("admin", "viewer", "staff", &writes[..]), ("owner", "admin", "admin", &writes[2..])]
        {
            for (method, path, body) in writes {
                for (person, role) in [(&bo, role), (&eve, of_eve)] {
                    let role = json!({ "role": role });
                    assert_eq!(patch(app, &ada, &member(id, person), role).await.status, 200);
                }
                let demotion = Change { sk: &bo.id, attribute: "card.role", value: less };
                let environment = overtaken(app, "OrganizationsApi", id, &demotion);
                let service = ::organizations::api(environment).await.unwrap();
                let status = send(&service, &bo, method.clone(), path, body.clone()).await;
                assert_eq!(status, 403, "{method} {path} as {role}, then {less}");
            }
        }
    });
}

/// The status is a condition of writes that change the counters, and of the others.
#[test]
fn a_block_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = &organization(app, &ada, "Tea").await;
        join(app, &ada, id, &bo, "owner").await;
        join(app, &ada, id, &eve, "staff").await;
        let guest = stranger(app, "guest").await;
        let invitation = invite(app, &ada, id, &guest, "viewer").await;
        let path = format!("organizations/{id}");
        let writes = [
            (Method::PATCH, member(id, &eve), json!({ "role": "editor" })),
            (Method::PATCH, member(id, &bo), json!({ "role": "admin" })),
            (Method::PATCH, member(id, &ada), json!({ "public": true })),
            (Method::POST, format!("{path}/transfer"), json!({ "user_id": eve.id })),
            (Method::DELETE, member(id, &eve), Value::Null),
            (Method::DELETE, format!("{path}/invitations/{invitation}"), Value::Null),
        ];
        let block = Change { sk: "COUNTERS", attribute: "status", value: "blocked" };
        let active = Change { value: "active", ..block };
        for (method, path, body) in writes {
            let environment = overtaken(app, "OrganizationsApi", id, &block);
            let service = ::organizations::api(environment).await.unwrap();
            let found = answer(&service, &ada, method.clone(), &path, body).await;
            assert_eq!(found, (409, "organization_blocked".to_owned()), "{method} {path}");
            update(app, id, &active).send().await.unwrap();
        }
        assert_eq!(numbers(app, id).await, [(2, 3); 2]);
        // Members leave a blocked organisation, too.
        let service = ::organizations::api(overtaken(app, "OrganizationsApi", id, &block)).await.unwrap();
        assert_eq!(send(&service, &eve, Method::POST, &format!("{path}/leave"), Value::Null).await, 204);
    });
}

#[test]
fn an_acceptance_checks_inviter_address_and_status_in_its_write() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = &organization(app, &ada, "Tea").await;
        join(app, &ada, id, &bo, "admin").await;
        let invitation = invite(app, &bo, id, &eve, "staff").await;
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let (members, profile) = (format!("MEMBER#{id}"), format!("PROFILE#{}", eve.id));
        let mac = app.item(&profile, "PROFILE").await.unwrap()["address_mac"].clone();
        let changes = [
            (
                (members.as_str(), bo.id.as_str()),
                "card.role",
                "admin",
                "editor",
                409,
                "inviter_may_not_invite",
            ),
            ((&members, "COUNTERS"), "status", "active", "blocked", 409, "organization_blocked"),
            ((&profile, "PROFILE"), "address_mac", mac.as_s().unwrap(), "another", 404, "not_found"),
        ];
        let path = format!("invitations/{invitation}/accept");
        for (key, attribute, before, after, status, code) in changes {
            let environment = overtaken_by(app, "OrganizationsApi", set(app, key, attribute, text(after)));
            let service = ::organizations::api(environment).await.unwrap();
            let found = answer(&service, &eve, Method::POST, &path, json!({})).await;
            assert_eq!(found, (status, code.to_owned()), "{attribute}");
            assert_eq!(numbers(app, id).await, [(1, 2); 2]);
            set(app, key, attribute, text(before)).send().await.unwrap();
        }
        assert_eq!(accept(app, &eve, &invitation).await.status, 200);
    });
}

/// A member who is removed while accepting keeps the invitation.
#[test]
fn an_acceptance_by_a_member_checks_the_membership_in_its_write() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = &organization(app, &ada, "Tea").await;
        join(app, &ada, id, &bo, "admin").await;
        let invitation = invite(app, &bo, id, &ada, "staff").await;
        let members = format!("MEMBER#{id}");
        let removed = overtaken_by(app, "OrganizationsApi", removal(app, id, &ada));
        let service = ::organizations::api(removed).await.unwrap();
        let path = format!("invitations/{invitation}/accept");
        assert_eq!(send(&service, &ada, Method::POST, &path, json!({})).await, 200);
        let joined = app.item(&members, &ada.id).await.unwrap();
        assert_eq!(joined["card"].as_m().unwrap()["role"].as_s().unwrap(), "staff", "joined again");
    });
}

/// In the first invitation of a day, and in a later one.
#[test]
fn the_invitations_of_a_day_are_counted_by_the_write() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let id = &organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}/invitations");
        let number = |number: i64| AttributeValue::N(number.to_string());
        let today = app.now().seconds().div_euclid(24 * 3_600);
        let key = (format!("MEMBER#{id}"), "COUNTERS");
        for (guest, day) in [("first", 0), ("second", today)] {
            let key = (key.0.as_str(), key.1);
            set(app, key, "invited", number(49)).send().await.unwrap();
            set(app, key, "invited_day", number(day)).send().await.unwrap();
            let others = set(app, key, "invited", number(50));
            let others = others
                .update_expression("SET #invited = :value, #day = :today")
                .expression_attribute_names("#day", "invited_day")
                .expression_attribute_values(":today", number(today));
            let service = ::organizations::api(overtaken_by(app, "OrganizationsApi", others)).await.unwrap();
            let body = json!({ "email": format!("{guest}-marker@example.com"), "role": "viewer" });
            assert_eq!(send(&service, &ada, Method::POST, &path, body).await, 429, "{guest}");
        }
    });
}
