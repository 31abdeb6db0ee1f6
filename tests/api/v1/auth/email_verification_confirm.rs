//! `POST /api/v1/auth/email-verification-confirm`

use std::time::Duration;

use serde_json::json;

use crate::harness::{client::CHIEF, test};

const PATH: &str = "/api/v1/auth/email-verification-confirm";

#[test]
fn the_mailed_link_confirms_the_address() {
    test(async |app| {
        let tokens = app.register().await;
        let token = app.mailed_token("ada-marker@example.com").await;
        assert_eq!(app.post(PATH, json!({ "token": token })).await.status, 204);

        let me = app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/me").await.json();
        assert_eq!((&me["email_verified"], &me["version"]), (&true.into(), &2.into()));
        let id = me["id"].as_str().unwrap();
        let events = app.outbox(&format!("USER#{id}"), "USER").await;
        assert_eq!(
            (&events[0]["type"], &events[0]["aggregate_version"]),
            (&"user.updated".into(), &2.into())
        );
        assert_eq!(events[0]["data"]["changed"], json!(["email_verified"]));

        // Once more does no harm, and writes nothing.
        assert_eq!(app.post(PATH, json!({ "token": token })).await.status, 204);
        let line = app.lines.of("auth-api").pop().unwrap();
        assert_eq!((line.read_units, line.write_units), (1.0, 0.0));
    });
}

#[test]
fn the_configured_administrator_is_one_once_the_address_is_confirmed() {
    test(async |app| {
        assert_eq!(app.register_as(CHIEF).await["user"]["role"], "USER");
        app.confirm_email(CHIEF).await;
        let tokens = app.log_in(CHIEF).await;
        assert_eq!(tokens["user"]["role"], "ADMIN");
        assert_eq!(app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/users").await.status, 200);
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
        // Where priming took too long, the first request reads the keys.
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
        let confirm = || app.post(PATH, json!({ "token": token }));
        let (one, other) = futures::join!(confirm(), confirm());
        assert_eq!((one.status, other.status), (204, 204));
        let me = app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/me").await.json();
        assert_eq!(me["version"], 2);
    });
}
