//! Organisations, their members and invitations, one action at a time.

use http::Method;
use serde_json::{Value, json};
use shared::table::item::{Attributes, key_attributes};

use super::{PASSWORD, token};
use crate::harness::App;

const ORGANIZATIONS: &str = "/api/v1/organizations";

/// A person with a verified address: id, address and token.
pub(super) struct Person {
    id: String,
    email: String,
    pub(super) token: String,
}

pub(super) async fn person(app: &App, name: &str) -> Person {
    let email = format!("{name}-marker@example.com");
    let _ = app.register_as(&email).await;
    app.confirm_email(&email).await;
    signed_in(app, email).await
}

async fn signed_in(app: &App, email: String) -> Person {
    let tokens = app.post("/api/v1/auth/login", json!({ "email": email, "password": PASSWORD })).await.json();
    Person { id: tokens["user"]["id"].as_str().unwrap().to_owned(), email, token: token(&tokens) }
}

/// Makes the login one of a release without public profiles.
async fn make_earlier(app: &App, user: &str) {
    let table = &app.platform.stack().table.name;
    let scan = app.dynamodb().scan().table_name(table).into_paginator().items().send();
    let items = scan.collect::<Result<Vec<_>, _>>().await.unwrap();
    let has = |item: &Attributes, name: &str, text: &str| {
        item.get(name).is_some_and(|value| value.as_s().is_ok_and(|found| found == text))
    };
    let login = items.iter().find(|item| has(item, "type", "login") && has(item, "user_id", user)).unwrap();
    let key = shared::table::schema::Key {
        pk: login["pk"].as_s().unwrap().clone(),
        sk: login["sk"].as_s().unwrap().clone(),
    };
    let update = app.dynamodb().update_item().table_name(table).set_key(Some(key_attributes(key)));
    update.update_expression("REMOVE has_profile").send().await.unwrap();
}

pub(super) async fn call(app: &App, person: &Person, method: Method, path: &str, body: Value) -> Value {
    let call = app.request(method, path).token(&person.token);
    let reply = if body.is_null() { call.send().await } else { call.json(&body).send().await };
    assert!(reply.status < 300, "{path}: {} {}", reply.status, String::from_utf8_lossy(&reply.bytes));
    serde_json::from_slice(&reply.bytes).unwrap_or_default()
}

pub(super) async fn get(app: &App, person: &Person, path: &str) -> Value {
    call(app, person, Method::GET, path, Value::Null).await
}

pub(super) async fn post(app: &App, person: &Person, path: &str, body: Value) -> Value {
    call(app, person, Method::POST, path, body).await
}

pub(super) async fn create(app: &App, owner: &Person, name: &str) -> String {
    let body = json!({ "name": name, "summary": "Evenings about machines that do not exist yet." });
    let create = || app.request(Method::POST, ORGANIZATIONS).token(&owner.token).json(&body);
    let key = name.replace(' ', "-");
    let made = create().header("idempotency-key", &key).send().await;
    assert_eq!((made.status, create().header("idempotency-key", &key).send().await.status), (201, 201));
    made.header("location").to_owned()
}

/// Invites a person and lets them answer; returns the path of the invitation.
async fn invite(app: &App, inviter: &Person, path: &str, person: &Person, role: &str) -> String {
    let path = format!("{path}/invitations");
    let body = json!({ "email": person.email, "role": role });
    let invite = || app.request(Method::POST, &path).token(&inviter.token).json(&body);
    let made = invite().header("idempotency-key", role).send().await;
    assert_eq!((made.status, invite().header("idempotency-key", role).send().await.status), (201, 201));
    made.header("location").to_owned()
}

async fn join(app: &App, inviter: &Person, path: &str, person: &Person, role: &str) {
    let invitation = invite(app, inviter, path, person, role).await;
    let id = invitation.rsplit('/').next().unwrap();
    post(app, person, &format!("/api/v1/invitations/{id}/accept"), json!({})).await;
}

pub(super) async fn organizations(app: &App) {
    let (owner, admin, guest) =
        (person(app, "owner").await, person(app, "admin").await, person(app, "guest").await);
    let chief = "chief-marker@example.com";
    app.administrator(chief).await;
    let root = signed_in(app, chief.to_owned()).await;
    make_earlier(app, &owner.id).await;
    let owner = signed_in(app, owner.email).await;
    let path = create(app, &owner, "Analytical Society").await;
    profile(app, &owner, &root, &path).await;
    invitations(app, (&owner, &admin, &guest), &path).await;
    members(app, (&owner, &admin, &guest, &root), &path).await;
    endings(app, &owner, &admin, &guest).await;
}

async fn profile(app: &App, owner: &Person, root: &Person, path: &str) {
    for list in ["", "?q=society", "/mine", "/by-slug/analytical-society"] {
        get(app, owner, &format!("{ORGANIZATIONS}{list}")).await;
    }
    get(app, owner, path).await;
    let change = json!({ "name": "Analytical Engines", "slug": "engines", "city": "London" });
    call(app, owner, Method::PATCH, path, change).await;
    for verb in ["verify", "block", "unblock"] {
        post(app, root, &format!("{path}/{verb}"), Value::Null).await;
    }
}

async fn invitations(app: &App, (owner, admin, guest): (&Person, &Person, &Person), path: &str) {
    let id = |invitation: &str| invitation.rsplit('/').next().unwrap().to_owned();
    let declined = invite(app, owner, path, guest, "viewer").await;
    get(app, guest, "/api/v1/invitations").await;
    let preview = json!({ "token": app.mailed_token(&guest.email).await });
    assert_eq!(app.post("/api/v1/invitations/preview", preview).await.status, 200);
    post(app, guest, &format!("/api/v1/invitations/{}/decline", id(&declined)), json!({})).await;
    let revoked = invite(app, owner, path, guest, "staff").await;
    post(app, owner, &format!("{revoked}/resend"), Value::Null).await;
    get(app, owner, &format!("{path}/invitations")).await;
    call(app, owner, Method::DELETE, &revoked, Value::Null).await;
    join(app, owner, path, admin, "admin").await;
    join(app, owner, path, guest, "editor").await;
}

async fn members(app: &App, (owner, admin, guest, root): (&Person, &Person, &Person, &Person), path: &str) {
    let member = |person: &Person| format!("{path}/members/{}", person.id);
    call(app, admin, Method::PATCH, &member(admin), json!({ "public": true })).await;
    get(app, owner, &format!("{path}/members")).await;
    assert_eq!(app.get(&format!("{path}/members")).await.status, 200);
    get(app, owner, &member(guest)).await;
    call(app, owner, Method::PATCH, &member(guest), json!({ "role": "owner" })).await;
    call(app, owner, Method::DELETE, &member(guest), Value::Null).await;
    post(app, owner, &format!("{path}/transfer"), json!({ "user_id": admin.id })).await;
    post(app, root, &format!("{path}/appoint"), json!({ "user_id": owner.id })).await;
    post(app, owner, &format!("{path}/leave"), Value::Null).await;
    call(app, admin, Method::DELETE, path, Value::Null).await;
    app.platform.settle().await;
}

async fn endings(app: &App, owner: &Person, admin: &Person, guest: &Person) {
    let succeeded = create(app, owner, "Difference Society").await;
    let left = create(app, owner, "Jacquard Society").await;
    join(app, owner, &succeeded, admin, "admin").await;
    join(app, owner, &succeeded, guest, "viewer").await;
    join(app, owner, &left, guest, "viewer").await;
    // It closes, which revokes this invitation.
    invite(app, owner, &left, admin, "staff").await;
    let export = app.request(Method::POST, "/api/v1/users/me/export").token(&owner.token).send().await;
    app.platform.settle().await;
    assert_eq!(app.get_as(&owner.token, export.header("location")).await.json()["status"], "done");
    for leaving in [owner, guest] {
        call(app, leaving, Method::DELETE, "/api/v1/users/me", Value::Null).await;
        app.platform.settle().await;
    }
}
