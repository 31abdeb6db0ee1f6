//! `/api/v1/orders` and `/api/v1/stock`

mod aliases;
mod buckets;
mod change;
mod create;
mod delete;
mod expiry;
mod holds;
mod lifecycle;
mod list;
mod model;
mod offers;
mod people;
mod races;
mod reconcile;
mod stock;
mod units;
mod variants;

use http::Method;
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent,
        events::{ProductCreated, ProductState, ProductUpdated, VariantState},
    },
    id::ProductId,
    money::Money,
    text::{Sku, Slug, Title},
    vocabulary::ProductStatus,
};

use crate::harness::{
    App,
    client::{Call, Reply},
};

pub const ADA: &str = "ada-marker@example.com";
pub const BO: &str = "bo-marker@example.com";
pub const ROOT: &str = "root-marker@example.com";
pub const ORDERS: &str = "/api/v1/orders";
pub const STOCK: &str = "/api/v1/stock";

/// The access token of a token reply.
pub fn token(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

pub fn euros(amount: i64) -> Money {
    Money { amount, currency: "EUR".parse().unwrap() }
}

/// A product for sale; each variant has a SKU, a price in euros and an opening stock.
pub fn product(number: u8, variants: &[(&str, i64, Option<u64>)]) -> ProductState {
    let variants = variants.iter().map(|(sku, price, initial_stock)| VariantState {
        variant_id: None,
        sku: Sku::parse(sku).unwrap(),
        title: Title::parse(&format!("The {sku}")).unwrap(),
        price: euros(*price),
        initial_stock: *initial_stock,
    });
    ProductState {
        product_id: App::id(number),
        title: Title::parse("A product").unwrap(),
        slug: Slug::parse("a-product").unwrap(),
        status: ProductStatus::Active.into(),
        variants: variants.collect(),
        category_ids: Vec::new(),
        primary_category_id: None,
        seller: None,
    }
}

/// The event of a created product.
pub fn created(product: ProductState) -> DomainEvent {
    DomainEvent::ProductCreated(ProductCreated { product })
}

/// The event of an updated product.
pub fn updated(product: ProductState) -> DomainEvent {
    DomainEvent::ProductUpdated(ProductUpdated { changed: vec!["price".to_owned()], product })
}

/// Publishes a product with one SKU and opening stock, at 10 euros.
pub async fn offer(app: &App, number: u8, sku: &str, stock: u64) -> ProductId {
    let product = product(number, &[(sku, 1000, Some(stock))]);
    let id = product.product_id;
    app.publish(created(product), 1).await;
    id
}

/// Begins a request with a user's token.
pub fn call<'a>(app: &'a App, tokens: &Value, method: Method, path: &str) -> Call<'a> {
    app.request(method, path).token(token(tokens))
}

/// Creates an order with an idempotency key.
pub async fn order(app: &App, tokens: &Value, key: &str, body: &Value) -> Reply {
    call(app, tokens, Method::POST, ORDERS).header("idempotency-key", key).json(body).send().await
}

/// The body of an order of one line.
pub fn of(sku: &str, quantity: u32) -> Value {
    json!({ "lines": [{ "sku": sku, "quantity": quantity }] })
}

/// Creates an order of one SKU and returns it.
pub async fn ordered(app: &App, tokens: &Value, sku: &str, quantity: u32) -> Value {
    // The key depends on everything in the body.
    let key = format!("{sku}-{quantity}-{}", app.now());
    let reply = order(app, tokens, &key, &of(sku, quantity)).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.json()
}

/// The path of an order.
pub fn path(order: &Value) -> String {
    format!("{ORDERS}/{}", order["id"].as_str().unwrap())
}

/// Sends a command for an order.
pub async fn command(app: &App, tokens: &Value, order: &Value, verb: &str) -> Reply {
    call(app, tokens, Method::POST, &format!("{}/{verb}", path(order))).send().await
}

/// Available, reserved and sold quantities of a SKU.
pub async fn counts(app: &App, root: &Value, sku: &str) -> (u64, u64, u64) {
    let stock = app.get_as(token(root), &format!("{STOCK}/{sku}")).await;
    assert_eq!(stock.status, 200, "{}", stock.json());
    let stock = stock.json();
    let count = |name: &str| stock[name].as_u64().unwrap();
    assert_eq!(count("on_hand"), count("available") + count("reserved"));
    let initial = i64::try_from(stock["initial_stock"].as_u64().unwrap_or(0)).unwrap();
    let all = i64::try_from(count("on_hand") + count("sold")).unwrap();
    assert_eq!(initial + stock["adjusted"].as_i64().unwrap(), all, "{stock}");
    (count("available"), count("reserved"), count("sold"))
}

/// Adjusts a stock.
pub async fn adjust(app: &App, root: &Value, sku: &str, key: &str, change: i64) -> Reply {
    let body = json!({ "change": change, "reason": "Counted" });
    let path = format!("{STOCK}/{sku}");
    call(app, root, Method::POST, &path).header("idempotency-key", key).json(&body).send().await
}
