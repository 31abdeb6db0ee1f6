//! Public availability of products and variants.

use http::Method;
use serde_json::{Value, json};

use super::{PRODUCTS, administrator, path, send};
use crate::harness::{App, test};

const ORDERS: &str = "/api/v1/orders";

/// Number of availability events so far.
async fn times(app: &App) -> usize {
    app.platform.settle().await;
    let travelled = app.platform.cloud().travelled();
    travelled.iter().filter(|it| it.r#type == "stock.availability_changed").count()
}

/// Number of availability events, and the availability of a product without variants
/// in the last one.
async fn told(app: &App, product: &Value) -> (usize, Value) {
    let times = times(app).await;
    let id = product["id"].as_str().unwrap();
    let last = &app.outbox(&format!("OFFER#{id}"), "AVAILABILITY").await[0]["data"];
    assert_eq!((&last["product_id"], &last["variant_id"]), (&product["id"], &product["id"]));
    (times, last["availability"].clone())
}

async fn order(app: &App, buyer: &str, sku: &str, quantity: u32) -> String {
    let key = format!("{sku}-{quantity}-{}", app.now());
    let body = json!({ "lines": [{ "sku": sku, "quantity": quantity }] });
    let call = app.request(Method::POST, ORDERS).token(buyer).header("idempotency-key", &key);
    let made = call.json(&body).send().await;
    assert_eq!(made.status, 201, "{}", made.json());
    format!("{ORDERS}/{}", made.json()["id"].as_str().unwrap())
}

/// Public availability of a product: its own, its variants', and the one in the list.
async fn seen(app: &App, product: &Value) -> (Value, Vec<Value>, Value) {
    // Copies for anonymous callers are at most this old.
    app.advance(std::time::Duration::from_secs(5));
    let shown = app.get(&path(PRODUCTS, product)).await.json();
    let variants = shown["variants"].as_array().unwrap().iter().map(|it| it["availability"].clone());
    let list = app.get(PRODUCTS).await.json();
    let listed =
        list["data"].as_array().unwrap().iter().find(|it| it["id"] == product["id"]).unwrap().clone();
    (shown["availability"].clone(), variants.collect(), listed["availability"].clone())
}

#[test]
fn the_catalogue_shows_availability_and_not_stock() {
    test(async |app| {
        let root = administrator(app).await;
        let price = json!({ "amount": 100, "currency": "EUR" });
        let variants =
            json!([{ "sku": "S", "initial_stock": 7 }, { "sku": "L", "initial_stock": 5 }, { "sku": "XL" }]);
        let body = json!({ "title": "Tea", "price": price, "variants": variants });
        let tea = app.post_as(&root, PRODUCTS, body).await.json();
        assert_eq!(
            seen(app, &tea).await,
            (
                json!("in_stock"),
                vec![json!("in_stock"), json!("low"), json!("out_of_stock")],
                json!("in_stock")
            )
        );
        let public = app.get(&path(PRODUCTS, &tea)).await.json();
        assert!(public["variants"][0].get("initial_stock").is_none(), "{public}");
        let managed = app.get_as(&root, &path(PRODUCTS, &tea)).await.json();
        assert_eq!(managed["variants"][0]["initial_stock"], 7);
        let alone = json!({ "title": "Cup", "price": price, "initial_stock": 3 });
        let cup = app.post_as(&root, PRODUCTS, alone).await.json();
        assert_eq!(seen(app, &cup).await, (json!("low"), vec![], json!("low")));
        assert!(app.get(&path(PRODUCTS, &cup)).await.json().get("initial_stock").is_none());
        assert_eq!(times(app).await, 0, "what is assumed is not told");
    });
}

#[test]
fn only_a_changed_availability_is_published() {
    test(async |app| {
        let (root, buyer) = (administrator(app).await, app.register_as("ada-marker@example.com").await);
        let buyer = buyer["access_token"].as_str().unwrap();
        let price = json!({ "amount": 100, "currency": "EUR" });
        let body = json!({ "title": "Tea", "sku": "TEA", "price": price, "initial_stock": 9 });
        let tea = app.post_as(&root, PRODUCTS, body).await.json();
        app.platform.settle().await;
        let first = order(app, buyer, "TEA", 3).await;
        assert_eq!(times(app).await, 0);
        order(app, buyer, "TEA", 2).await;
        assert_eq!(told(app, &tea).await, (1, json!("low")));
        order(app, buyer, "TEA", 1).await;
        app.request(Method::POST, &format!("{first}/confirm")).token(&root).send().await.granted();
        assert_eq!(told(app, &tea).await, (1, json!("low")));
        assert_eq!(seen(app, &tea).await, (json!("low"), vec![], json!("low")));
        let all = order(app, buyer, "TEA", 3).await;
        assert_eq!(told(app, &tea).await, (2, json!("out_of_stock")));
        assert_eq!(seen(app, &tea).await.0, "out_of_stock");
        app.request(Method::POST, &format!("{all}/cancel")).token(buyer).send().await.granted();
        assert_eq!(told(app, &tea).await, (3, json!("low")));
        let adjusted = json!({ "change": 100, "reason": "Counted" });
        let adjust =
            app.request(Method::POST, "/api/v1/stock/TEA").token(&root).header("idempotency-key", "k");
        adjust.json(&adjusted).send().await.granted();
        assert_eq!(told(app, &tea).await, (4, json!("in_stock")));
        assert_eq!(seen(app, &tea).await, (json!("in_stock"), vec![], json!("in_stock")));
    });
}

#[test]
fn a_line_that_an_order_loses_is_available_again() {
    test(async |app| {
        let (root, buyer) = (administrator(app).await, app.register_as("ada-marker@example.com").await);
        let buyer = buyer["access_token"].as_str().unwrap();
        let price = json!({ "amount": 100, "currency": "EUR" });
        let body = |sku| json!({ "title": sku, "sku": sku, "price": price, "initial_stock": 9 });
        let tea = app.post_as(&root, PRODUCTS, body("TEA")).await.json();
        app.post_as(&root, PRODUCTS, body("CUP")).await.granted();
        app.platform.settle().await;
        let made = order(app, buyer, "TEA", 9).await;
        assert_eq!(told(app, &tea).await, (1, json!("out_of_stock")));
        let lines = json!({ "lines": [{ "sku": "CUP", "quantity": 1 }] });
        app.request(Method::PATCH, &made).token(buyer).json(&lines).send().await.granted();
        assert_eq!(told(app, &tea).await, (2, json!("in_stock")));
    });
}

/// Sales do not change a product's version: a concurrent change of the product is not
/// stale.
#[test]
fn an_availability_changes_the_copy_and_not_the_version() {
    test(async |app| {
        let (root, buyer) = (administrator(app).await, app.register_as("ada-marker@example.com").await);
        let buyer = buyer["access_token"].as_str().unwrap();
        let price = json!({ "amount": 100, "currency": "EUR" });
        let body = json!({ "title": "Tea", "sku": "TEA", "price": price, "initial_stock": 9 });
        let tea = app.post_as(&root, PRODUCTS, body).await.json();
        app.platform.settle().await;
        let before = app.get_as(&root, &path(PRODUCTS, &tea)).await;
        order(app, buyer, "TEA", 9).await;
        assert_eq!(told(app, &tea).await, (1, json!("out_of_stock")));
        let known = app.request(Method::GET, &path(PRODUCTS, &tea)).token(&root);
        let after = known.header("if-none-match", before.header("etag")).send().await;
        assert_eq!((after.status, &after.json()["availability"]), (200, &json!("out_of_stock")));
        assert_eq!(
            (&after.json()["version"], &after.json()["updated_at"]),
            (&tea["version"], &tea["updated_at"])
        );
        for etag in [before.header("etag"), after.header("etag")] {
            let change =
                app.request(Method::PATCH, &path(PRODUCTS, &tea)).token(&root).header("if-match", etag);
            let title = json!({ "title": format!("Tea {}", etag.len()) });
            let changed = change.json(&title).send().await;
            let expected = if etag == before.header("etag") { 200 } else { 412 };
            assert_eq!(changed.status, expected, "{}", changed.json());
        }
        let now = send(app, &root, Method::GET, &path(PRODUCTS, &tea), json!({})).await;
        assert_eq!(now.json()["availability"], "out_of_stock", "a change of the product keeps it");
    });
}
