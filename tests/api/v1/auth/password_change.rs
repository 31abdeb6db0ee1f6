//! `POST /api/v1/auth/password-change`

use std::time::Duration;

use axum::body::Body;
use http::Request;
use serde_json::json;
use shared::lambda::Invocation;
use tokio::time::Instant;

use super::{ADA, refresh, text, works};
use crate::harness::{PASSWORD, test};

const PATH: &str = "/api/v1/auth/password-change";
const OTHER: &str = "canary horse battery staple, the second";

#[test]
fn this_device_stays_and_the_others_go() {
    test(async |app| {
        let (here, there) = (app.register().await, app.log_in(ADA).await);
        let body = json!({ "current_password": PASSWORD, "new_password": OTHER });
        assert_eq!(app.post_as(text(&here, "access_token"), PATH, body).await.status, 204);

        assert!(works(app, &here).await && !works(app, &there).await);
        assert_eq!(refresh(app, text(&here, "refresh_token")).await.0, 200);
        assert_eq!(refresh(app, text(&there, "refresh_token")).await.0, 401);
        let login =
            |password: &str| app.post("/api/v1/auth/login", json!({ "email": ADA, "password": password }));
        assert_eq!(login(PASSWORD).await.status, 401);
        assert_eq!(login(OTHER).await.status, 200);
        let mails = app.mails_to(ADA).await;
        assert_eq!(mails.last().unwrap().subject, "Your password has been changed");
    });
}

#[test]
fn a_refused_change_changes_nothing() {
    test(async |app| {
        let tokens = app.register().await;
        let token = text(&tokens, "access_token");
        let change = |current: &str, new: &str| {
            app.post_as(token, PATH, json!({ "current_password": current, "new_password": new }))
        };
        assert_eq!(change("wrong", OTHER).await.problem(), (403, "wrong_password".to_owned()));
        let faults = change(PASSWORD, "ada-marker1").await.faults();
        assert_eq!(faults, [("/new_password".to_owned(), "weak_password".to_owned())]);
        let anonymous = app.post(PATH, json!({})).await;
        assert_eq!(anonymous.problem(), (401, "authentication_required".to_owned()));
        assert!(works(app, &app.log_in(ADA).await).await);
    });
}

#[test]
fn a_session_that_has_ended_does_not_live_again() {
    test(async |app| {
        let tokens = app.register().await;
        // An instance that has not read the following revocation yet.
        let elsewhere = auth::api(app.environment("AuthApi")).await.unwrap();
        let everywhere = json!({ "everywhere": true });
        let token = text(&tokens, "access_token");
        assert_eq!(app.post_as(token, "/api/v1/auth/logout", everywhere).await.status, 204);

        let body = json!({ "current_password": PASSWORD, "new_password": OTHER });
        let request = Request::post(PATH)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        let response = elsewhere.call(request, Invocation { deadline, client_address: None }).await;
        assert_eq!(response.status(), 409);
        assert_eq!(refresh(app, text(&tokens, "refresh_token")).await.0, 401);
    });
}
