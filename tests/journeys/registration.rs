//! Journey: register.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::target::{PASSWORD, Target, journey};

#[test]
fn a_registered_user_is_signed_in_and_gets_a_mail() {
    journey(async |agora| {
        let address = Target::new_address("ada");
        let body = json!({ "email": address, "password": PASSWORD, "name": "Ada" });
        let reply = agora.client.post(agora.url("/api/v1/auth/register")).json(&body).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::CREATED);
        let tokens: Value = reply.json().await.unwrap();
        let token = tokens["access_token"].as_str().unwrap();

        for path in ["/api/v1/auth/me", "/api/v1/users/me", "/api/v1/users/me/"] {
            let reply = agora.client.get(agora.url(path)).bearer_auth(token).send().await.unwrap();
            assert_eq!(reply.status(), StatusCode::OK, "{path}");
            let user: Value = reply.json().await.unwrap();
            assert_eq!(user, tokens["user"], "{path}");
        }

        let text = agora.mail_to(&address, "Confirm your email address").await;
        let (_, link) = text.split_once("/account/confirm-email?token=").expect("a link");
        let token_of_link = json!({ "token": link.split_whitespace().next().unwrap() });
        let confirm = agora.client.post(agora.url("/api/v1/auth/email-verification-confirm"));
        let confirm = confirm.bearer_auth(token).json(&token_of_link);
        assert_eq!(confirm.send().await.unwrap().status(), StatusCode::NO_CONTENT);
        let me = agora.client.get(agora.url("/api/v1/auth/me")).bearer_auth(token).send().await.unwrap();
        assert_eq!(me.json::<Value>().await.unwrap()["email_verified"], true);

        let again = agora.client.post(agora.url("/api/v1/auth/register")).json(&body).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::CONFLICT);
        let problem: Value = again.json().await.unwrap();
        assert_eq!(problem["code"], "email_taken");
        assert_eq!(agora.mails_to(&address).await, 1);
    });
}

#[test]
fn keys_health_and_documents_are_public() {
    journey(async |agora| {
        for (path, field) in [
            ("/.well-known/jwks.json", "keys"),
            ("/health", "status"),
            ("/api/v1/auth/health", "version"),
            ("/openapi.json", "paths"),
        ] {
            let reply = agora.client.get(agora.url(path)).send().await.unwrap();
            assert_eq!(reply.status(), StatusCode::OK, "{path}");
            let body: Value = reply.json().await.unwrap();
            assert!(!body[field].is_null(), "{path}: {field}");
        }
        for path in ["/docs", "/docs/"] {
            let page = agora.client.get(agora.url(path)).send().await.unwrap();
            assert_eq!(page.status(), StatusCode::OK, "{path}");
            assert!(page.text().await.unwrap().contains("swagger-ui"), "{path}");
        }
    });
}

#[test]
fn errors_are_problems() {
    journey(async |agora| {
        let client = &agora.client;
        let oversize = json!({ "email": "x".repeat(300_000) });
        let register = || client.post(agora.url("/api/v1/auth/register"));
        for (request, status, code) in [
            (client.get(agora.url("/nothing")), 404, "not_found"),
            (client.get(agora.url("/api/v1/auth/register")), 405, "method_not_allowed"),
            (client.get(agora.url("/api/v1/auth/me")), 401, "authentication_required"),
            (client.get(agora.url("/api/v1/auth/me")).bearer_auth("x"), 401, "invalid_token"),
            (register().body("{}"), 415, "unsupported_media_type"),
            (register().header("content-type", "application/json").body("{"), 400, "malformed_json"),
            (register().json(&json!({ "email": 1, "x": 2 })), 422, "invalid_fields"),
            (register().json(&oversize), 413, "body_too_large"),
        ] {
            let reply = request.send().await.unwrap();
            let content_type = reply.headers()["content-type"].to_str().unwrap().to_owned();
            assert_eq!(
                (reply.status().as_u16(), content_type.as_str()),
                (status, "application/problem+json")
            );
            let problem: Value = reply.json().await.unwrap();
            assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()));
        }
    });
}
