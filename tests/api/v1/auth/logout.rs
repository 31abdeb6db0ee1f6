//! `POST /api/v1/auth/logout`

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::{ADA, refresh, text, works};
use crate::harness::test;

const PATH: &str = "/api/v1/auth/logout";

#[test]
fn this_device_is_signed_out_and_others_are_not() {
    test(async |app| {
        let (here, there) = (app.register().await, app.log_in(ADA).await);
        // The body is optional.
        let reply = app.request(Method::POST, PATH).token(text(&here, "access_token")).send().await;
        assert_eq!(reply.status, 204);
        assert!(!works(app, &here).await);
        assert_eq!(refresh(app, text(&here, "refresh_token")).await.0, 401);
        assert!(works(app, &there).await);
        assert_eq!(refresh(app, text(&there, "refresh_token")).await.0, 200);
    });
}

#[test]
fn everywhere_is_every_device() {
    test(async |app| {
        let (here, there) = (app.register().await, app.log_in(ADA).await);
        let reply = app.post_as(text(&here, "access_token"), PATH, json!({ "everywhere": true })).await;
        assert_eq!(reply.status, 204);
        for tokens in [&here, &there] {
            assert!(!works(app, tokens).await);
            assert_eq!(refresh(app, text(tokens, "refresh_token")).await.0, 401);
        }
        assert!(works(app, &app.log_in(ADA).await).await);
    });
}

#[test]
fn another_instance_knows_within_five_seconds() {
    test(async |app| {
        let tokens = app.register().await;
        let other = auth::api(app.environment("AuthApi")).await.unwrap();
        let me = async || {
            let request = http::Request::get("/api/v1/auth/me")
                .header("authorization", format!("Bearer {}", text(&tokens, "access_token")))
                .body(axum::body::Body::empty())
                .unwrap();
            let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
            let invocation = shared::lambda::Invocation { deadline, client_address: None };
            other.call(request, invocation).await.status().as_u16()
        };
        assert_eq!(me().await, 200);
        app.post_as(text(&tokens, "access_token"), PATH, json!({})).await.granted();
        app.advance(Duration::from_secs(5));
        assert_eq!(me().await, 401);
    });
}

#[test]
fn a_warm_instance_asks_what_is_revoked_once_in_five_seconds() {
    test(async |app| {
        let tokens = app.register().await;
        let asked = async || {
            works(app, &tokens).await;
            app.lines.of("auth-api").pop().unwrap().operations.contains_key("identity.list_revocations")
        };
        app.advance(Duration::from_secs(5));
        assert!(asked().await);
        assert!(!asked().await);
        app.advance(Duration::from_secs(4));
        assert!(!asked().await);
        app.advance(Duration::from_secs(1));
        assert!(asked().await);
    });
}
