//! `PUT /api/v1/stock/{sku}/buckets`, and orders of what is spread.

use http::Method;
use serde_json::{Value, json};

use super::{
    ADA, ROOT, STOCK, adjust, call, command, counts, created, of, offer, order, ordered, product,
    races::insist, updated,
};
use crate::harness::{App, client::Reply, test};

async fn spread(app: &App, root: &Value, sku: &str, count: u8) -> Reply {
    let path = format!("{STOCK}/{sku}/buckets");
    call(app, root, Method::PUT, &path).json(&json!({ "count": count })).send().await
}

#[test]
fn a_spread_stock_is_the_same_stock() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TICKET", 10).await;
        let before = ordered(app, &ada, "TICKET", 1).await;
        let reply = spread(app, &root, "TICKET", 4).await;
        assert_eq!((reply.status, &reply.json()["buckets"]), (200, &json!(4)), "{}", reply.json());
        assert_eq!(counts(app, &root, "TICKET").await, (9, 1, 0));
        // Of 3, 2, 2 and 2: more than any bucket has, and more than all have.
        let many = ordered(app, &ada, "TICKET", 8).await;
        assert_eq!(counts(app, &root, "TICKET").await, (1, 9, 0));
        let short = order(app, &ada, "k", &of("TICKET", 2)).await;
        assert_eq!(short.problem(), (409, "insufficient_stock".to_owned()));
        assert_eq!(short.json()["lines"], json!([{ "sku": "TICKET", "requested": 2, "available": 1 }]));
        command(app, &root, &many, "confirm").await;
        command(app, &root, &before, "cancel").await;
        assert_eq!(counts(app, &root, "TICKET").await, (2, 0, 8));
        // What came back to the offer itself, and what is new there, is sold as well.
        adjust(app, &root, "TICKET", "k", 1).await;
        ordered(app, &ada, "TICKET", 3).await;
        assert_eq!(counts(app, &root, "TICKET").await, (0, 3, 8));
        command(app, &root, &many, "refund").await;
        assert_eq!(counts(app, &root, "TICKET").await, (8, 3, 0));
    });
}

#[test]
fn every_unit_of_a_spread_stock_is_sold_once() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TICKET", 50).await;
        spread(app, &root, "TICKET", 16).await;
        let keys: Vec<String> = (0..120).map(|number| format!("k{number}")).collect();
        let attempts = keys.iter().map(|key| insist(app, &ada, key, "TICKET"));
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
        spread(app, &root, "TICKET", 2).await;
        app.publish(updated(product(1, &[("TICKET", 1500, None)])), 2).await;
        assert_eq!(ordered(app, &ada, "TICKET", 1).await["total"]["amount"], 1500);
        app.publish(updated(product(1, &[])), 3).await;
        assert_eq!(order(app, &ada, "k", &of("TICKET", 1)).await.faults()[0].1, "not_for_sale");
    });
}

#[test]
fn buckets_are_dealt_out_anew_and_never_fewer() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("TICKET", 100, Some(8))])), 1).await;
        spread(app, &root, "TICKET", 2).await;
        ordered(app, &ada, "TICKET", 3).await;
        adjust(app, &root, "TICKET", "k", 3).await;
        assert_eq!(spread(app, &root, "TICKET", 4).await.status, 200);
        assert_eq!(counts(app, &root, "TICKET").await, (8, 3, 0));
        assert_eq!(spread(app, &root, "TICKET", 2).await.faults()[0].1, "invalid_count");
        assert_eq!(spread(app, &root, "NONE", 2).await.problem().0, 404);
    });
}
