//! `GET /api/v1/auth/me`

use std::{collections::BTreeSet, time::Duration};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::harness::test;

#[test]
fn me_is_the_account_of_the_token() {
    test(async |app| {
        let tokens = app.register().await;
        let reply = app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/me").await;
        assert_eq!((reply.status, reply.json()), (200, tokens["user"].clone()));
        assert_eq!(reply.header("cache-control"), "no-store");
    });
}

#[test]
fn me_wants_a_token() {
    test(async |app| {
        let reply = app.get("/api/v1/auth/me").await;
        assert_eq!(reply.problem(), (401, "authentication_required".to_owned()));
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    });
}

#[test]
fn a_token_that_is_none_is_refused() {
    test(async |app| {
        for token in ["", "x", "a.b.c", "é", &"x".repeat(9_000)] {
            let reply = app.get_as(token, "/api/v1/auth/me").await;
            assert_eq!(reply.problem(), (401, "invalid_token".to_owned()), "{token}");
            assert_eq!(reply.header("www-authenticate"), "Bearer error=\"invalid_token\"");
        }
    });
}

#[test]
fn a_token_ends_after_ten_minutes() {
    test(async |app| {
        let tokens = app.register().await;
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(tokens["expires_in"], 600);
        app.advance(Duration::from_secs(599));
        assert_eq!(app.get_as(token, "/api/v1/auth/me").await.status, 200);
        app.advance(Duration::from_secs(6));
        assert_eq!(app.get_as(token, "/api/v1/auth/me").await.problem().0, 401);
    });
}

#[test]
fn a_token_says_nothing_that_a_user_can_write() {
    test(async |app| {
        let tokens = app.register().await;
        let part = |place: usize| -> serde_json::Value {
            let text = tokens["access_token"].as_str().unwrap().split('.').nth(place).unwrap();
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        let (header, claims) = (part(0), part(1));
        assert_eq!((&header["alg"], &header["typ"]), (&"ES256".into(), &"at+jwt".into()));
        let names: BTreeSet<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = ["aud", "auth_time", "exp", "gen", "iat", "iss", "jti", "role", "sid", "sub"];
        assert_eq!(names, BTreeSet::from(expected));
        assert_eq!(claims["sub"], tokens["user"]["id"]);
    });
}

#[test]
fn a_warm_request_costs_one_read() {
    test(async |app| {
        let tokens = app.register().await;
        app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/me").await.granted();
        let line = app.lines.of("auth-api").pop().unwrap();
        assert_eq!(line.action, "GET /api/v1/auth/me");
        assert_eq!((line.round_trips, line.read_units, line.write_units), (1, 1.0, 0.0));
        assert_eq!(line.actor.as_deref(), tokens["user"]["id"].as_str());
    });
}
