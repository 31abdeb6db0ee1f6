//! `DELETE /api/v1/categories/{category_id}`, and the handling of the deleted
//! category's contents.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use http::Method;
use serde_json::{Value, json};
use shared::{bus::DomainEvent, lambda::SqsHandler};

use super::{CATEGORIES, PRODUCTS, administrator, all, category, path, product, send};
use crate::harness::{App, answering, test, test_of};

#[test]
fn a_category_with_contents_is_deleted_only_with_a_mode() {
    test(async |app| {
        let root = administrator(app).await;
        let top = category(app, &root, "Top", None).await;
        let middle = category(app, &root, "Middle", Some(&top)).await;
        let leaf = category(app, &root, "Leaf", Some(&middle)).await;
        let sold = product(app, &root, "p", 1, &[&middle]).await;
        let delete =
            async |id: &str, mode: &str| app.delete_as(&root, &format!("{CATEGORIES}/{id}{mode}")).await;
        assert_eq!(delete(&top, "").await.problem(), (409, "category_not_empty".to_owned()));
        assert_eq!(delete(&leaf, "").await.status, 204);
        assert_eq!(delete(&leaf, "").await.status, 204, "idempotent");
        assert_eq!(delete(&middle, "").await.problem().0, 409, "it has a product");
        let leaf = category(app, &root, "Leaf", Some(&middle)).await;
        assert_eq!(delete(&middle, "?mode=reparent").await.status, 204);
        assert_eq!(all(app, &format!("{CATEGORIES}?limit=5"), "slug").await, ["top", "leaf"]);
        app.platform.settle().await;
        let place = path(PRODUCTS, &sold);
        assert_eq!(app.get_as(&root, &place).await.json()["category_ids"], json!([top]));
        assert_eq!(delete(&top, "?mode=cascade").await.status, 204);
        assert!(all(app, CATEGORIES, "slug").await.is_empty());
        app.platform.settle().await;
        assert_eq!(app.get_as(&root, &place).await.json()["category_ids"], json!([]));
        let deleted: Vec<_> = app.platform.cloud().travelled();
        let deleted = deleted.iter().filter(|event| event.r#type == "category.deleted").count();
        assert_eq!(deleted, 4, "each of them once");
        assert!(app.item(&format!("CATEGORY#{leaf}"), "CATEGORY").await.is_some(), "a tombstone");
    });
}

/// A stack whose consumer does not get deletions from the bus: the test delivers
/// them.
fn deaf(template: &mut Value) {
    let pattern = &mut template["Resources"]["CatalogConsumerRule"]["Properties"]["EventPattern"];
    pattern["detail-type"] = json!(["category.created"]);
}

/// A consumer that sees `index`'s answer to queries of indexes, or the real one if
/// there is none.
async fn listener(app: &App, index: impl Fn(&str) -> Option<Value> + Send + Sync + 'static) -> SqsHandler {
    let mut environment = app.environment("CatalogConsumer");
    let table = environment.aws.http_client().unwrap();
    let answer = move |call: &str| {
        let shown = index(call).filter(|_| call.contains("IndexName"))?;
        Some((200, json!({ "Items": shown, "Count": shown.as_array().unwrap().len() }).to_string()))
    };
    environment.aws = environment.aws.into_builder().http_client(answering(table, answer)).build();
    catalog::consumer(environment).await.unwrap()
}

/// Delivers the deletion of a category; returns true if it was handled.
async fn deliver(app: &App, listener: &SqsHandler, id: &str) -> bool {
    let event = &app.outbox(&format!("CATEGORY#{id}"), "CATEGORY").await[0];
    assert_eq!(event["type"], "category.deleted", "{id} is not gone");
    let deleted = serde_json::from_value(event["data"].clone()).unwrap();
    let version = event["aggregate_version"].as_u64().unwrap();
    app.hand_over(listener, DomainEvent::CategoryDeleted(deleted), version).await
}

#[test]
fn deleting_a_category_handles_contents_that_no_index_shows_yet() {
    test_of(deaf, async |app| {
        app.expects_errors(&["failed: unavailable: some products of a deleted category"]);
        let root = administrator(app).await;
        let top = category(app, &root, "Top", None).await;
        let middle = category(app, &root, "Middle", Some(&top)).await;
        let leaf = category(app, &root, "Leaf", Some(&middle)).await;
        let sold = product(app, &root, "p", 1, &[&leaf]).await;
        // Every creation has been handled before the deletion.
        app.platform.settle().await;
        let behind = Arc::new(AtomicBool::new(true));
        let is_behind = Arc::clone(&behind);
        let listener = listener(app, move |_| is_behind.load(Ordering::Relaxed).then(|| json!([]))).await;
        assert_eq!(app.delete_as(&root, &format!("{CATEGORIES}/{top}?mode=cascade")).await.status, 204);
        assert!(deliver(app, &listener, &top).await);
        assert!(deliver(app, &listener, &middle).await);
        assert!(!deliver(app, &listener, &leaf).await, "its product is counted, and not listed");
        behind.store(false, Ordering::Relaxed);
        assert!(deliver(app, &listener, &leaf).await);
        let sold = app.get_as(&root, &path(PRODUCTS, &sold)).await;
        assert_eq!(sold.json()["category_ids"], json!([]));
    });
}

#[test]
fn a_product_of_two_deleted_categories_moves_to_both_parents() {
    test_of(deaf, async |app| {
        let root = administrator(app).await;
        let mut tops = Vec::new();
        let mut gone = Vec::new();
        for name in ["Left", "Right"] {
            let top = category(app, &root, name, None).await;
            gone.push(category(app, &root, "Inner", Some(&top)).await);
            tops.push(top);
        }
        let sold = product(app, &root, "p", 1, &[&gone[0], &gone[1]]).await;
        for id in &gone {
            assert_eq!(app.delete_as(&root, &format!("{CATEGORIES}/{id}?mode=reparent")).await.status, 204);
        }
        let listener = listener(app, |_| None).await;
        for id in &gone {
            assert!(deliver(app, &listener, id).await);
        }
        let sold = app.get_as(&root, &path(PRODUCTS, &sold)).await;
        assert_eq!(sold.json()["category_ids"], json!(tops));
    });
}

#[test]
fn deleting_a_category_ignores_products_that_a_stale_index_lists() {
    test_of(deaf, async |app| {
        let root = administrator(app).await;
        let top = category(app, &root, "Top", None).await;
        let inner = category(app, &root, "Inner", Some(&top)).await;
        let sold = product(app, &root, "p", 1, &[&inner]).await;
        let place = path(PRODUCTS, &sold);
        assert_eq!(send(app, &root, Method::PATCH, &place, json!({ "category_ids": [] })).await.status, 200);
        let text = |name: &str| json!({ "S": sold[name] });
        let card = json!({ "M": {
            "sku": text("sku"), "title": text("title"), "slug": text("slug"), "status": text("status"),
            "price": { "M": { "amount": { "N": "1" }, "currency": { "S": "EUR" } } },
        } });
        let row = json!([{
            "pk": { "S": format!("PRODUCT#{}", sold["id"].as_str().unwrap()) },
            "sk": { "S": format!("ROW#CATEGORY#{inner}") },
            "gsi1pk": { "S": format!("CATEGORY_PRODUCTS#{inner}#active") }, "gsi1sk": text("id"),
            "card": card,
        }]);
        let was_there = move |call: &str| call.contains("#active").then(|| row.clone());
        let listener = listener(app, was_there).await;
        assert_eq!(app.delete_as(&root, &format!("{CATEGORIES}/{inner}?mode=reparent")).await.status, 204);
        assert!(deliver(app, &listener, &inner).await);
        assert_eq!(app.get_as(&root, &place).await.json()["category_ids"], json!([]));
    });
}
