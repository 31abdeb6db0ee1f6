//! `/api/v1/users`

mod create;
mod delete;
mod email_change;
mod export;
mod get;
mod list;
mod roles;
mod update;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{
    App, PASSWORD,
    client::{Call, Reply},
};

pub const ADA: &str = "ada-marker@example.com";
pub const BO: &str = "bo-marker@example.com";
pub const ROOT: &str = "root-marker@example.com";
pub const ME: &str = "/api/v1/users/me";
pub const USERS: &str = "/api/v1/users";

/// The access token of a token reply.
pub fn token(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

/// The path of the account of a token reply.
pub fn path(tokens: &Value) -> String {
    format!("{USERS}/{}", tokens["user"]["id"].as_str().unwrap())
}

/// Begins a request with a body and a user's token.
pub fn call<'a>(app: &'a App, tokens: &Value, method: Method, path: &str, body: &Value) -> Call<'a> {
    app.request(method, path).token(token(tokens)).json(body)
}

/// Sends a `PATCH` with a user's token.
pub async fn patch(app: &App, tokens: &Value, path: &str, body: Value) -> Reply {
    call(app, tokens, Method::PATCH, path, &body).send().await
}

/// Re-authenticates the session of a token reply; returns the new tokens.
pub async fn recent(app: &App, tokens: &Value) -> Value {
    let body = json!({ "password": PASSWORD });
    let reply = app.post_as(token(tokens), "/api/v1/auth/reauthenticate", body).await;
    assert_eq!(reply.status, 200);
    reply.json()
}
