//! The declared cost of every store operation <-> what a typical item costs.

use std::{collections::BTreeSet, time::Duration};

use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, lines::operations, test};

const ADA: &str = "ada-marker@example.com";

/// What one person does with an account, each thing once and alone.
async fn everything(app: &App) {
    let tokens = app.register().await;
    let token = |tokens: &Value| tokens["access_token"].as_str().unwrap().to_owned();
    app.get_as(&token(&tokens), "/api/v1/auth/me").await;
    app.confirm_email(ADA).await;
    // The keys were made before the first line: read them once more.
    app.advance(Duration::from_mins(6));
    app.get("/.well-known/jwks.json").await;

    let wrong = json!({ "email": ADA, "password": "wrong" });
    let login = app.request(Method::POST, "/api/v1/auth/login").json(&wrong);
    assert_eq!(login.from("192.0.2.1").send().await.status, 401);
    let right = json!({ "email": ADA, "password": PASSWORD });
    let login = app.request(Method::POST, "/api/v1/auth/login").json(&right);
    let elsewhere = login.from("192.0.2.1").send().await.json();
    app.get_as(&token(&elsewhere), "/api/v1/auth/sessions").await;
    let body = json!({ "password": PASSWORD });
    app.post_as(&token(&elsewhere), "/api/v1/auth/reauthenticate", body).await;
    let body = json!({ "refresh_token": elsewhere["refresh_token"] });
    app.post("/api/v1/auth/refresh", body).await;
    app.post_as(&token(&elsewhere), "/api/v1/auth/logout", json!({})).await;

    app.post("/api/v1/auth/password-reset-request", json!({ "email": ADA })).await;
    let reset = json!({ "token": app.mailed_token(ADA).await, "new_password": PASSWORD });
    assert_eq!(app.post("/api/v1/auth/password-reset-confirm", reset).await.status, 204);
    let tokens = app.log_in(ADA).await;
    let change = json!({ "current_password": PASSWORD, "new_password": PASSWORD });
    assert_eq!(app.post_as(&token(&tokens), "/api/v1/auth/password-change", change).await.status, 204);
    app.post_as(&token(&tokens), "/api/v1/auth/logout", json!({ "everywhere": true })).await;
}

#[test]
fn every_operation_is_seen_and_reaches_its_budget() {
    // The harness holds the upper bound, this test that no budget is more
    // generous than need be.
    test(async |app| {
        everything(app).await;
        let measured = app.lines.measured();
        let starts = BTreeSet::from(["identity.put_jwks"]);
        let faults: Vec<String> = operations()
            .filter(|operation| !starts.contains(operation.name))
            .filter_map(|operation| {
                let seen = measured.get(operation.name).map(Vec::as_slice).unwrap_or_default();
                let reached = seen.iter().any(|seen| seen.uses == 1 && seen.units == operation.budget);
                (!reached).then(|| format!("{}: {seen:?} of {:?}", operation.name, operation.budget))
            })
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    });
}

#[test]
fn names_of_operations_are_unique() {
    let names: Vec<_> = operations().map(|operation| operation.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
