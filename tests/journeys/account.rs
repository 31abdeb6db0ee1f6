//! Journey: change and delete an account.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::target::{PASSWORD, journey};

const ME: &str = "/api/v1/users/me";

#[test]
fn a_user_changes_their_account_without_overwriting_unseen_changes() {
    journey(async |agora| {
        let (_, tokens) = agora.register("ed").await;
        let token = tokens["access_token"].as_str().unwrap();
        let change = json!({ "name": "Edith", "profile": { "bio": "Grows potatoes." } });
        let (status, user) = agora.send(Method::PATCH, ME, Some(token), Some(&change)).await;
        assert_eq!((status, &user["name"]), (StatusCode::OK, &json!("Edith")));
        let (_, seen) = agora.send(Method::GET, ME, Some(token), None).await;
        assert_eq!(seen, user);

        let stale = agora.client.patch(agora.url(ME)).bearer_auth(token).header("if-match", "\"1\"");
        let reply = stale.json(&json!({ "name": "Eve" })).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::PRECONDITION_FAILED);
        let (_, seen) = agora.send(Method::GET, ME, Some(token), None).await;
        assert_eq!(seen["name"], "Edith");
    });
}

#[test]
fn a_deleted_user_can_register_a_new_account() {
    journey(async |agora| {
        let (address, tokens) = agora.register("flo").await;
        let token = tokens["access_token"].as_str().unwrap();
        let password = json!({ "password": PASSWORD });
        let (status, recent) = agora.post("/api/v1/auth/reauthenticate", Some(token), &password).await;
        assert_eq!(status, StatusCode::OK, "{recent}");
        let recent = recent["access_token"].as_str();
        let (status, _) = agora.send(Method::DELETE, ME, recent, None).await;
        assert_eq!(status, StatusCode::NO_CONTENT);

        agora.wait_until_refused(token).await;
        let again = json!({ "email": address, "password": PASSWORD });
        let (status, _) = agora.post("/api/v1/auth/login", None, &again).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        let (status, anew) = agora.post("/api/v1/auth/register", None, &again).await;
        assert_eq!(status, StatusCode::CREATED, "{anew}");
        assert_ne!(anew["user"]["id"], tokens["user"]["id"]);
        assert_eq!(anew["user"]["name"], json!(null));
    });
}
