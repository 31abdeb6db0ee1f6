//! Orders and their stock, one action at a time.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent,
        events::{ProductCreated, ProductState, ProductUpdated, VariantState},
    },
    id::VariantId,
    text::{Sku, Slug, Title},
    vocabulary::ProductStatus,
};

use super::token;
use crate::harness::App;

const BUYER: &str = "buyer-marker@example.com";
const MANAGER: &str = "manager-marker@example.com";

fn product(initial_stock: Option<u64>) -> ProductState {
    ProductState {
        product_id: App::id(7),
        title: Title::parse("Earl Grey").unwrap(),
        slug: Slug::parse("earl-grey").unwrap(),
        status: ProductStatus::Active.into(),
        variants: vec![VariantState {
            variant_id: Some(VariantId::of_product(App::id(7))),
            sku: Sku::parse("TEA-EARL-GREY-100").unwrap(),
            title: Title::parse("Earl Grey, 100 g").unwrap(),
            price: serde_json::from_value(json!({ "amount": 790, "currency": "EUR" })).unwrap(),
            initial_stock,
        }],
        category_ids: Vec::new(),
        primary_category_id: None,
        seller: None,
    }
}

async fn get(app: &App, tokens: &Value, path: &str) -> Value {
    let reply = app.get_as(&token(tokens), &format!("/api/v1/{path}")).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.json());
    reply.json()
}

async fn post(app: &App, tokens: &Value, path: &str, key: &str, body: &Value) -> Value {
    let call = app.request(Method::POST, &format!("/api/v1/{path}")).token(&token(tokens)).json(body);
    let reply = call.header("idempotency-key", key).send().await;
    assert!((200..300).contains(&reply.status), "{path}: {}", reply.json());
    reply.json()
}

async fn order(app: &App, tokens: &Value, key: &str) -> Value {
    let address = json!({ "street": "12 St James's Square", "city": "London", "country": "GB" });
    let lines = json!([{ "product_id": App::id::<shared::id::ProductKind>(7), "quantity": 1 }]);
    post(app, tokens, "orders", key, &json!({ "lines": lines, "shipping_address": address })).await
}

pub(super) async fn orders(app: &App) {
    let (buyer, manager) = (app.register_as(BUYER).await, app.administrator(MANAGER).await);
    app.publish(DomainEvent::ProductCreated(ProductCreated { product: product(None) }), 1).await;
    let mut second = product(Some(4));
    second.variants[0].title = Title::parse("Earl Grey, loose").unwrap();
    let updated = ProductUpdated { changed: vec!["variants".to_owned()], product: second };
    app.publish(DomainEvent::ProductUpdated(updated), 2).await;
    stock(app, &manager).await;

    let first = order(app, &buyer, "first").await;
    order(app, &buyer, "first").await;
    let path = format!("orders/{}", first["id"].as_str().unwrap());
    get(app, &buyer, &path).await;
    let note = app.request(Method::PATCH, &format!("/api/v1/{path}")).token(&token(&buyer));
    assert_eq!(note.json(&json!({ "note": "Please ring twice." })).send().await.status, 200);
    for verb in ["confirm", "fulfil", "complete"] {
        post(app, &manager, &format!("{path}/{verb}"), "k", &json!({})).await;
    }
    get(app, &buyer, "orders").await;
    get(app, &manager, "orders").await;

    let export = app.request(Method::POST, "/api/v1/users/me/export").token(&token(&buyer)).send().await;
    app.platform.settle().await;
    assert_eq!(app.get_as(&token(&buyer), export.header("location")).await.json()["status"], "done");

    order(app, &buyer, "second").await;
    app.advance(Duration::from_mins(15));
    app.platform.fire("OrdersSweeper").await;
    let buyer = app.log_in(BUYER).await;
    order(app, &buyer, "third").await;
    assert_eq!(app.delete_as(&token(&buyer), "/api/v1/users/me").await.status, 204);
    app.platform.settle().await;
    let mut renamed = product(Some(4));
    renamed.variants[0].sku = Sku::parse("TEA-EARL-GREY").unwrap();
    let updated = ProductUpdated { changed: vec!["sku".to_owned()], product: renamed };
    app.publish(DomainEvent::ProductUpdated(updated), 3).await;
}

async fn stock(app: &App, manager: &Value) {
    let of_one = "stock/TEA-EARL-GREY-100";
    for _ in 0..2 {
        post(app, manager, of_one, "k", &json!({ "change": 1, "reason": "Counted on Friday" })).await;
    }
    get(app, manager, of_one).await;
    get(app, manager, &format!("{of_one}/adjustments")).await;
    get(app, manager, "stock").await;

    let mut other = product(Some(4));
    other.product_id = App::id(8);
    other.variants[0].variant_id = Some(VariantId::of_product(App::id(8)));
    other.variants[0].sku = Sku::parse("TICKET").unwrap();
    app.publish(DomainEvent::ProductCreated(ProductCreated { product: other }), 1).await;
    for _ in 0..2 {
        let spread = app.request(Method::PUT, "/api/v1/stock/TICKET/buckets").token(&token(manager));
        assert_eq!(spread.json(&json!({ "count": 1 })).send().await.status, 200);
    }
    let known = app.get_as(&token(manager), "/api/v1/stock/TICKET").await;
    let counted = app.request(Method::POST, "/api/v1/stock/TICKET").token(&token(manager));
    let counted = counted.header("if-match", known.header("etag")).header("idempotency-key", "k");
    assert_eq!(counted.json(&json!({ "change": 10, "reason": "Counted" })).send().await.status, 200);
}
