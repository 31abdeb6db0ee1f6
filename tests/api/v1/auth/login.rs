//! `POST /api/v1/auth/login`

use std::time::Duration;

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use super::ADA;
use crate::harness::{App, PASSWORD, client::Reply, test};

const PATH: &str = "/api/v1/auth/login";

async fn log_in(app: &App, email: &str, password: &str, address: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    app.request(Method::POST, PATH).json(&body).from(address).send().await
}

#[test]
fn the_right_password_signs_a_device_in() {
    test(async |app| {
        let registered = app.register().await;
        let reply = log_in(app, " ADA-marker@example.com", PASSWORD, "127.0.0.1").await;
        assert_eq!(reply.status, 200);
        let tokens = reply.json();
        assert_eq!(tokens["user"]["id"], registered["user"]["id"]);
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(600)));

        let line = app.lines.of("auth-api").pop().unwrap();
        assert_eq!((line.round_trips, line.read_units, line.write_units), (3, 4.0, 1.0));
        let session =
            app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/sessions").await.json();
        let id = session["data"][0]["id"].as_str().unwrap();
        let user = tokens["user"]["id"].as_str().unwrap();
        let events = app.outbox(&format!("SESSION#{user}"), id).await;
        assert_eq!(events[0]["type"], "session.created");
    });
}

/// What a login cost, without its time.
fn cost(app: &App) -> (u32, u32, f64, f64) {
    let line = app.lines.of("auth-api").pop().unwrap();
    (line.hashes, line.round_trips, line.read_units, line.write_units)
}

#[test]
fn an_unknown_address_costs_and_says_what_a_wrong_password_does() {
    test(async |app| {
        app.register().await;
        let mut seen = Vec::new();
        for email in [ADA, "nobody-marker@example.com"] {
            let reply = log_in(app, email, "wrong", "192.0.2.1").await;
            let mut body: Value = reply.json();
            assert_eq!(reply.problem(), (401, "invalid_credentials".to_owned()));
            body["request_id"].take();
            seen.push((body, reply.headers.len(), cost(app)));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0].2.0, 1, "one hash");
        assert!(seen[0].2.3 <= 2.0, "a failure writes two units at most");
    });
}

#[test]
fn ten_failures_make_the_next_one_wait_and_longer_each_time() {
    test(async |app| {
        app.register().await;
        for email in [ADA, "nobody-marker@example.com"] {
            for _ in 0..10 {
                assert_eq!(log_in(app, email, "wrong", "192.0.2.1").await.status, 401);
            }
            let reply = log_in(app, email, PASSWORD, "192.0.2.1").await;
            assert_eq!(reply.problem(), (429, "too_many_attempts".to_owned()));
            assert_eq!(
                ["retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]
                    .map(|name| reply.header(name).to_owned()),
                ["30", "10", "0", "30"]
            );
            assert_eq!(cost(app).0, 0, "no hash");
        }
        app.advance(Duration::from_secs(30));
        assert_eq!(log_in(app, ADA, "wrong", "192.0.2.1").await.status, 401);
        assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.1").await.header("retry-after"), "60");
        // From elsewhere the owner gets in.
        assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.2").await.status, 200);
        app.advance(Duration::from_mins(17));
        assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.1").await.status, 200);
    });
}

#[test]
fn strangers_everywhere_do_not_lock_the_owner_out_at_home() {
    test(async |app| {
        app.register().await;
        for stranger in 0..100 {
            assert_eq!(log_in(app, ADA, "wrong", &format!("198.51.100.{stranger}")).await.status, 401);
        }
        assert_eq!(log_in(app, ADA, PASSWORD, "203.0.113.1").await.problem().0, 429);
        assert_eq!(log_in(app, ADA, PASSWORD, "127.0.0.1").await.status, 200);
    });
}

#[test]
fn attempts_at_once_overshoot_the_limit_by_no_more_than_their_number() {
    test(async |app| {
        app.register().await;
        for _ in 0..9 {
            assert_eq!(log_in(app, ADA, "wrong", "192.0.2.1").await.status, 401);
        }
        let replies = join_all((0..20).map(|_| log_in(app, ADA, "wrong", "192.0.2.1"))).await;
        assert!(replies.iter().all(|reply| [401, 429].contains(&reply.status)));
        for _ in 0..3 {
            assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.1").await.problem().0, 429);
        }
    });
}

#[test]
fn another_network_of_the_owner_is_remembered_once() {
    test(async |app| {
        app.register().await;
        assert_eq!(log_in(app, ADA, PASSWORD, "2001:db8::1").await.status, 200);
        assert_eq!(cost(app), (1, 3, 4.0, 2.0), "the session, and the login with its network");
        assert_eq!(log_in(app, ADA, PASSWORD, "2001:db8::2").await.status, 200);
        assert_eq!(cost(app), (1, 3, 4.0, 1.0));
    });
}

#[test]
fn every_fault_is_told_at_once() {
    test(async |app| {
        let faults = app.post(PATH, json!({ "email": "x", "remember": true })).await.faults();
        assert_eq!(
            faults,
            [("/remember", "unknown_field"), ("/email", "invalid_email"), ("/password", "required")]
                .map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
        );
    });
}
