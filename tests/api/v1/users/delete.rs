//! `DELETE /api/v1/users/{user_id}` and `/api/v1/users/me`

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::{ADA, BO, ME, ROOT, path, recent, token};
use crate::harness::{App, PASSWORD, test};

#[test]
fn a_deleted_account_leaves_only_a_tombstone() {
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

/// Every item of the table, as text.
async fn items(app: &App) -> Vec<String> {
    let scan = app.dynamodb().scan().table_name("agora-Table").send().await.unwrap();
    assert!(scan.last_evaluated_key().is_none());
    scan.items().iter().map(|item| format!("{item:?}")).collect()
}

#[test]
fn no_item_line_or_event_knows_a_deleted_person() {
    const NAME: &str = "Ada Marker-Lovelace";
    const DEVICE: &str = "Ada's Marker-Browser/1.0";
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let access = token(&tokens);
        let login = json!({ "email": ADA, "password": PASSWORD });
        let login = app.request(Method::POST, "/api/v1/auth/login").header("user-agent", DEVICE).json(&login);
        login.send().await.granted();
        let body = json!({ "name": NAME, "email": "ada-marker.new@example.com" });
        super::patch(app, &tokens, ME, body).await.granted();
        let export = app.request(Method::POST, "/api/v1/users/me/export").token(access).send().await;
        app.platform.settle().await;
        assert_eq!(app.get_as(access, export.header("location")).await.json()["status"], "done");
        let personal = [ADA, NAME, DEVICE, "ada-marker.new", "127.0.0.1"];
        let known = items(app).await;
        for text in [ADA, NAME, DEVICE] {
            assert!(known.iter().any(|item| item.contains(text)), "{text} is looked for where it was");
        }

        assert_eq!(app.delete_as(access, ME).await.status, 204);
        app.platform.settle().await;
        assert_eq!(app.mails_to(ADA).await.last().unwrap().subject, "Your account has been deleted");
        for item in items(app).await {
            assert!(!personal.iter().any(|text| item.contains(text)), "{item}");
        }
    });
}

#[test]
fn it_requires_recent_authentication() {
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
