//! `POST /api/v1/auth/refresh`

use std::time::Duration;

use serde_json::json;

use super::{refresh, text, works};
use crate::harness::test;

const PATH: &str = "/api/v1/auth/refresh";

#[test]
fn the_newest_token_gives_the_next_in_one_round_trip() {
    test(async |app| {
        let tokens = app.register().await;
        let (status, next) = refresh(app, text(&tokens, "refresh_token")).await;
        assert_eq!(status, 200);
        assert!(next.get("user").is_none());
        assert_ne!(next["refresh_token"], tokens["refresh_token"]);
        assert!(works(app, &next).await);
        let line =
            app.lines.of("auth-api").into_iter().rev().find(|line| line.action.contains("refresh")).unwrap();
        assert_eq!((line.round_trips, line.read_units, line.write_units), (1, 1.0, 1.0));
    });
}

#[test]
fn two_tabs_get_the_same_token_with_one_write() {
    test(async |app| {
        let tokens = app.register().await;
        let old = text(&tokens, "refresh_token");
        let (one, other) = futures::join!(refresh(app, old), refresh(app, old));
        assert_eq!((one.0, other.0), (200, 200));
        assert_eq!(one.1["refresh_token"], other.1["refresh_token"]);
        app.advance(Duration::from_secs(9));
        let (status, replayed) = refresh(app, old).await;
        assert_eq!((status, &replayed["refresh_token"]), (200, &one.1["refresh_token"]));
        let line = app.lines.of("auth-api").pop().unwrap();
        assert_eq!((line.round_trips, line.write_units), (1, 0.0));
    });
}

#[test]
fn a_lost_answer_is_forgiven_once_later() {
    test(async |app| {
        let tokens = app.register().await;
        let first = text(&tokens, "refresh_token");
        assert_eq!(refresh(app, first).await.0, 200);
        app.advance(Duration::from_secs(11));
        let (status, grace) = refresh(app, first).await;
        assert_eq!(status, 200);
        // The newest token still works, and grace is available again.
        app.advance(Duration::from_secs(11));
        let (status, _) = refresh(app, text(&grace, "refresh_token")).await;
        assert_eq!(status, 200);
        app.advance(Duration::from_secs(11));
        assert_eq!(refresh(app, text(&grace, "refresh_token")).await.0, 200);
    });
}

#[test]
fn an_old_token_ends_the_session_and_says_so() {
    test(async |app| {
        let tokens = app.register().await;
        let first = text(&tokens, "refresh_token");
        let (_, second) = refresh(app, first).await;
        let (_, third) = refresh(app, text(&second, "refresh_token")).await;
        let reply = app.post(PATH, json!({ "refresh_token": first })).await;
        assert_eq!(reply.problem(), (401, "refresh_token_reused".to_owned()));
        assert_eq!(refresh(app, text(&third, "refresh_token")).await.0, 401);
        assert!(!works(app, &third).await);
        app.platform.settle().await;
        let travelled = app.platform.cloud().travelled();
        let kinds: Vec<&str> = travelled
            .iter()
            .map(|event| event.r#type.as_str())
            .filter(|kind| kind.starts_with("session."))
            .collect();
        assert_eq!(kinds, ["session.created", "session.revoked", "session.reuse_detected"]);
    });
}

#[test]
fn a_forged_token_costs_no_read() {
    test(async |app| {
        // If priming took too long, this first request reads the keys.
        assert_eq!(app.post(PATH, json!({ "refresh_token": "first" })).await.status, 401);
        for token in ["", "x", &"A".repeat(96)] {
            let reply = app.post(PATH, json!({ "refresh_token": token })).await;
            assert_eq!(reply.problem(), (401, "invalid_refresh_token".to_owned()));
            assert_eq!(app.lines.of("auth-api").pop().unwrap().round_trips, 0);
        }
    });
}

#[test]
fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
    test(async |app| {
        let tokens = app.register().await;
        app.advance(Duration::from_hours(14 * 24));
        assert_eq!(refresh(app, text(&tokens, "refresh_token")).await.0, 401);

        let mut tokens = app.log_in(super::ADA).await;
        for _ in 0..5 {
            app.advance(Duration::from_hours(10 * 24));
            let (status, next) = refresh(app, text(&tokens, "refresh_token")).await;
            assert_eq!(status, 200);
            tokens = next;
        }
        app.advance(Duration::from_hours(10 * 24));
        assert_eq!(refresh(app, text(&tokens, "refresh_token")).await.0, 401);
    });
}
