//! Concurrent orders of one SKU: `cargo bench -p tests --bench race`.
//!
//! The embedded engine has no transaction conflicts, so they are injected as in
//! DynamoDB: a transaction takes some milliseconds, and one that meets another at an
//! item is refused and retried. Prints sales, conflicts and retries a sale for 1, 4
//! and 16 buckets.

#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
#[path = "../../harness/mod.rs"]
mod harness;
#[expect(dead_code, reason = "the tests use all of it")]
#[path = "../../seeded.rs"]
mod seeded;

use std::time::Duration;

use axum::body::Body;
use futures::stream::{self, StreamExt as _};
use harness::{App, Conflicts, test_of, with_cheap_passwords};
use http::{Method, Request};
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent,
        events::{ProductCreated, ProductState, VariantState},
    },
    http::Service,
    lambda::Invocation,
    telemetry::Log,
    text::{Sku, Slug, Title},
    vocabulary::ProductStatus,
};
use tokio::time::Instant;

/// Units in stock, and customers who order one.
const UNITS: u64 = 500;
const BUYERS: usize = 600;

/// Orders of each customer, which is the limit of an account.
const ORDERS: usize = 20;

/// Simultaneous orders.
const CONCURRENCY: usize = 50;

/// Duration of a call to the table.
const LATENCY: Duration = Duration::from_millis(4);

fn main() {
    println!(
        "{BUYERS} buyers, {CONCURRENCY} at once, of {UNITS} units; a call to the table takes {LATENCY:?}\n"
    );
    println!("| buckets | sold | refused | failed | conflicts | retries a sale | sales a second |");
    println!("|---|---|---|---|---|---|---|");
    for buckets in [1, 4, 16] {
        test_of(many_buyers, async |app| race(app, buckets).await);
    }
}

/// Thirty accounts register in one hour, at no cost, and hold that much.
fn many_buyers(template: &mut Value) {
    with_cheap_passwords(template);
    template["Parameters"]["RegistrationsPerHour"]["Default"] = 50.into();
    template["Parameters"]["ReservedOrders"]["Default"] = ORDERS.into();
}

async fn race(app: &App, buckets: u8) {
    let mut buyers = Vec::new();
    for number in 0..BUYERS / ORDERS {
        buyers.push(token(&app.register_as(&format!("buyer-marker.{number}@example.com")).await));
    }
    let manager = app.administrator("root-marker@example.com").await;
    app.publish(DomainEvent::ProductCreated(ProductCreated { product: product() }), 1).await;
    let spread = app.request(Method::PUT, "/api/v1/stock/TICKET/buckets").token(&token(&manager));
    assert_eq!(spread.json(&json!({ "count": buckets })).send().await.status, 200);

    let conflicts = Conflicts::default();
    let mut environment = app.environment("OrdersApi");
    let connection = conflicts.on(app.platform.cloud().http_client(), LATENCY);
    environment.aws = environment.aws.into_builder().http_client(connection).build();
    // No log lines: budgets assume no concurrent writers.
    environment.log = Log::from_fn(|_| {});
    let orders = orders::api(environment).await.unwrap();
    let began = Instant::now();
    let statuses: Vec<u16> = stream::iter(0..BUYERS)
        .map(|number| buy(&orders, &buyers[number % buyers.len()], number))
        .buffer_unordered(CONCURRENCY)
        .collect()
        .await;
    let seconds = began.elapsed().as_secs_f64();
    let count = |status: u16| statuses.iter().filter(|found| **found == status).count();
    let (sold, refused) = (count(201), count(409));
    #[expect(clippy::cast_precision_loss, reason = "far fewer than a float can count")]
    let a_sale = |count: u64| count as f64 / sold as f64;
    println!(
        "| {buckets} | {sold} | {refused} | {} | {} | {:.2} | {:.0} |",
        BUYERS - sold - refused,
        conflicts.count(),
        a_sale(conflicts.count()),
        1.0 / (seconds * a_sale(1)),
    );
    let stock = app.get_as(&token(&manager), "/api/v1/stock/TICKET").await.json();
    let (available, reserved) = (stock["available"].as_u64().unwrap(), stock["reserved"].as_u64().unwrap());
    assert_eq!((available + reserved, reserved), (UNITS, u64::try_from(sold).unwrap()), "{stock}");
}

fn token(tokens: &serde_json::Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

async fn buy(orders: &Service, token: &str, number: usize) -> u16 {
    let body = json!({ "lines": [{ "sku": "TICKET", "quantity": 1 }] });
    let request = Request::post("/api/v1/orders")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("idempotency-key", number.to_string())
        .body(Body::from(body.to_string()));
    let invocation = Invocation { deadline: Instant::now() + Duration::from_secs(10), client_address: None };
    orders.call(request.unwrap(), invocation).await.status().as_u16()
}

fn product() -> ProductState {
    let variant = VariantState {
        variant_id: None,
        sku: Sku::parse("TICKET").unwrap(),
        title: Title::parse("A ticket").unwrap(),
        price: serde_json::from_value(json!({ "amount": 2500, "currency": "EUR" })).unwrap(),
        initial_stock: Some(UNITS),
    };
    ProductState {
        product_id: App::id(1),
        title: Title::parse("A ticket").unwrap(),
        slug: Slug::parse("a-ticket").unwrap(),
        status: ProductStatus::Active.into(),
        variants: vec![variant],
        category_ids: Vec::new(),
        primary_category_id: None,
        seller: None,
    }
}
