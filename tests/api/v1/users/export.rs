//! `/api/v1/users/me/export`

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::{ADA, BO, token};
use crate::harness::test;

#[test]
fn an_export_has_all_personal_data() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        app.log_in(ADA).await;
        let begun = app.request(Method::POST, "/api/v1/users/me/export").token(token(&tokens)).send().await;
        assert_eq!((begun.status, &begun.json()["status"]), (202, &json!("running")));
        let path = begun.header("location").to_owned();
        app.platform.settle().await;
        let export = app.get_as(token(&tokens), &path).await.json();
        assert_eq!(export["status"], "done");
        let data = export["data"].as_array().unwrap();
        assert_eq!(data.len(), 3, "the account and two sessions");
        assert_eq!(data[0]["data"]["account"]["email"], ADA);
        assert!(!export.to_string().contains("argon2"));

        let first = app.get_as(token(&tokens), &format!("{path}?limit=1")).await.json();
        assert_eq!((&first["has_more"], &first["data"][0]), (&json!(true), &data[0]));
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = app.get_as(token(&tokens), &format!("{path}?limit=2&cursor={cursor}")).await.json();
        assert_eq!(
            (&second["has_more"], second["data"].as_array().unwrap().as_slice()),
            (&json!(false), &data[1..])
        );

        let stranger = app.register_as(BO).await;
        assert_eq!(app.get_as(token(&stranger), &path).await.problem(), (404, "not_found".to_owned()));
        app.advance(Duration::from_hours(24));
    });
}

#[test]
fn an_account_is_exported_once_a_day() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let request = || app.request(Method::POST, "/api/v1/users/me/export").token(token(&tokens)).send();
        assert_eq!(request().await.status, 202);
        let again = request().await;
        assert_eq!(again.problem(), (429, "too_many_attempts".to_owned()));
        assert_eq!(again.header("retry-after"), "86400");
        app.advance(Duration::from_hours(24));
        let tokens = app.log_in(ADA).await;
        let request = app.request(Method::POST, "/api/v1/users/me/export").token(token(&tokens)).send();
        assert_eq!(request.await.status, 202);
    });
}
