//! `POST /api/v1/auth/password-reset-request` and `-confirm`

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::{ADA, refresh, text, works};
use crate::harness::{App, PASSWORD, client::Reply, test};

const OTHER: &str = "canary horse battery staple, the second";

async fn request(app: &App, email: &str) -> Reply {
    app.post("/api/v1/auth/password-reset-request", json!({ "email": email })).await
}

async fn request_from(app: &App, email: &str, address: &str) -> Reply {
    let call = app.request(Method::POST, "/api/v1/auth/password-reset-request");
    call.json(&json!({ "email": email })).from(address).send().await
}

async fn confirm(app: &App, token: &str, password: &str) -> Reply {
    let body = json!({ "token": token, "new_password": password });
    app.post("/api/v1/auth/password-reset-confirm", body).await
}

#[test]
fn the_mailed_link_lets_a_password_be_chosen_once() {
    test(async |app| {
        let tokens = app.register().await;
        assert_eq!(request(app, ADA).await.status, 202);
        let token = app.mailed_token(ADA).await;
        assert_eq!(confirm(app, &token, OTHER).await.status, 204);

        assert!(!works(app, &tokens).await);
        assert_eq!(refresh(app, text(&tokens, "refresh_token")).await.0, 401);
        let login =
            |password: &str| app.post("/api/v1/auth/login", json!({ "email": ADA, "password": password }));
        assert_eq!(login(PASSWORD).await.status, 401);
        let tokens = login(OTHER).await.json();
        assert_eq!(tokens["user"]["email_verified"], true, "the mail has come");
        assert_eq!(confirm(app, &token, PASSWORD).await.problem(), (400, "reset_token_invalid".to_owned()));
        let subjects: Vec<String> = app.mails_to(ADA).await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(
            subjects,
            ["Confirm your email address", "Reset your password", "Your password has been changed"]
        );
    });
}

#[test]
fn an_unknown_address_costs_and_says_the_same() {
    test(async |app| {
        app.register().await;
        let mut seen = Vec::new();
        for email in [ADA, "nobody-marker@example.com"] {
            let reply = request(app, email).await;
            let line = app.lines.of("auth-api").pop().unwrap();
            seen.push((reply.status, reply.json(), line.round_trips, line.read_units, line.write_units));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!((seen[0].0, seen[0].2, seen[0].4), (202, 3, 2.0));
        assert!(app.mails_to("nobody-marker@example.com").await.is_empty());
    });
}

#[test]
fn an_address_gets_three_mails_an_hour() {
    test(async |app| {
        app.register().await;
        for email in [ADA, "nobody-marker@example.com"] {
            for _ in 0..3 {
                assert_eq!(request(app, email).await.status, 202);
                app.advance(Duration::from_mins(10));
            }
            let reply = request(app, email).await;
            assert_eq!(reply.problem(), (429, "too_many_attempts".to_owned()));
            assert_eq!(reply.header("retry-after"), "1800");
        }
        app.advance(Duration::from_mins(30));
        assert_eq!(request(app, ADA).await.status, 202);
        assert_eq!(app.mails_to(ADA).await.len(), 5);
    });
}

#[test]
fn the_networks_of_one_site_request_what_one_network_does() {
    test(async |app| {
        app.register().await;
        for number in 0..15 {
            // Three requests from each of five networks of one subscriber.
            let reply = request_from(app, ADA, &format!("2001:db8:1:{}::1", number % 5)).await;
            assert_eq!(reply.status, if number < 3 { 202 } else { 429 }, "{number}");
        }
        assert_eq!(request_from(app, ADA, "203.0.113.1").await.status, 202);
        assert_eq!(app.mails_to(ADA).await.len(), 5, "one of the registration, and four");
    });
}

#[test]
fn strangers_at_many_sites_do_not_switch_off_the_owners_reset() {
    test(async |app| {
        app.register().await;
        let login = json!({ "email": ADA, "password": PASSWORD });
        let login = app.request(Method::POST, "/api/v1/auth/login").json(&login).from("2001:db8:1:1::1");
        assert_eq!(login.send().await.status, 200);
        for number in 0..15 {
            let reply = request_from(app, ADA, &format!("198.51.100.{}", number / 3)).await;
            assert_eq!(reply.status, 202, "{number}");
        }
        assert_eq!(request_from(app, ADA, "203.0.113.1").await.status, 429);
        assert_eq!(request_from(app, ADA, "127.0.0.1").await.status, 202, "the owner is known here");
        // Neighbours use up the emails of their site, and not those of the owner's network.
        assert_eq!(request_from(app, ADA, "2001:db8:1:2::1").await.status, 429);
        for status in [202, 202, 202, 429] {
            assert_eq!(request_from(app, ADA, "2001:db8:1:1::2").await.status, status);
        }
        assert_eq!(app.mails_to(ADA).await.len(), 1 + 15 + 1 + 3);
    });
}

#[test]
fn a_site_requests_fifty_mails_an_hour_whatever_the_addresses() {
    test(async |app| {
        let tokens = app.register().await;
        let addresses = |number: usize| {
            (format!("person{number}-marker@example.com"), format!("2001:db8:1:{number:x}::1"))
        };
        for number in 0..50 {
            let (email, address) = addresses(number);
            assert_eq!(request_from(app, &email, &address).await.status, 202, "{number}");
        }
        let (email, address) = addresses(50);
        let reply = request_from(app, &email, &address).await;
        assert_eq!(reply.problem(), (429, "too_many_attempts".to_owned()));
        assert_eq!((reply.header("ratelimit-limit"), reply.header("retry-after")), ("50", "3600"));
        // It is one limit for emails of every purpose.
        let call = app.request(Method::POST, "/api/v1/auth/email-verification-request");
        let verification = call.json(&json!({ "email": email })).from(&address).send().await;
        assert_eq!(verification.status, 429);
        let call = app.request(Method::PATCH, "/api/v1/users/me").token(text(&tokens, "access_token"));
        let change = call.json(&json!({ "email": email })).from(&address).send().await;
        assert_eq!(change.problem(), (429, "too_many_attempts".to_owned()));
        assert_eq!(request_from(app, &email, "2001:db8:2::1").await.status, 202);
        app.advance(Duration::from_hours(1));
        assert_eq!(request_from(app, &email, &address).await.status, 202);
    });
}

#[test]
fn a_link_ends_after_a_quarter_of_an_hour_and_with_the_password() {
    test(async |app| {
        app.register().await;
        request(app, ADA).await.granted();
        let old = app.mailed_token(ADA).await;
        request(app, ADA).await.granted();
        let token = app.mailed_token(ADA).await;
        assert_eq!(confirm(app, &token, "ada-marker1").await.faults()[0].1, "weak_password");
        assert_eq!(confirm(app, &token, OTHER).await.status, 204, "a weak password does not use it up");
        // The other link was for the previous password.
        assert_eq!(confirm(app, &old, PASSWORD).await.problem(), (400, "reset_token_invalid".to_owned()));

        app.advance(Duration::from_hours(1));
        request(app, ADA).await.granted();
        let token = app.mailed_token(ADA).await;
        app.advance(Duration::from_mins(15));
        assert_eq!(confirm(app, &token, PASSWORD).await.problem(), (400, "reset_token_invalid".to_owned()));
    });
}

#[test]
fn a_login_with_the_old_password_during_a_reset_ends_with_it() {
    test(async |app| {
        app.register().await;
        request(app, ADA).await.granted();
        let token = app.mailed_token(ADA).await;
        let login = app.post("/api/v1/auth/login", json!({ "email": ADA, "password": PASSWORD }));
        let (login, reset) = futures::join!(login, confirm(app, &token, OTHER));
        assert_eq!(reset.status, 204);
        if login.status == 200 {
            let tokens = login.json();
            assert_eq!(refresh(app, text(&tokens, "refresh_token")).await.0, 401);
            assert!(!works(app, &tokens).await);
        }
    });
}

#[test]
fn a_forged_link_costs_no_read() {
    test(async |app| {
        // If priming took too long, this first request reads the keys.
        assert_eq!(confirm(app, "first", OTHER).await.status, 400);
        for token in ["", "x", &"A".repeat(79)] {
            assert_eq!(confirm(app, token, OTHER).await.problem(), (400, "reset_token_invalid".to_owned()));
            assert_eq!(app.lines.of("auth-api").pop().unwrap().round_trips, 0);
        }
    });
}
