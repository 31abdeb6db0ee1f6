//! Effects of products' events on offers, in any order of delivery.

use shared::{
    bus::{DomainEvent, events::ProductDeleted},
    id::ProductId,
    vocabulary::ProductStatus,
};

use super::{ADA, ROOT, adjust, counts, created, of, offer, order, product, token, updated};
use crate::harness::{App, test};

async fn status(app: &App, root: &serde_json::Value, sku: &str) -> String {
    let stock = app.get_as(token(root), &format!("/api/v1/stock/{sku}")).await.json();
    stock["status"].as_str().unwrap().to_owned()
}

fn deleted(product_id: ProductId) -> DomainEvent {
    DomainEvent::ProductDeleted(ProductDeleted { product_id })
}

#[test]
fn a_deleted_product_is_not_sold_and_stays_in_orders() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let id = offer(app, 1, "TEA", 10).await;
        let made = super::ordered(app, &ada, "TEA", 1).await;
        app.publish(deleted(id), 2).await;
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.faults()[0].1, "not_for_sale");
        let kept = super::command(app, &root, &made, "confirm").await.json();
        assert_eq!((&kept["lines"], &kept["total"]), (&made["lines"], &made["total"]));
    });
}

#[test]
fn an_older_event_changes_nothing_but_the_first_stock() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        let mut newer = product(1, &[("TEA", 1200, None)]);
        newer.status = ProductStatus::Archived.into();
        app.publish(updated(newer), 3).await;
        app.publish(created(product(1, &[("TEA", 1000, Some(7))])), 1).await;
        app.publish(updated(product(1, &[("TEA", 1100, Some(9))])), 2).await;
        let stock = app.get_as(token(&root), "/api/v1/stock/TEA").await.json();
        assert_eq!(
            (stock["price"]["amount"].as_i64(), stock["status"].as_str()),
            (Some(1200), Some("closed"))
        );
        assert_eq!(counts(app, &root, "TEA").await, (7, 0, 0), "said once, by whichever came first");
    });
}

#[test]
fn an_event_that_comes_twice_is_one() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        offer(app, 1, "TEA", 10).await;
        adjust(app, &root, "TEA", "k", 5).await.granted();
        offer(app, 1, "TEA", 10).await;
        assert_eq!(counts(app, &root, "TEA").await, (15, 0, 0));
    });
}

#[test]
fn a_variant_that_is_taken_away_is_closed_in_any_order() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        app.publish(created(product(1, &[("A", 1, Some(1)), ("B", 1, Some(1))])), 1).await;
        app.publish(updated(product(1, &[("A", 1, None)])), 2).await;
        assert_eq!(
            (status(app, &root, "A").await, status(app, &root, "B").await),
            ("open".into(), "closed".into())
        );
        app.publish(created(product(1, &[("A", 1, Some(1)), ("B", 1, Some(1))])), 1).await;
        assert_eq!(status(app, &root, "B").await, "closed");
        app.publish(updated(product(1, &[("B", 1, None)])), 3).await;
        assert_eq!(
            (status(app, &root, "A").await, status(app, &root, "B").await),
            ("closed".into(), "open".into())
        );
    });
}

#[test]
fn a_sku_moves_to_another_product_only_after_the_first_frees_it() {
    test(async |app| {
        app.expects_errors(&["failed: unavailable: this SKU is another product's"]);
        let root = app.administrator(ROOT).await;
        let first = offer(app, 1, "TEA", 10).await;
        let consumer = orders::consumer(app.environment("OrdersConsumer")).await.unwrap();
        let second = || created(product(2, &[("TEA", 500, Some(99))]));
        assert!(!app.hand_over(&consumer, second(), 1).await, "it is to come again");
        let stock = app.get_as(token(&root), "/api/v1/stock/TEA").await.json();
        assert_eq!(stock["price"]["amount"], 1000);
        app.publish(deleted(first), 2).await;
        assert!(app.hand_over(&consumer, second(), 1).await);
        let stock = app.get_as(token(&root), "/api/v1/stock/TEA").await.json();
        assert_eq!((stock["price"]["amount"].as_i64(), stock["status"].as_str()), (Some(500), Some("open")));
        assert_eq!(counts(app, &root, "TEA").await, (10, 0, 0), "the goods are the same");
        app.publish(updated(product(1, &[("TEA", 1, None)])), 1).await;
        assert_eq!(app.get_as(token(&root), "/api/v1/stock/TEA").await.json()["price"]["amount"], 500);
    });
}
