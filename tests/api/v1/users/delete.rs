//! `DELETE /api/v1/users/{user_id}` and `/api/v1/users/me`

use std::time::Duration;

use serde_json::json;

use super::{ADA, BO, ME, ROOT, path, recent, token};
use crate::harness::{PASSWORD, test};

#[test]
fn nothing_is_left_but_that_it_is_gone() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let id = tokens["user"]["id"].as_str().unwrap().to_owned();
        assert_eq!(app.delete_as(token(&tokens), ME).await.status, 204);

        assert_eq!(app.get_as(token(&tokens), ME).await.status, 401);
        let login = app.post("/api/v1/auth/login", json!({ "email": ADA, "password": PASSWORD })).await;
        assert_eq!(login.problem(), (401, "invalid_credentials".to_owned()));
        let tombstone = app.item(&format!("USER#{id}"), "USER").await.unwrap();
        assert_eq!(tombstone["type"].as_s().unwrap(), "tombstone");
        let names: Vec<&String> = tombstone.keys().collect();
        assert!(!names.iter().any(|name| name.contains("gsi") || *name == "card"), "{names:?}");
        assert!(!format!("{tombstone:?}").contains(ADA));
        assert_eq!(app.mails_to(ADA).await.last().unwrap().subject, "Your account has been deleted");

        let again = app.register_as(ADA).await;
        assert_ne!(again["user"]["id"], json!(id));
    });
}

#[test]
fn it_wants_a_recent_password() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        app.advance(Duration::from_mins(6));
        let reply = app.delete_as(token(&tokens), ME).await;
        assert_eq!(reply.problem(), (401, "insufficient_user_authentication".to_owned()));
        assert_eq!(app.delete_as(token(&recent(app, &tokens).await), ME).await.status, 204);
    });
}

#[test]
fn an_administrator_deletes_anybody_once_or_twice() {
    test(async |app| {
        let (ada, bo) = (app.register_as(ADA).await, app.register_as(BO).await);
        assert_eq!(app.delete_as(token(&bo), &path(&ada)).await.status, 404);
        let root = app.administrator(ROOT).await;
        for _ in 0..2 {
            assert_eq!(app.delete_as(token(&root), &path(&ada)).await.status, 204);
        }
        assert_eq!(app.get_as(token(&root), &path(&ada)).await.status, 404);
    });
}
