//! The catalogue's part of the scenario: each of its operations, in both of its
//! functions.

use std::time::Duration;

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};
use shared::lambda::Invocation;

use super::everything::token;
use crate::harness::{App, client::Reply};

const MAKER: &str = "maker-marker@example.com";
const CATEGORIES: &str = "/api/v1/categories";
const PRODUCTS: &str = "/api/v1/products";

/// Runs everything of products and categories.
pub async fn catalog(app: &App) {
    let maker = app.administrator(MAKER).await;
    let maker = token(&maker);
    let (top, below) = categories(app, &maker).await;
    products(app, &maker, &top, &below).await;
    imports(app, &maker).await;
    deletions(app, &maker).await;
    cold(app).await;
    personal(app, &maker).await;
}

async fn post(app: &App, token: &str, path: &str, body: Value) -> Reply {
    let reply = app.post_as(token, path, body).await;
    assert!(reply.status < 300, "{path}: {}", reply.json());
    reply
}

async fn get(app: &App, token: &str, path: &str) -> Value {
    let reply = app.get_as(token, path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.json());
    reply.json()
}

async fn category(app: &App, token: &str, name: &str, parent: Option<&str>) -> String {
    let body = json!({ "name": name, "parent_id": parent });
    post(app, token, CATEGORIES, body).await.json()["id"].as_str().unwrap().to_owned()
}

async fn categories(app: &App, maker: &str) -> (String, String) {
    let top = category(app, maker, "Food", None).await;
    let body = json!({ "name": "Tea", "parent_id": top });
    let create =
        || app.request(Method::POST, CATEGORIES).token(maker).json(&body).header("idempotency-key", "c");
    let made = create().send().await;
    assert_eq!(create().send().await.header("idempotent-replayed"), "true");
    let below = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("{CATEGORIES}/{below}");
    let rename = app.request(Method::PATCH, &path).token(maker).json(&json!({ "name": "Teas" }));
    assert_eq!(rename.send().await.status, 200);
    let other = category(app, maker, "Drinks", None).await;
    post(app, maker, &format!("{path}/move"), json!({ "parent_id": other })).await.granted();
    (top, below)
}

async fn products(app: &App, maker: &str, top: &str, below: &str) {
    let body = json!({
        "title": "Earl Grey", "sku": "TEA", "slug": "earl-grey", "price": { "amount": 1, "currency": "EUR" },
        "attributes": { "brand": "Agora" }, "category_ids": [below],
        "variants": [{ "sku": "TEA-100" }], "description": "Black tea with bergamot. ".repeat(16),
    });
    let create =
        || app.request(Method::POST, PRODUCTS).token(maker).json(&body).header("idempotency-key", "p");
    let made = create().send().await;
    assert_eq!(create().send().await.header("idempotent-replayed"), "true");
    let path = made.header("location").to_owned();
    app.get(&format!("{PRODUCTS}/by-slug/earl-grey")).await.granted();
    for query in ["", "?sort=price", "?sort=title", "?q=earl", "?brand=agora", "?sku=TEA"] {
        get(app, maker, &format!("{PRODUCTS}{query}")).await;
    }
    for sort in ["-created_at", "price", "title"] {
        get(app, maker, &format!("{CATEGORIES}/{below}/products?sort={sort}")).await;
    }
    get(app, maker, &format!("{CATEGORIES}/{below}")).await;
    let changed = json!({
        "title": "Lady Grey", "sku": "LADY", "slug": "lady-grey", "price": { "amount": 2, "currency": "EUR" },
        "attributes": { "brand": "Agora" }, "category_ids": [top],
        "variants": [{ "sku": "LADY-100" }],
    });
    let change = app.request(Method::PUT, &path).token(maker).json(&changed).send().await;
    assert_eq!(change.status, 200, "{}", change.json());
    assert_eq!(app.delete_as(maker, &path).await.status, 204);
}

/// One import creates a product, the next one renames it.
async fn imports(app: &App, maker: &str) {
    let price = json!({ "amount": 1, "currency": "EUR" });
    for (slug, variant) in [("mint", "MINT-1"), ("peppermint", "MINT-2")] {
        let variants = json!([{ "sku": variant }]);
        // In a category of its own, of which it is the first product.
        let name = format!("Herbs {variant}");
        let into = category(app, maker, &name, None).await;
        let row = json!({
            "sku": "MINT", "slug": slug, "title": slug, "price": price, "variants": variants,
            "attributes": { "brand": slug }, "category_ids": [into],
        });
        let import = app
            .request(Method::POST, &format!("{PRODUCTS}/import"))
            .token(maker)
            .text("application/x-ndjson", &format!("{row}\n"))
            .send()
            .await;
        assert_eq!(import.status, 202, "{}", import.json());
        app.platform.settle().await;
        let report = get(app, maker, import.header("location")).await;
        assert_eq!((&report["status"], &report["failed"]), (&json!("done"), &json!(0)), "{report}");
    }
    get(app, maker, &format!("{PRODUCTS}/export")).await;
}

/// Children and products of deleted categories, more than one invocation handles.
async fn deletions(app: &App, maker: &str) {
    let top = category(app, maker, "Wide", None).await;
    for number in 0..21 {
        category(app, maker, &format!("Child {number}"), Some(&top)).await;
        app.platform.settle().await;
    }
    let left = category(app, maker, "Left", Some(&top)).await;
    category(app, maker, "Leaf", Some(&left)).await;
    let product =
        json!({ "title": "Sage", "price": { "amount": 1, "currency": "EUR" }, "category_ids": [left] });
    post(app, maker, PRODUCTS, product).await.granted();
    for (id, mode) in [(&left, "reparent"), (&top, "cascade")] {
        let path = format!("{CATEGORIES}/{id}?mode={mode}");
        assert_eq!(app.delete_as(maker, &path).await.status, 204);
        app.platform.settle().await;
    }
}

/// Instances that start from a snapshot.
async fn cold(app: &App) {
    let invocation = || Invocation {
        deadline: tokio::time::Instant::now() + Duration::from_secs(5),
        client_address: None,
    };
    let api = catalog::api(app.environment("CatalogApi")).await.unwrap();
    let request = Request::get(CATEGORIES).body(Body::empty()).unwrap();
    assert_eq!(api.call(request, invocation()).await.status(), 200);
    let consumer = catalog::consumer(app.environment("CatalogConsumer")).await.unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../events/eventbridge/category.created.json");
    let body = std::fs::read_to_string(path).unwrap();
    let event = json!({ "Records": [{ "messageId": "1", "body": body }] });
    let event = serde_json::from_value(event).unwrap();
    assert!(consumer.call(event, invocation()).await.batch_item_failures.is_empty());
}

/// Export and deletion of the creator of all this.
async fn personal(app: &App, maker: &str) {
    let export = app.request(Method::POST, "/api/v1/users/me/export").token(maker).send().await;
    app.platform.settle().await;
    assert_eq!(get(app, maker, export.header("location")).await["status"], "done");
    app.administrator("heir-marker@example.com").await;
    assert_eq!(app.delete_as(maker, "/api/v1/users/me").await.status, 204);
    app.platform.settle().await;
}
