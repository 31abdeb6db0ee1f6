//! `DELETE /api/v1/users/{user_id}` and `/api/v1/users/me`

use std::time::Duration;

use axum::body::Body;
use http::Method;
use serde_json::{Value, json};
use shared::{
    Environment,
    bus::{DomainEvent, events::UserExportRequested},
    id::ExportId,
    lambda::Invocation,
};
use tokio::sync::oneshot;

use super::{ADA, BO, ME, ROOT, path, recent, token};
use crate::{
    api::v1::orders::{offer, ordered},
    harness::{App, PASSWORD, interrupting, test},
};

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
pub async fn items(app: &App) -> Vec<String> {
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

/// The environment of a function that stops before its first call whose body meets
/// `is_met`, until it is told to go on; and the two ends of that.
fn stopping(
    app: &App,
    function: &str,
    is_met: impl Fn(&str) -> bool + Send + Sync + 'static,
) -> (Environment, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (reached, stopped) = oneshot::channel();
    let (go_on, gone_on) = oneshot::channel();
    let mut environment = app.environment(function);
    let inner = environment.aws.http_client().unwrap();
    let client = interrupting(inner, is_met, async move {
        reached.send(()).unwrap();
        gone_on.await.unwrap();
    });
    environment.aws = environment.aws.into_builder().http_client(client).build();
    (environment, stopped, go_on)
}

async fn delete_and_settle(app: &App, tokens: &Value) {
    assert_eq!(app.delete_as(token(tokens), ME).await.status, 204);
    app.platform.settle().await;
}

/// The keys of the account's items in partitions of this prefix.
async fn left(app: &App, prefix: &str, tokens: &Value) -> Vec<String> {
    let items = app.query(&format!("{prefix}#{}", tokens["user"]["id"].as_str().unwrap())).await;
    let living = items.into_iter().filter(|item| item["type"].as_s().unwrap() != "tombstone");
    living.map(|item| item["sk"].as_s().unwrap().clone()).collect()
}

#[test]
fn a_sign_in_during_the_deletion_leaves_no_session() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let is_sign_in = |body: &str| body.contains("TransactItems") && body.contains("SESSION#");
        let (environment, stopped, go_on) = stopping(app, "AuthApi", is_sign_in);
        let auth = auth::api(environment).await.unwrap();
        let request = http::Request::post("/api/v1/auth/login")
            .header("content-type", "application/json")
            .body(Body::from(json!({ "email": ADA, "password": PASSWORD }).to_string()));
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        let login = auth.call(request.unwrap(), Invocation { deadline, client_address: None });
        let meanwhile = async {
            stopped.await.unwrap();
            delete_and_settle(app, &tokens).await;
            go_on.send(()).unwrap();
        };
        let (reply, ()) = futures::join!(login, meanwhile);
        assert_eq!(reply.status(), 401);
        assert_eq!(left(app, "SESSION", &tokens).await, [""; 0]);
    });
}

#[test]
fn an_export_that_is_written_during_the_deletion_leaves_no_part() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        ordered(app, &tokens, "TEA", 1).await;
        app.request(Method::POST, "/api/v1/users/me/export").token(token(&tokens)).send().await.granted();
        app.platform.settle().await;
        let job = left(app, "EXPORT", &tokens).await;
        let export = job.iter().find_map(|sk| sk.split_once('#')).unwrap().0.parse().unwrap();
        let event = requested(export, &tokens);

        // The same delivery once more, as a queue may.
        let is_part = |body: &str| body.contains("orders.order.");
        let (environment, stopped, go_on) = stopping(app, "OrdersConsumer", is_part);
        let consumer = orders::consumer(environment).await.unwrap();
        let delivered = app.hand_over_in(Duration::from_mins(1), &consumer, (event, 1), None);
        let meanwhile = async {
            stopped.await.unwrap();
            delete_and_settle(app, &tokens).await;
            assert_eq!(left(app, "EXPORT", &tokens).await, [""; 0]);
            go_on.send(()).unwrap();
        };
        let (taken, ()) = futures::join!(delivered, meanwhile);
        assert!(taken);
        assert_eq!(left(app, "EXPORT", &tokens).await, [""; 0]);
    });
}

#[test]
fn every_group_removes_its_part_of_an_export_that_nobody_waits_for() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        offer(app, 1, "TEA", 10).await;
        ordered(app, &root, "TEA", 1).await;
        app.post_as(token(&root), "/api/v1/categories", json!({ "name": "Tea" })).await.granted();
        app.publish(requested(App::id(7), &root), 1).await;
        for operation in ["users.export.put_part", "orders.export.put_part", "catalog.put_export_part"] {
            assert!(app.uses(operation) > 0, "{operation}");
        }
        assert_eq!(left(app, "EXPORT", &root).await, [""; 0]);
    });
}

fn requested(export_id: ExportId, tokens: &Value) -> DomainEvent {
    let user_id = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
    DomainEvent::UserExportRequested(UserExportRequested { export_id, user_id })
}

#[test]
fn an_account_that_is_deleted_meanwhile_gets_no_export() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let is_job = |body: &str| body.contains("\"export_job\"");
        let (environment, stopped, go_on) = stopping(app, "UsersApi", is_job);
        let users = users::api(environment).await.unwrap();
        let request = http::Request::post("/api/v1/users/me/export")
            .header("authorization", format!("Bearer {}", token(&tokens)))
            .body(Body::empty());
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        let export = users.call(request.unwrap(), Invocation { deadline, client_address: None });
        let meanwhile = async {
            stopped.await.unwrap();
            delete_and_settle(app, &tokens).await;
            go_on.send(()).unwrap();
        };
        let (reply, ()) = futures::join!(export, meanwhile);
        assert_eq!(reply.status(), 404);
        app.platform.settle().await;
        assert_eq!(left(app, "EXPORT", &tokens).await, [""; 0]);
    });
}
