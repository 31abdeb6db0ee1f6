//! `POST /api/v1/auth/login`

use std::time::Duration;

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use super::ADA;
use crate::harness::{App, PASSWORD, client::Reply, test, test_of, with_cheap_passwords};

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
        assert_eq!((line.round_trips, line.read_units, line.write_units), (4, 3.0, 7.0));
        let session =
            app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/sessions").await.json();
        let id = session["data"][0]["id"].as_str().unwrap();
        let user = tokens["user"]["id"].as_str().unwrap();
        let events = app.outbox(&format!("SESSION#{user}"), id).await;
        assert_eq!(events[0]["type"], "session.created");
    });
}

/// Cost of a login, without its time.
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
        let counts = "counts of the network, the site and the account, and of a sign-in that was none";
        assert!(seen[0].2.3 <= 5.0, "{counts}");
    });
}

#[test]
fn after_ten_failures_each_next_attempt_waits_longer() {
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
        // From another network the owner can log in.
        assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.2").await.status, 200);
        app.advance(Duration::from_mins(17));
        assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.1").await.status, 200);
    });
}

#[test]
fn attackers_in_other_networks_do_not_lock_the_owner_out() {
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
fn attempts_at_once_are_limited_like_those_one_after_the_other() {
    test(async |app| {
        app.register().await;
        let replies = join_all((0..60).map(|_| log_in(app, ADA, "wrong", "192.0.2.1"))).await;
        let count = |status| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((count(401), count(429)), (10, 50));
        assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.1").await.problem().0, 429);
    });
}

#[test]
fn right_passwords_and_refused_attempts_do_not_count() {
    test(async |app| {
        app.register().await;
        for _ in 0..9 {
            assert_eq!(log_in(app, ADA, "wrong", "192.0.2.1").await.status, 401);
        }
        for _ in 0..12 {
            assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.1").await.status, 200);
        }
        assert_eq!(log_in(app, ADA, "wrong", "192.0.2.1").await.status, 401);
        for _ in 0..20 {
            assert_eq!(log_in(app, ADA, "wrong", "192.0.2.1").await.header("retry-after"), "30");
        }
        // The count of all networks has the first nine, from before the network was
        // known as the owner's.
        for stranger in 0..91 {
            assert_eq!(log_in(app, ADA, "wrong", &format!("198.51.100.{stranger}")).await.status, 401);
        }
        assert_eq!(log_in(app, ADA, "wrong", "198.51.100.99").await.status, 429);
    });
}

#[test]
fn a_network_tries_fifty_passwords_whatever_the_addresses() {
    test(async |app| {
        app.register().await;
        let attempt = |number: usize, address: &str| {
            let email = format!("person{number}-marker@example.com");
            let address = address.to_owned();
            async move { log_in(app, &email, "wrong", &address).await }
        };
        for number in 0..50 {
            // One IPv6 site, with a network for each attempt.
            assert_eq!(attempt(number, &format!("2001:db8:1:{number}::1")).await.status, 401);
        }
        let reply = attempt(50, "2001:db8:1:ffff::1").await;
        assert_eq!((reply.status, reply.header("retry-after")), (429, "900"));
        assert_eq!(log_in(app, ADA, PASSWORD, "2001:db8:1:ffff::1").await.status, 429);
        assert_eq!(attempt(50, "2001:db8:2::1").await.status, 401);
        app.advance(Duration::from_mins(15));
        assert_eq!(attempt(50, "2001:db8:1:ffff::1").await.status, 401);
    });
}

/// Logs in from a device with a token of an earlier sign-in, genuine or not.
async fn log_in_with(app: &App, password: &str, address: &str, device: &Value) -> Reply {
    let body = json!({ "email": ADA, "password": password, "device_token": device });
    app.request(Method::POST, PATH).json(&body).from(address).send().await
}

#[test]
fn an_attacker_in_the_network_does_not_lock_out_the_owners_device() {
    test(async |app| {
        let device = app.register().await["device_token"].clone();
        let strangers = app.register_as("bo-marker@example.com").await["device_token"].clone();
        for _ in 0..10 {
            assert_eq!(log_in_with(app, "wrong", "192.0.2.1", &strangers).await.status, 401);
        }
        assert_eq!(log_in(app, ADA, PASSWORD, "192.0.2.1").await.status, 429);
        for other in [&strangers, &json!("made up"), &Value::Null] {
            assert_eq!(log_in_with(app, PASSWORD, "192.0.2.1", other).await.status, 429);
        }
        let reply = log_in_with(app, PASSWORD, "192.0.2.1", &device).await;
        assert_eq!((reply.status, &reply.json()["device_token"]), (200, &device), "it is the same device");
        // A stolen token has ten attempts of its own, and does not use up others'.
        for _ in 0..10 {
            assert_eq!(log_in_with(app, "wrong", "203.0.113.1", &device).await.status, 401);
        }
        assert_eq!(log_in_with(app, PASSWORD, "203.0.113.1", &device).await.status, 429);
        assert_eq!(log_in(app, ADA, PASSWORD, "203.0.113.1").await.status, 200);
    });
}

#[test]
fn an_account_signs_in_fifty_times_an_hour_and_has_a_hundred_sessions() {
    test(async |app| {
        let first = app.register().await;
        app.advance(Duration::from_secs(1));
        for hour in 0..2 {
            for _ in 0..50 {
                assert_eq!(log_in(app, ADA, PASSWORD, "127.0.0.1").await.status, 200);
            }
            let reply = log_in(app, ADA, PASSWORD, "127.0.0.1").await;
            assert_eq!((hour, reply.status, reply.header("ratelimit-limit")), (hour, 429, "50"));
            assert_eq!(cost(app).0, 0, "no hash");
            app.advance(Duration::from_hours(1));
        }
        let latest = log_in(app, ADA, PASSWORD, "127.0.0.1").await.json();
        let token = latest["access_token"].as_str().unwrap();
        let sessions = app.get_as(token, "/api/v1/auth/sessions?limit=100").await.json();
        assert_eq!(sessions["data"].as_array().unwrap().len(), 100);
        let refresh = json!({ "refresh_token": first["refresh_token"] });
        assert_eq!(app.post("/api/v1/auth/refresh", refresh).await.status, 401, "the first one has ended");
    });
}

#[test]
fn wrong_passwords_use_up_no_sign_ins() {
    test_of(with_cheap_passwords, async |app| {
        app.register().await;
        for email in [ADA, "nobody-marker@example.com"] {
            for number in 0..60 {
                // Each from another site.
                let reply = log_in(app, email, "wrong", &format!("198.51.100.{number}")).await;
                assert_eq!(reply.status, 401, "{number}");
            }
        }
        assert_eq!(log_in(app, ADA, PASSWORD, "127.0.0.1").await.status, 200);
    });
}

#[test]
fn a_password_is_the_same_composed_and_decomposed() {
    test(async |app| {
        let (composed, decomposed) =
            ("crème brûlée au citron", "cre\u{300}me bru\u{302}le\u{301}e au citron");
        let body = json!({ "email": ADA, "password": decomposed });
        assert_eq!(app.post("/api/v1/auth/register", body).await.status, 201);
        for password in [composed, decomposed] {
            assert_eq!(log_in(app, ADA, password, "127.0.0.1").await.status, 200);
        }
    });
}

#[test]
fn another_network_of_the_owner_is_remembered_once() {
    test(async |app| {
        app.register().await;
        assert_eq!(log_in(app, ADA, PASSWORD, "2001:db8::1").await.status, 200);
        assert_eq!(cost(app), (1, 4, 3.0, 12.0), "three counts, taken back, and the login with its network");
        assert_eq!(log_in(app, ADA, PASSWORD, "2001:db8::2").await.status, 200);
        assert_eq!(cost(app), (1, 4, 3.0, 9.0));
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
