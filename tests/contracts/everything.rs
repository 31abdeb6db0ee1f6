//! A scenario that uses every store operation and every permission, compared with the
//! declarations.

// Explicit paths, as the benchmark includes this file from another folder.
#[path = "everything/events.rs"]
mod events;
#[path = "everything/orders.rs"]
mod orders;
#[path = "everything/organizations.rs"]
mod organizations;
#[path = "everything/sellers.rs"]
mod sellers;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::everything_catalog::catalog;
use crate::harness::{App, PASSWORD};

const ADA: &str = "ada-marker@example.com";
const BO: &str = "bo-marker@example.com";
const BOB: &str = "bob-marker@example.com";
const EVE: &str = "eve-marker@example.com";
const ROOT: &str = "root-marker@example.com";

/// The access token of a reply.
pub fn token(tokens: &Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// Runs everything, one at a time.
pub async fn everything(app: &App) {
    // Boxed: the combined type of the futures is too deep for the compiler.
    Box::pin(sessions(app)).await;
    Box::pin(passwords(app)).await;
    Box::pin(people(app)).await;
    Box::pin(catalog(app)).await;
    Box::pin(administration(app)).await;
    Box::pin(orders::orders(app)).await;
    Box::pin(organizations::organizations(app)).await;
    Box::pin(sellers::sellers(app)).await;
    Box::pin(events::events(app)).await;
}

async fn sessions(app: &App) {
    let tokens = app.register().await;
    app.get_as(&token(&tokens), "/api/v1/auth/me").await.granted();
    app.confirm_email(ADA).await;
    // The keys were read before the first log line: read them once more.
    app.advance(Duration::from_mins(6));
    app.get("/.well-known/jwks.json").await.granted();

    let wrong = json!({ "email": ADA, "password": "wrong" });
    let login = app.request(Method::POST, "/api/v1/auth/login").json(&wrong);
    assert_eq!(login.from("192.0.2.1").send().await.status, 401);
    let right = json!({ "email": ADA, "password": PASSWORD });
    let login = app.request(Method::POST, "/api/v1/auth/login").json(&right);
    let elsewhere = login.from("192.0.2.1").send().await.json();
    app.get_as(&token(&elsewhere), "/api/v1/auth/sessions").await.granted();
    let body = json!({ "password": PASSWORD });
    app.post_as(&token(&elsewhere), "/api/v1/auth/reauthenticate", body).await.granted();
    let body = json!({ "refresh_token": elsewhere["refresh_token"] });
    app.post("/api/v1/auth/refresh", body).await.granted();
    app.post_as(&token(&elsewhere), "/api/v1/auth/logout", json!({})).await.granted();
}

async fn passwords(app: &App) {
    // The address is not verified yet: the mail verifies it.
    app.register_as(BO).await;
    app.post("/api/v1/auth/password-reset-request", json!({ "email": BO })).await.granted();
    let reset = json!({ "token": app.mailed_token(BO).await, "new_password": PASSWORD });
    assert_eq!(app.post("/api/v1/auth/password-reset-confirm", reset).await.status, 204);
    let tokens = app.log_in(BO).await;
    let change = json!({ "current_password": PASSWORD, "new_password": PASSWORD });
    assert_eq!(app.post_as(&token(&tokens), "/api/v1/auth/password-change", change).await.status, 204);
    app.post_as(&token(&tokens), "/api/v1/auth/logout", json!({ "everywhere": true })).await.granted();
}

async fn people(app: &App) {
    let tokens = app.log_in(ADA).await;
    let me = "/api/v1/users/me";
    let change = app
        .request(Method::PATCH, me)
        .token(&token(&tokens))
        .json(&json!({ "name": "Ada Marker-Lovelace B" }));
    assert_eq!(change.send().await.status, 200);
    let body = json!({ "email": EVE });
    assert_eq!(app.request(Method::PATCH, me).token(&token(&tokens)).json(&body).send().await.status, 200);
    let confirm = json!({ "token": app.mailed_token(EVE).await });
    let path = "/api/v1/auth/email-verification-confirm";
    assert_eq!(app.post_as(&token(&tokens), path, confirm).await.status, 204);
    let export = app.request(Method::POST, "/api/v1/users/me/export").token(&token(&tokens)).send().await;
    app.platform.settle().await;
    assert_eq!(app.get_as(&token(&tokens), export.header("location")).await.json()["status"], "done");
    assert_eq!(app.delete_as(&token(&tokens), me).await.status, 204);
    app.platform.settle().await;
}

async fn administration(app: &App) {
    let root = app.administrator(ROOT).await;
    let users = "/api/v1/users";
    for query in ["", "?q=bo", "?email=bo-marker@example.com"] {
        assert_eq!(app.get_as(&token(&root), &format!("{users}{query}")).await.status, 200);
    }
    let body = json!({ "email": ADA, "name": "Ada Marker-Lovelace", "role": "ADMIN" });
    let create =
        || app.request(Method::POST, users).token(&token(&root)).json(&body).header("idempotency-key", "k");
    let made = create().send().await;
    assert_eq!((made.status, create().send().await.status), (201, 201));
    let path = made.header("location").to_owned();
    let demote = app.request(Method::PATCH, &path).token(&token(&root)).json(&json!({ "role": "USER" }));
    assert_eq!(demote.send().await.status, 200);
    let promote = app.request(Method::PATCH, &path).token(&token(&root)).json(&json!({ "role": "ADMIN" }));
    assert_eq!(promote.send().await.status, 200);
    assert_eq!(app.delete_as(&token(&root), &path).await.status, 204);
    // Change of an address that was never verified.
    let eve = app.register_as(EVE).await;
    let me = "/api/v1/users/me";
    let body = json!({ "email": ADA });
    assert_eq!(app.request(Method::PATCH, me).token(&token(&eve)).json(&body).send().await.status, 200);
    let confirm = json!({ "token": app.mailed_token(ADA).await });
    let path = "/api/v1/auth/email-verification-confirm";
    assert_eq!(app.post_as(&token(&eve), path, confirm).await.status, 204);
    // An address verified by its signed-in owner, and one verified by a password
    // reset.
    let bob = app.register_as(BOB).await;
    let confirm = json!({ "token": app.mailed_token(BOB).await });
    assert_eq!(app.post_as(&token(&bob), path, confirm).await.status, 204);
    // A long profile and another name.
    let profile = json!({ "bio": "Writes programs for machines. ".repeat(25) });
    let change = json!({ "name": "Bob Marker-Lovelace", "profile": profile });
    let change = app.request(Method::PATCH, me).token(&token(&bob)).json(&change);
    assert_eq!(change.send().await.status, 200);
    app.register_as(EVE).await;
    app.post("/api/v1/auth/password-reset-request", json!({ "email": EVE })).await.granted();
    let reset = json!({ "token": app.mailed_token(EVE).await, "new_password": PASSWORD });
    assert_eq!(app.post("/api/v1/auth/password-reset-confirm", reset).await.status, 204);
}
