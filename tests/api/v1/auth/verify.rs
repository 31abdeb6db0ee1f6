//! `POST /api/v1/auth/verify`

use std::time::Duration;

use serde_json::json;

use super::text;
use crate::harness::test;

const PATH: &str = "/api/v1/auth/verify";

#[test]
fn a_valid_token_is_told_and_anything_else_is_not_active() {
    test(async |app| {
        let tokens = app.register().await;
        let token = text(&tokens, "access_token");
        let body = app.post(PATH, json!({ "token": token })).await.json();
        assert_eq!((&body["active"], &body["sub"]), (&json!(true), &tokens["user"]["id"]));
        assert_eq!((&body["role"], &body["iss"]), (&json!("USER"), &json!("http://127.0.0.1:3000")));
        assert_eq!(body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap(), 600);

        for other in ["", "x", "a.b.c", text(&tokens, "refresh_token"), &format!("{token}x")] {
            let reply = app.post(PATH, json!({ "token": other })).await;
            assert_eq!((reply.status, reply.json()), (200, json!({ "active": false })), "{other}");
        }
        app.advance(Duration::from_secs(605));
        assert_eq!(app.post(PATH, json!({ "token": token })).await.json(), json!({ "active": false }));
    });
}

#[test]
fn a_token_of_an_ended_session_is_not_active() {
    test(async |app| {
        let tokens = app.register().await;
        app.post_as(text(&tokens, "access_token"), "/api/v1/auth/logout", json!({})).await.granted();
        let reply = app.post(PATH, json!({ "token": tokens["access_token"] })).await;
        assert_eq!(reply.json(), json!({ "active": false }));
    });
}
