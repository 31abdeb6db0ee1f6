//! `PUT /api/v1/stock/{sku}/buckets`, and orders of sharded stock.

use http::{Method, Request};
use serde_json::{Value, json};

use super::{
    ADA, ROOT, STOCK, adjust, call, command, counts, created, of, offer, order, ordered, path, product,
    races::{ask, buyers, of_many, slow},
    updated,
};
use crate::harness::{App, Conflicts, client::Reply, test, test_of};

async fn shard(app: &App, root: &Value, sku: &str, count: u8) -> Reply {
    let path = format!("{STOCK}/{sku}/buckets");
    call(app, root, Method::PUT, &path).json(&json!({ "count": count })).send().await
}

#[test]
fn a_sharded_stock_is_the_same_stock() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TICKET", 10).await;
        let before = ordered(app, &ada, "TICKET", 1).await;
        let reply = shard(app, &root, "TICKET", 4).await;
        assert_eq!((reply.status, &reply.json()["buckets"]), (200, &json!(4)), "{}", reply.json());
        assert_eq!(counts(app, &root, "TICKET").await, (9, 1, 0));
        // From 3, 2, 2 and 2: more than one bucket has, then more than all have.
        let many = ordered(app, &ada, "TICKET", 8).await;
        assert_eq!(counts(app, &root, "TICKET").await, (1, 9, 0));
        let short = order(app, &ada, "k", &of("TICKET", 2)).await;
        assert_eq!(short.problem(), (409, "insufficient_stock".to_owned()));
        assert_eq!(short.json()["lines"], json!([{ "sku": "TICKET", "requested": 2, "available": 1 }]));
        command(app, &root, &many, "confirm").await.granted();
        command(app, &root, &before, "cancel").await.granted();
        assert_eq!(counts(app, &root, "TICKET").await, (2, 0, 8));
        // Stock returned to the offer itself, and new stock there, is sold as well.
        adjust(app, &root, "TICKET", "k", 1).await.granted();
        ordered(app, &ada, "TICKET", 3).await;
        assert_eq!(counts(app, &root, "TICKET").await, (0, 3, 8));
        command(app, &root, &many, "refund").await.granted();
        assert_eq!(counts(app, &root, "TICKET").await, (8, 3, 0));
    });
}

#[test]
fn every_unit_of_a_sharded_stock_is_sold_once() {
    test_of(of_many, async |app| {
        let (buyers, root) = (buyers(app, 40).await, app.administrator(ROOT).await);
        offer(app, 1, "TICKET", 50).await;
        shard(app, &root, "TICKET", 16).await.granted();
        let keys: Vec<String> = (0..120).map(|number| format!("k{number}")).collect();
        let attempts = keys.iter().zip(buyers.iter().cycle());
        let attempts = attempts.map(async |(key, buyer)| order(app, buyer, key, &of("TICKET", 1)).await);
        let replies = futures::future::join_all(attempts).await;
        let count = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((count(201), count(409)), (50, 70));
        assert_eq!(counts(app, &root, "TICKET").await, (0, 50, 0));
    });
}

#[test]
fn buckets_follow_the_price_and_the_end_of_an_offer() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TICKET", 50).await;
        shard(app, &root, "TICKET", 2).await.granted();
        app.publish(updated(product(1, &[("TICKET", 1500, None)])), 2).await;
        assert_eq!(ordered(app, &ada, "TICKET", 1).await["total"]["amount"], 1500);
        app.publish(updated(product(1, &[])), 3).await;
        assert_eq!(order(app, &ada, "k", &of("TICKET", 1)).await.faults()[0].1, "not_for_sale");
    });
}

#[test]
fn buckets_are_divided_again_and_never_fewer() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("TICKET", 100, Some(8))])), 1).await;
        shard(app, &root, "TICKET", 2).await.granted();
        ordered(app, &ada, "TICKET", 3).await;
        adjust(app, &root, "TICKET", "k", 3).await.granted();
        assert_eq!(shard(app, &root, "TICKET", 4).await.status, 200);
        assert_eq!(counts(app, &root, "TICKET").await, (8, 3, 0));
        assert_eq!(shard(app, &root, "TICKET", 2).await.faults()[0].1, "invalid_count");
        assert_eq!(shard(app, &root, "NONE", 2).await.problem().0, 404);
    });
}

#[test]
fn an_adjustment_of_sharded_stock_takes_units_from_several_buckets() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        offer(app, 1, "TICKET", 8).await;
        shard(app, &root, "TICKET", 4).await.granted();
        assert_eq!(adjust(app, &root, "TICKET", "broken", -5).await.status, 200);
        assert_eq!(counts(app, &root, "TICKET").await, (3, 0, 0));
        let refused = adjust(app, &root, "TICKET", "more", -4).await;
        assert_eq!(refused.json()["lines"], json!([{ "sku": "TICKET", "requested": 4, "available": 3 }]));
        assert_eq!(counts(app, &root, "TICKET").await, (3, 0, 0));
    });
}

#[test]
fn ending_the_sharding_keeps_the_reservations() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TICKET", 16).await;
        shard(app, &root, "TICKET", 16).await.granted();
        let held = ordered(app, &ada, "TICKET", 2).await;
        // Four parts of a line take one unit each.
        let short = order(app, &ada, "k", &of("TICKET", 10)).await;
        assert_eq!(short.json()["lines"][0]["available"], 4);
        assert_eq!(shard(app, &root, "TICKET", 0).await.status, 200);
        assert_eq!(counts(app, &root, "TICKET").await, (14, 2, 0));
        ordered(app, &ada, "TICKET", 10).await;
        assert_eq!(command(app, &root, &held, "cancel").await.status, 200);
        assert_eq!(counts(app, &root, "TICKET").await, (6, 10, 0));
        // Stock returned to the parts is sold, too.
        ordered(app, &ada, "TICKET", 6).await;
        assert_eq!(counts(app, &root, "TICKET").await, (0, 16, 0));
    });
}

#[test]
fn a_growing_line_keeps_to_four_parts_and_its_order_to_a_transaction() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let skus: Vec<String> = (0..24).map(|number| format!("TICKET-{number}")).collect();
        for (number, sku) in (1..).zip(&skus) {
            offer(app, number, sku, 8).await;
            shard(app, &root, sku, 8).await.granted();
        }
        let first = order(app, &ada, "first", &of("TICKET-0", 3)).await.json();
        let grown = call(app, &ada, Method::PATCH, &path(&first)).json(&of("TICKET-0", 4)).send().await;
        assert_eq!(grown.status, 200);
        let too_much = call(app, &ada, Method::PATCH, &path(&first)).json(&of("TICKET-0", 5)).send().await;
        assert_eq!(too_much.json()["lines"], json!([{ "sku": "TICKET-0", "requested": 5, "available": 4 }]));

        // 23 lines of four parts are 92 of the 94 parts that an order may have.
        let lines = |skus: &[String], quantity: u32| -> Value {
            let lines = skus.iter().map(|sku| json!({ "sku": sku, "quantity": quantity }));
            json!({ "lines": lines.collect::<Value>() })
        };
        let full = order(app, &ada, "full", &lines(&skus[1..], 4)).await;
        assert_eq!(full.status, 201);
        for number in 0..3 {
            offer(app, 100 + number, &format!("PLAIN-{number}"), 5).await;
        }
        let plain: Vec<String> = (0..3).map(|number| format!("PLAIN-{number}")).collect();
        let orders = slow(app, &Conflicts::default()).await;
        let full = path(&full.json());
        let put = async |skus: &[String]| ask(&orders, &ada, Request::put(&full), &lines(skus, 1)).await;
        assert_eq!(put(&plain).await, 422);
        assert_eq!(put(&plain[1..]).await, 200);
        assert_eq!(ask(&orders, &root, Request::post(format!("{full}/confirm")), &json!({})).await, 200);
    });
}
