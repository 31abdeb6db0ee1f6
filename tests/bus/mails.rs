//! One mail an event, in spite of repeated deliveries.

use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use serde_json::{Value, json};
use shared::lambda::{Invocation, SqsHandler};

use crate::harness::{App, test};

const ADA: &str = "ada-marker@example.com";

async fn consumer(app: &App) -> SqsHandler {
    notifications::consumer(app.environment("Notifications")).await.unwrap()
}

/// A repeated delivery of the event of a registration.
async fn again(app: &App, user_id: &str) -> SqsEvent {
    let events = app.outbox(&format!("USER#{user_id}"), "USER").await;
    let body =
        json!({ "detail-type": "user.created", "source": "agora.auth", "detail": events[0] }).to_string();
    serde_json::from_value(json!({ "Records": [{ "messageId": "again", "body": body }] })).unwrap()
}

fn invocation() -> Invocation {
    Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(5), client_address: None }
}

async fn register(app: &App) -> String {
    let reply = app.register().await;
    app.platform.settle().await;
    reply["user"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_event_that_comes_twice_sends_one_mail() {
    test(async |app| {
        let id = register(app).await;
        let event = again(app, &id).await;
        let consumer = consumer(app).await;
        let response = consumer.call(event.clone(), invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        app.advance(Duration::from_hours(1));
        let response = consumer.call(event, invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        assert_eq!(app.mails_to(ADA).await.len(), 1);
    });
}

#[test]
fn two_instances_at_once_send_one_mail() {
    test(async |app| {
        app.expects_errors(&["failed: unavailable: another instance"]);
        let id = register(app).await;
        forget_the_mail(app, &id).await;
        let event = again(app, &id).await;
        let (one, other) = (consumer(app).await, consumer(app).await);
        let (one, other) =
            futures::join!(one.call(event.clone(), invocation()), other.call(event.clone(), invocation()));
        // The instance that loses the claim fails; the message is delivered again,
        // and the mail is found sent.
        let failed = one.batch_item_failures.len() + other.batch_item_failures.len();
        assert!(failed <= 1);
        assert_eq!(app.mails_to(ADA).await.len(), 2, "the first and the one after it was forgotten");
    });
}

#[test]
fn an_abandoned_claim_of_a_mail_is_taken_over_after_its_lease() {
    test(async |app| {
        app.expects_errors(&["failed: unavailable: another instance"]);
        let id = register(app).await;
        let marker = format!("MAIL#{id}.1.0");
        let mut item = app.item(&marker, "MAIL").await.unwrap();
        let lease = aws_sdk_dynamodb::types::AttributeValue::S("2026-01-01T00:00:15.000Z".to_owned());
        item.insert("lease_until".to_owned(), lease);
        put(app, item).await;

        let event = again(app, &id).await;
        let consumer = consumer(app).await;
        let response = consumer.call(event.clone(), invocation()).await;
        assert_eq!(response.batch_item_failures.len(), 1, "somebody may be sending it");
        app.advance(Duration::from_secs(16));
        let response = consumer.call(event, invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        assert_eq!(app.mails_to(ADA).await.len(), 2);
    });
}

#[test]
fn no_mail_is_sent_for_a_deleted_account() {
    test(async |app| {
        let id = register(app).await;
        let event = again(app, &id).await;
        forget_the_mail(app, &id).await;
        delete(app, &format!("USER#{id}"), "USER").await;
        let response = consumer(app).await.call(event, invocation()).await;
        assert!(response.batch_item_failures.is_empty());
        assert_eq!(app.mails_to(ADA).await.len(), 1);
    });
}

#[test]
fn the_link_is_the_same_for_the_same_event() {
    test(async |app| {
        let id = register(app).await;
        forget_the_mail(app, &id).await;
        consumer(app).await.call(again(app, &id).await, invocation()).await;
        let mails = app.mails_to(ADA).await;
        assert_eq!(mails[0].text, mails[1].text);
    });
}

async fn forget_the_mail(app: &App, user_id: &str) {
    delete(app, &format!("MAIL#{user_id}.1.0"), "MAIL").await;
}

async fn delete(app: &App, pk: &str, sk: &str) {
    let key = shared::table::schema::Key { pk: pk.to_owned(), sk: sk.to_owned() };
    let table = &app.platform.stack().table.name;
    let key = shared::table::item::key_attributes(key);
    app.dynamodb().delete_item().table_name(table).set_key(Some(key)).send().await.unwrap();
}

async fn put(app: &App, item: shared::table::item::Attributes) {
    let table = &app.platform.stack().table.name;
    app.dynamodb().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

#[test]
fn a_mail_costs_one_read_and_two_writes() {
    test(async |app| {
        register(app).await;
        let line = app.lines.of("notifications").pop().unwrap();
        assert_eq!((line.round_trips, line.read_units, line.write_units), (3, 1.0, 2.0));
        let operations: Value = serde_json::to_value(&line.operations).unwrap();
        assert_eq!(
            operations,
            json!({
                "notifications.claim_mail": [1, 1, 0.0, 1.0],
                "notifications.get_user": [1, 1, 1.0, 0.0],
                "notifications.mark_sent": [1, 1, 0.0, 1.0],
            })
        );
    });
}
