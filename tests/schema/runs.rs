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

async fn create(app: &App, root: &str, sku: &str) -> String {
    let price = json!({ "amount": 790, "currency": "EUR" });
    let product = json!({ "sku": sku, "title": "Tea", "price": price, "status": "active" });
    let reply = app.post_as(root, "/api/v1/products", product).await;
    assert_eq!(reply.status, 201);
    reply.json()["id"].as_str().unwrap().to_owned()
}

async fn put_claim(app: &App, sku: &str, product: &str) {
    put(
        app,
        &[
            ("pk", text(&format!("SKU#{sku}"))),
            ("sk", text("SKU")),
            ("type", text("sku")),
            ("v", one()),
            ("version", one()),
            ("sku", text(sku)),
            ("product_id", text(product)),
        ],
    )
    .await;
}

/// Claims the SKU of a product in its spelling, as the release of commit 93abaf4 did.
async fn claim_as_spelled(app: &App, product: &str, sku: &str) {
    put_claim(app, sku, product).await;
    let table = &app.platform.stack().table.name;
    let delete = app.dynamodb().delete_item().table_name(table);
    let delete = delete.key("pk", text(&format!("SKU#{}", sku.to_uppercase()))).key("sk", text("SKU"));
    delete.send().await.unwrap();
    let update = app.dynamodb().update_item().table_name(table);
    let update = update.key("pk", text(&format!("PRODUCT#{product}"))).key("sk", text("PRODUCT"));
    let update = update.update_expression("SET former_claims = :claims");
    let update = update.expression_attribute_values(":claims", AttributeValue::L(vec![text(sku)]));
    update.send().await.unwrap();
}

#[test]
fn claims_of_skus_move_to_upper_case_unless_another_product_has_them() {
    test(async |app| {
        let platform = &app.platform;
        let root = app.administrator("root@example.com").await["access_token"].as_str().unwrap().to_owned();
        let found = async |sku: &str| {
            let list = app.get_as(&root, &format!("/api/v1/products?sku={sku}")).await.json();
            list["data"][0]["id"].as_str().map(str::to_owned)
        };
        let first = create(app, &root, "Tea-1").await;
        claim_as_spelled(app, &first, "Tea-1").await;
        assert_eq!(found("TEA-1").await, None);
        let tag = app.get_as(&root, &format!("/api/v1/products/{first}")).await.header("etag").to_owned();

        assert_eq!(plan(platform).await.jobs["sku-claims"].items, 1);
        assert_eq!(backfill(platform).await.rewritten, 1);
        assert_eq!(found("tea-1").await.as_deref(), Some(first.as_str()));
        let reply = app.get_as(&root, &format!("/api/v1/products/{first}")).await;
        assert_eq!(reply.header("etag"), tag);
        assert!(verify(platform).await.is_none());

        let second = create(app, &root, "Mug-1").await;
        claim_as_spelled(app, &second, "Mug-1").await;
        put_claim(app, "MUG-1", &first).await;
        let step = backfill(platform).await;
        assert_eq!((step.rewritten, step.failures.len()), (0, 1), "{step}");
        assert!(step.to_string().contains("differs in case only"), "{step}");
        assert_eq!(found("Mug-1").await.as_deref(), Some(second.as_str()), "nothing was written");
        assert!(verify(platform).await.is_some(), "left for the operator");
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
