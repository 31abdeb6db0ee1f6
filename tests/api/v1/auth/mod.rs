//! `/api/v1/auth`

mod email_verification_confirm;
mod email_verification_request;
mod health;
mod login;
mod logout;
mod me;
mod password_change;
mod password_reset;
mod reauthenticate;
mod refresh;
mod refresh_property;
mod register;
mod sessions;
mod verify;

use serde_json::Value;

use crate::harness::App;

pub const ADA: &str = "ada-marker@example.com";

/// Text field of a token reply.
pub fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

/// True if an access token is accepted.
pub async fn works(app: &App, tokens: &Value) -> bool {
    app.get_as(text(tokens, "access_token"), "/api/v1/auth/me").await.status == 200
}

/// Refreshes; returns status and reply.
pub async fn refresh(app: &App, refresh_token: &str) -> (u16, Value) {
    let body = serde_json::json!({ "refresh_token": refresh_token });
    let reply = app.post("/api/v1/auth/refresh", body).await;
    (reply.status, reply.json())
}
