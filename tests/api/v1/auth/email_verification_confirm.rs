//! `POST /api/v1/auth/email-verification-confirm`

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, test};

const ADA: &str = "ada-marker@example.com";

const PATH: &str = "/api/v1/auth/email-verification-confirm";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[test]
fn a_link_with_a_token_keeps_password_and_session() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let other = app.log_in(ADA).await;
        let token = app.mailed_token(ADA).await;
        let access = text(&tokens, "access_token");
        assert_eq!(app.post_as(access, PATH, json!({ "token": token })).await.status, 204);

        let me = app.get_as(access, "/api/v1/auth/me").await.json();
        assert_eq!((&me["email_verified"], &me["version"]), (&true.into(), &2.into()));
        let events = app.outbox(&format!("USER#{}", text(&me, "id")), "USER").await;
        assert_eq!(events[0]["data"]["changed"], json!(["email_verified", "sessions"]));
        let refreshed = |tokens: &Value| {
            app.post("/api/v1/auth/refresh", json!({ "refresh_token": tokens["refresh_token"] }))
        };
        assert_eq!((refreshed(&tokens).await.status, refreshed(&other).await.status), (200, 401));
        app.log_in(ADA).await;

        // A repeated confirmation has no effect, and writes nothing.
        assert_eq!(app.post(PATH, json!({ "token": token })).await.status, 204);
        let line = app.lines.of("auth-api").pop().unwrap();
        assert_eq!((line.read_units, line.write_units), (2.0, 0.0));
    });
}

#[test]
fn a_link_without_the_password_drops_password_and_sessions() {
    test(async |app| {
        let stranger = app.register_as(ADA).await;
        let token = app.mailed_token(ADA).await;
        assert_eq!(app.post(PATH, json!({ "token": token })).await.status, 204);
        app.advance(Duration::from_secs(5));
        let me = app.get_as(text(&stranger, "access_token"), "/api/v1/auth/me").await;
        assert_eq!(me.problem(), (401, "invalid_token".to_owned()));
        let refresh = json!({ "refresh_token": stranger["refresh_token"] });
        assert_eq!(app.post("/api/v1/auth/refresh", refresh).await.status, 401);
        let login = app.post("/api/v1/auth/login", json!({ "email": ADA, "password": PASSWORD })).await;
        assert_eq!(login.problem(), (401, "invalid_credentials".to_owned()));
        app.post("/api/v1/auth/password-reset-request", json!({ "email": ADA })).await.granted();
        let reset = json!({ "token": app.mailed_token(ADA).await, "new_password": "another horse battery" });
        assert_eq!(app.post("/api/v1/auth/password-reset-confirm", reset).await.status, 204);
        let login = json!({ "email": ADA, "password": "another horse battery" });
        assert_eq!(app.post("/api/v1/auth/login", login).await.status, 200);
    });
}

#[test]
fn a_link_with_the_password_keeps_it() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let token = app.mailed_token(ADA).await;
        let wrong = app.post(PATH, json!({ "token": token, "password": "wrong" })).await;
        assert_eq!(wrong.problem(), (403, "wrong_password".to_owned()));
        assert_eq!(app.post(PATH, json!({ "token": token, "password": PASSWORD })).await.status, 204);
        let refresh = json!({ "refresh_token": tokens["refresh_token"] });
        assert_eq!(app.post("/api/v1/auth/refresh", refresh).await.status, 401);
        assert_eq!(app.log_in(ADA).await["user"]["email_verified"], true);
    });
}

#[test]
fn a_link_with_another_accounts_token_drops_the_password() {
    test(async |app| {
        app.register_as(ADA).await;
        let token = app.mailed_token(ADA).await;
        let bo = app.register_as("bo-marker@example.com").await;
        assert_eq!(app.post_as(text(&bo, "access_token"), PATH, json!({ "token": token })).await.status, 204);
        let login = app.post("/api/v1/auth/login", json!({ "email": ADA, "password": PASSWORD })).await;
        assert_eq!(login.status, 401);
        assert_eq!(app.get_as(text(&bo, "access_token"), "/api/v1/auth/me").await.status, 200);
    });
}

#[test]
fn a_confirmation_voids_other_links_and_a_change_of_address() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let confirm = app.mailed_token(ADA).await;
        app.post("/api/v1/auth/password-reset-request", json!({ "email": ADA })).await.granted();
        let reset = app.mailed_token(ADA).await;
        let change = app.request(Method::PATCH, "/api/v1/users/me").token(text(&tokens, "access_token"));
        change.json(&json!({ "email": "eve-marker@example.com" })).send().await.granted();
        let changed = app.mailed_token("eve-marker@example.com").await;
        assert_eq!(app.post(PATH, json!({ "token": confirm })).await.status, 204);
        let again = app.post(PATH, json!({ "token": changed })).await;
        assert_eq!(again.problem(), (400, "verification_token_invalid".to_owned()));
        let body = json!({ "token": reset, "new_password": "another horse battery" });
        let reset = app.post("/api/v1/auth/password-reset-confirm", body).await;
        assert_eq!(reset.problem(), (400, "reset_token_invalid".to_owned()));
    });
}

#[test]
fn a_link_ends_after_a_day() {
    test(async |app| {
        app.register().await;
        let token = app.mailed_token("ada-marker@example.com").await;
        app.advance(Duration::from_hours(24));
        let reply = app.post(PATH, json!({ "token": token })).await;
        assert_eq!(reply.problem(), (400, "verification_token_invalid".to_owned()));
    });
}

#[test]
fn a_forged_link_costs_no_read() {
    test(async |app| {
        // If priming took too long, this first request reads the keys.
        assert_eq!(app.post(PATH, json!({ "token": "first" })).await.status, 400);
        for token in ["", "x", &"A".repeat(80)] {
            let reply = app.post(PATH, json!({ "token": token })).await;
            assert_eq!(reply.problem(), (400, "verification_token_invalid".to_owned()));
            assert_eq!(app.lines.of("auth-api").pop().unwrap().round_trips, 0);
        }
        let faults = app.post(PATH, json!({ "token": 7 })).await.faults();
        assert_eq!(faults, [("/token".to_owned(), "wrong_type".to_owned())]);
    });
}

#[test]
fn two_at_once_confirm_it_once() {
    test(async |app| {
        let tokens = app.register().await;
        let token = app.mailed_token("ada-marker@example.com").await;
        let access = text(&tokens, "access_token");
        let confirm = || app.post_as(access, PATH, json!({ "token": token }));
        let (one, other) = futures::join!(confirm(), confirm());
        assert_eq!((one.status, other.status), (204, 204));
        let me = app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/me").await.json();
        assert_eq!(me["version"], 2);
    });
}
