//! `POST /api/v1/auth/reauthenticate`

use std::time::Duration;

use serde_json::{Value, json};

use super::{ADA, text, works};
use crate::harness::{App, PASSWORD, test, test_of, with_cheap_passwords};

const PATH: &str = "/api/v1/auth/reauthenticate";

async fn auth_time(app: &App, tokens: &Value) -> i64 {
    let body = app.post("/api/v1/auth/verify", json!({ "token": tokens["access_token"] })).await.json();
    body["auth_time"].as_i64().unwrap()
}

#[test]
fn the_password_makes_the_session_recent() {
    test(async |app| {
        let tokens = app.register().await;
        app.advance(Duration::from_mins(6));
        let before = auth_time(app, &tokens).await;
        let reply = app.post_as(text(&tokens, "access_token"), PATH, json!({ "password": PASSWORD })).await;
        assert_eq!(reply.status, 200);
        let fresh = reply.json();
        assert_eq!(auth_time(app, &fresh).await, before + 360);
        let sessions = app.get_as(text(&fresh, "access_token"), "/api/v1/auth/sessions").await.json();
        assert_eq!(sessions["data"].as_array().unwrap().len(), 1, "the same session");
    });
}

#[test]
fn a_wrong_password_does_not_and_counts() {
    test(async |app| {
        let tokens = app.register().await;
        let token = text(&tokens, "access_token");
        for _ in 0..10 {
            let reply = app.post_as(token, PATH, json!({ "password": "wrong" })).await;
            assert_eq!(reply.problem(), (403, "wrong_password".to_owned()));
        }
        let reply = app.post_as(token, PATH, json!({ "password": PASSWORD })).await;
        assert_eq!(reply.problem(), (429, "too_many_attempts".to_owned()));
        let login = json!({ "email": ADA, "password": PASSWORD });
        assert_eq!(app.post("/api/v1/auth/login", login).await.status, 200, "a count of the session's");
        assert!(works(app, &tokens).await);
    });
}

#[test]
fn an_account_has_fifty_right_passwords_an_hour() {
    test_of(with_cheap_passwords, async |app| {
        let tokens = app.register().await;
        let token = text(&tokens, "access_token");
        for _ in 0..50 {
            assert_eq!(app.post_as(token, PATH, json!({ "password": PASSWORD })).await.status, 200);
        }
        let refuse = async |tokens: &Value, path: &str, body: Value| {
            let reply = app.post_as(text(tokens, "access_token"), path, body).await;
            assert_eq!(reply.problem(), (429, "too_many_attempts".to_owned()));
            assert_eq!(reply.header("ratelimit-limit"), "50");
            assert_eq!(app.lines.of("auth-api").pop().unwrap().hashes, 0, "no hash");
        };
        refuse(&tokens, PATH, json!({ "password": PASSWORD })).await;
        // Another session has no count of its own. Sign-ins have.
        let other = app.log_in(ADA).await;
        refuse(&other, PATH, json!({ "password": PASSWORD })).await;
        let change = json!({ "current_password": PASSWORD, "new_password": "another horse battery" });
        refuse(&other, "/api/v1/auth/password-change", change).await;
        app.advance(Duration::from_hours(1));
        let tokens = app.log_in(ADA).await;
        let body = json!({ "password": PASSWORD });
        assert_eq!(app.post_as(text(&tokens, "access_token"), PATH, body).await.status, 200);
    });
}
