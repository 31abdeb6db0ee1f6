//! Runs that exclude each other, and items that are skipped.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use local::schema_tools::{Command, Report, SchemaError};
use serde_json::json;

use super::{backfill, plan, run, step, verify};
use crate::harness::{App, test};

async fn put(app: &App, attributes: &[(&str, AttributeValue)]) {
    let item: HashMap<String, AttributeValue> =
        attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let table = &app.platform.stack().table.name;
    app.dynamodb().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn one() -> AttributeValue {
    AttributeValue::N("1".to_owned())
}

/// A customer as the release of commit 93abaf4 wrote it.
async fn put_customer(app: &App, user: &str) {
    put(
        app,
        &[
            ("pk", text(&format!("BUYER#{user}"))),
            ("sk", text("BUYER")),
            ("type", text("buyer")),
            ("v", one()),
            ("version", one()),
            ("user_id", text(user)),
            ("user_version", one()),
            ("status", text("active")),
        ],
    )
    .await;
}

const ADA: &str = "user_01m8eppt90fvwse449kayv12y7";

#[test]
fn one_run_at_a_time_rewrites_items() {
    test(async |app| {
        let platform = &app.platform;
        put_customer(app, ADA).await;
        // A run that is killed in its first step.
        let killed = tokio::time::timeout(Duration::ZERO, step(platform, "one")).await;
        assert!(killed.is_err());
        let lease = [
            ("pk", text("BACKFILL")),
            ("sk", text("LEASE")),
            ("type", text("backfill_lease")),
            ("v", one()),
            ("version", one()),
            ("holder", text("one")),
            ("until", text("2026-01-01T00:01:00.000Z")),
        ];
        put(app, &lease).await;
        assert!(matches!(step(platform, "other").await, Err(SchemaError::Busy)));
        let released = run(platform, Command::Release { holder: "other".to_owned() }).await;
        assert!(matches!(released, Ok(Report::Released)), "{released:?}");
        assert!(matches!(step(platform, "other").await, Err(SchemaError::Busy)), "it was not its lease");
        assert!(verify(platform).await.is_some());

        app.advance(Duration::from_secs(61));
        assert!(step(platform, "other").await.unwrap().is_done);
        assert!(verify(platform).await.is_none());
        assert!(step(platform, "one").await.unwrap().is_done, "a finished run has no lease");
    });
}

#[test]
fn an_item_that_cannot_be_read_is_listed_and_skipped() {
    test(async |app| {
        let platform = &app.platform;
        put_customer(app, ADA).await;
        put(
            app,
            &[
                ("pk", text("BUYER#damaged")),
                ("sk", text("BUYER")),
                ("type", text("buyer")),
                ("v", one()),
                ("version", one()),
                ("user_id", text("secret-marker")),
            ],
        )
        .await;
        let step = backfill(platform).await;
        assert_eq!((step.rewritten, step.failures.len()), (1, 1), "{step}");
        assert_eq!(
            (step.failures[0].pk.as_str(), step.failures[0].job.as_str()),
            ("BUYER#damaged", "customer-confirmations")
        );
        let left = verify(platform).await.unwrap();
        assert_eq!((left.jobs.len(), left.failed), (0, 1));
        assert!(!left.to_string().contains("secret-marker"), "{left}");
    });
}

#[test]
fn an_item_of_a_later_release_is_left_alone() {
    test(async |app| {
        put(
            app,
            &[
                ("pk", text("BUYER#later")),
                ("sk", text("BUYER")),
                ("type", text("buyer")),
                ("v", AttributeValue::N("9".to_owned())),
                ("version", one()),
                ("user_id", text(ADA)),
                ("user_version", one()),
                ("status", text("active")),
            ],
        )
        .await;
        assert!(plan(&app.platform).await.is_empty());
    });
}

#[test]
fn new_items_are_in_their_current_form() {
    test(async |app| {
        let root = app.administrator("root@example.com").await["access_token"].as_str().unwrap().to_owned();
        let product = json!({
            "sku": "Tea-1", "title": "Thé à la menthe", "price": { "amount": 790, "currency": "EUR" },
            "attributes": { "brand": "Ágora" }, "initial_stock": 5, "status": "active",
        });
        app.post_as(&root, "/api/v1/products", product).await.granted();
        app.platform.settle().await;
        assert!(plan(&app.platform).await.is_empty());
    });
}
