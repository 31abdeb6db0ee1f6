//! `/api/v1/auth/sessions`

use http::Method;
use serde_json::{Value, json};

use super::{ADA, text, works};
use crate::harness::{PASSWORD, test};

const PATH: &str = "/api/v1/auth/sessions";

#[test]
fn the_devices_are_listed_the_newest_first() {
    test(async |app| {
        app.register().await;
        app.advance(std::time::Duration::from_secs(1));
        let body = json!({ "email": ADA, "password": PASSWORD });
        let login =
            app.request(Method::POST, "/api/v1/auth/login").json(&body).header("user-agent", "Lamp/1.0");
        let tokens = login.from("192.0.2.7").send().await.json();
        let list = app.get_as(text(&tokens, "access_token"), PATH).await.json();
        let data = list["data"].as_array().unwrap();
        let flags: Vec<&Value> = data.iter().map(|session| &session["current"]).collect();
        assert_eq!(flags, [&json!(true), &json!(false)]);
        assert_eq!((&data[0]["user_agent"], &data[0]["address"]), (&json!("Lamp/1.0"), &json!("192.0.2.7")));
        assert_eq!(data[0]["created_at"], "2026-01-01T00:00:01.000Z");
        assert_eq!(data[0]["last_used_at"], data[0]["created_at"]);
    });
}

#[test]
fn one_of_them_is_signed_out_and_a_strangers_is_not() {
    test(async |app| {
        let (here, there) = (app.register().await, app.log_in(ADA).await);
        let stranger = app.register_as("bo-marker@example.com").await;
        let list = app.get_as(text(&there, "access_token"), PATH).await.json();
        let current = |session: &&Value| session["current"] == json!(true);
        let id =
            list["data"].as_array().unwrap().iter().find(current).unwrap()["id"].as_str().unwrap().to_owned();
        let path = format!("{PATH}/{id}");

        assert_eq!(app.delete_as(text(&stranger, "access_token"), &path).await.status, 204);
        assert!(works(app, &there).await);
        assert_eq!(app.delete_as(text(&here, "access_token"), &path).await.status, 204);
        assert!(!works(app, &there).await && works(app, &here).await);
        assert_eq!(app.delete_as(text(&here, "access_token"), &path).await.status, 204, "once more");
        let reply = app.delete_as(text(&here, "access_token"), &format!("{PATH}/x")).await;
        assert_eq!(reply.problem(), (404, "not_found".to_owned()));
        assert_eq!(app.delete_as("x", &path).await.problem(), (401, "invalid_token".to_owned()));
    });
}

#[test]
fn every_session_is_listed_page_by_page() {
    test(async |app| {
        let mut ids = Vec::new();
        let mut tokens = app.register().await;
        for _ in 0..6 {
            app.advance(std::time::Duration::from_secs(1));
            tokens = app.log_in(ADA).await;
        }
        let mut path = format!("{PATH}?limit=3");
        for page in [3, 3, 1] {
            let list = app.get_as(text(&tokens, "access_token"), &path).await.json();
            let data = list["data"].as_array().unwrap();
            assert_eq!(data.len(), page);
            ids.extend(data.iter().map(|session| session["id"].as_str().unwrap().to_owned()));
            assert_eq!(list["has_more"], json!(ids.len() < 7));
            path = format!("{PATH}?limit=3&cursor={}", list["next_cursor"].as_str().unwrap_or_default());
        }
        assert!(ids.is_sorted_by(|newer, older| newer > older), "{ids:?}");
        let stranger = app.register_as("bo-marker@example.com").await;
        let list = app.get_as(text(&tokens, "access_token"), &format!("{PATH}?limit=3")).await.json();
        let path = format!("{PATH}?limit=3&cursor={}", list["next_cursor"].as_str().unwrap());
        let reply = app.get_as(text(&stranger, "access_token"), &path).await;
        assert_eq!(reply.problem(), (400, "invalid_cursor".to_owned()));
    });
}
