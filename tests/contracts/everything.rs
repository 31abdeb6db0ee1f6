//! A scenario in which every store operation is used and every permission is
//! needed: what contracts compare with what is declared.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, PASSWORD};

const ADA: &str = "ada-marker@example.com";

/// What one person does with an account, each thing once and alone.
pub async fn everything(app: &App) {
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
