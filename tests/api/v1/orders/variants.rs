//! Stock belongs to a variant, independently of its SKU.

use std::time::Duration;

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use super::{
    ADA, ROOT, STOCK, adjust, call, command, counts, of, order, ordered, path,
    races::{buyers, of_many},
    token,
};
use crate::harness::{App, client::Reply, test, test_of};

const PRODUCTS: &str = "/api/v1/products";

/// Creates a product for sale, and returns it once all consumers know it.
async fn sell(app: &App, root: &Value, mut body: Value) -> Value {
    body["title"] = "Earl Grey".into();
    body["price"] = json!({ "amount": 1000, "currency": "EUR" });
    let made = app.post_as(token(root), PRODUCTS, body).await;
    assert_eq!(made.status, 201, "{}", made.json());
    app.platform.settle().await;
    made.json()
}

/// Changes a product, and returns it once all consumers know it.
async fn change(app: &App, root: &Value, product: &Value, body: Value) -> Value {
    let path = format!("{PRODUCTS}/{}", product["id"].as_str().unwrap());
    let changed = call(app, root, Method::PATCH, &path).json(&body).send().await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    app.platform.settle().await;
    changed.json()
}

async fn delete(app: &App, root: &Value, product: &Value) {
    let path = format!("{PRODUCTS}/{}", product["id"].as_str().unwrap());
    assert_eq!(app.delete_as(token(root), &path).await.status, 204);
    app.platform.settle().await;
}

async fn stock(app: &App, root: &Value, sku: &str) -> Reply {
    app.get_as(token(root), &format!("{STOCK}/{sku}")).await
}

async fn low(app: &App, root: &Value) -> Vec<String> {
    let page = app.get_as(token(root), STOCK).await.json();
    page["data"].as_array().unwrap().iter().map(|it| it["sku"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_renamed_sku_keeps_its_stock() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let tea = sell(app, &root, json!({ "sku": "OLD", "initial_stock": 5 })).await;
        let sold = ordered(app, &ada, "OLD", 3).await;
        command(app, &root, &sold, "confirm").await.granted();
        let held = ordered(app, &ada, "OLD", 1).await;
        adjust(app, &root, "OLD", "k", 10).await.granted();
        change(app, &root, &tea, json!({ "sku": "NEW" })).await;
        assert_eq!(counts(app, &root, "NEW").await, (11, 1, 3));
        assert_eq!(stock(app, &root, "OLD").await.problem().0, 404);
        assert_eq!(order(app, &ada, "old", &of("OLD", 1)).await.faults()[0].1, "not_for_sale");
        command(app, &ada, &held, "cancel").await.granted();
        command(app, &root, &sold, "refund").await.granted();
        assert_eq!(counts(app, &root, "NEW").await, (15, 0, 0));
        let ledger = app.get_as(token(&root), &format!("{STOCK}/NEW/adjustments")).await.json();
        assert_eq!(ledger["data"][0]["change"], 10);
        let refused = order(app, &ada, "new", &of("NEW", 16)).await;
        assert_eq!(refused.problem(), (409, "insufficient_stock".to_owned()));
    });
}

#[test]
fn a_sku_that_is_free_again_starts_clean() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let first = sell(app, &root, json!({ "sku": "TEA", "initial_stock": 5 })).await;
        ordered(app, &ada, "TEA", 2).await;
        delete(app, &root, &first).await;
        let second = sell(app, &root, json!({ "sku": "tea", "initial_stock": 40 })).await;
        assert_eq!(counts(app, &root, "TEA").await, (40, 0, 0));
        change(app, &root, &second, json!({ "sku": "COFFEE" })).await;
        sell(app, &root, json!({ "sku": "TEA", "initial_stock": 7 })).await;
        assert_eq!(counts(app, &root, "TEA").await, (7, 0, 0));
        assert_eq!(counts(app, &root, "COFFEE").await, (40, 0, 0));
        ordered(app, &ada, "COFFEE", 1).await;
        assert_eq!(counts(app, &root, "TEA").await, (7, 0, 0));
    });
}

#[test]
fn skus_are_found_in_any_case() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        sell(app, &root, json!({ "sku": "Tea-1", "initial_stock": 9 })).await;
        let lines =
            json!({ "lines": [{ "sku": "TEA-1", "quantity": 2 }, { "sku": "tea-1", "quantity": 1 }] });
        let made = order(app, &ada, "k", &lines).await;
        assert_eq!(made.status, 201, "{}", made.json());
        assert_eq!(
            (&made.json()["lines"][0]["sku"], &made.json()["lines"][0]["quantity"]),
            (&json!("Tea-1"), &json!(3))
        );
        assert_eq!(counts(app, &root, "tEA-1").await, (6, 3, 0));
        assert_eq!(adjust(app, &root, "TEA-1", "k", 1).await.json()["sku"], "Tea-1");
    });
}

/// A variant is identified by its id, or by its options.
#[test]
fn a_variant_keeps_its_stock_when_its_sku_is_corrected() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let small = json!({ "sku": "S", "attributes": { "size": "s" }, "initial_stock": 10 });
        let large = json!({ "sku": "L", "attributes": { "size": "l" }, "initial_stock": 20 });
        let tea = sell(app, &root, json!({ "variants": [small, large] })).await;
        ordered(app, &ada, "S", 4).await;
        let id = &tea["variants"][0]["id"];
        let by_id = json!([{ "id": id, "sku": "S-2", "attributes": { "size": "xs" } }, { "sku": "L" }]);
        let renamed = change(app, &root, &tea, json!({ "variants": by_id })).await;
        assert_eq!(
            (&renamed["variants"][0]["id"], &renamed["variants"][0]["initial_stock"]),
            (id, &json!(10))
        );
        assert_eq!(counts(app, &root, "S-2").await, (6, 4, 0));
        let alike = json!([{ "sku": "S-3", "attributes": { "size": "xs" } }, { "sku": "L" }]);
        let renamed = change(app, &root, &tea, json!({ "variants": alike })).await;
        assert_eq!(&renamed["variants"][0]["id"], id);
        assert_eq!(counts(app, &root, "S-3").await, (6, 4, 0));
        let swapped = json!([{ "id": id, "sku": "L" }, { "id": renamed["variants"][1]["id"], "sku": "S-3" }]);
        change(app, &root, &tea, json!({ "variants": swapped })).await;
        assert_eq!((counts(app, &root, "L").await, counts(app, &root, "S-3").await), ((6, 4, 0), (20, 0, 0)));
        // A variant without options replaces the only other one without options.
        let bare = sell(app, &root, json!({ "variants": [{ "sku": "B", "initial_stock": 5 }] })).await;
        ordered(app, &ada, "B", 3).await;
        let other = json!([{ "sku": "B-2", "initial_stock": 5 }]);
        let renamed = change(app, &root, &bare, json!({ "variants": other })).await;
        assert_eq!(renamed["variants"][0]["id"], bare["variants"][0]["id"]);
        assert_eq!(counts(app, &root, "B-2").await, (2, 3, 0));
        let two = json!([{ "sku": "B-3", "initial_stock": 5 }, { "sku": "B-4", "initial_stock": 6 }]);
        change(app, &root, &bare, json!({ "variants": two })).await;
        assert_eq!(
            (counts(app, &root, "B-3").await, counts(app, &root, "B-4").await),
            ((5, 0, 0), (6, 0, 0)),
            "either may be the old one: both are new"
        );
        let path = format!("{PRODUCTS}/{}", tea["id"].as_str().unwrap());
        for (variants, fault) in [
            (json!([{ "id": "var_x", "sku": "X" }]), ("/variants/0/id", "unknown_variant")),
            (json!([{ "id": id, "sku": "X" }, { "id": id, "sku": "Y" }]), ("/variants/1/id", "duplicate")),
        ] {
            let body = json!({ "variants": variants });
            let refused = call(app, &root, Method::PATCH, &path).json(&body).send().await;
            assert_eq!(refused.faults(), [(fault.0.to_owned(), fault.1.to_owned())]);
        }
    });
}

#[test]
fn a_product_that_gets_variants_keeps_the_stock_of_its_sku() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let tea = sell(app, &root, json!({ "sku": "TEA", "initial_stock": 10 })).await;
        ordered(app, &ada, "TEA", 4).await;
        let variants = json!([{ "sku": "TEA" }, { "sku": "TEA-2", "initial_stock": 1 }]);
        change(app, &root, &tea, json!({ "variants": variants, "initial_stock": null })).await;
        assert_eq!(
            (counts(app, &root, "TEA").await, counts(app, &root, "TEA-2").await),
            ((6, 4, 0), (1, 0, 0))
        );
        change(app, &root, &tea, json!({ "variants": [{ "sku": "TEA-2" }] })).await;
        assert_eq!(stock(app, &root, "TEA").await.json()["status"], "closed");
        change(app, &root, &tea, json!({ "variants": [] })).await;
        assert_eq!(stock(app, &root, "TEA").await.json()["status"], "open");
    });
}

#[test]
fn a_rename_among_many_orders_sells_nothing_twice() {
    test_of(of_many, async |app| {
        let (buyers, root) = (buyers(app, 20).await, app.administrator(ROOT).await);
        let tea = sell(app, &root, json!({ "sku": "OLD", "initial_stock": 20 })).await;
        let buyer = |number: usize| &buyers[number % buyers.len()];
        let attempts = (0..60).map(|number| {
            let (buyer, sku) = (buyer(number), if number % 2 == 0 { "OLD" } else { "NEW" });
            async move { order(app, buyer, &format!("k{number}"), &of(sku, 1)).await }
        });
        let path = format!("{PRODUCTS}/{}", tea["id"].as_str().unwrap());
        let rename = async {
            let body = json!({ "sku": "NEW" });
            call(app, &root, Method::PATCH, &path).json(&body).send().await.granted();
            app.platform.settle().await;
        };
        let (replies, ()) = futures::join!(join_all(attempts), rename);
        let mut placed = replies.iter().filter(|reply| reply.status == 201).count();
        for number in 0..30 {
            let after = order(app, buyer(number), &format!("after{number}"), &of("NEW", 1)).await;
            placed += usize::from(after.status == 201);
        }
        assert_eq!(placed, 20);
        assert_eq!(counts(app, &root, "NEW").await, (0, 20, 0));
    });
}

#[test]
fn an_order_is_changed_by_the_sku_that_its_variant_has_now() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let tea = sell(app, &root, json!({ "sku": "OLD", "initial_stock": 10 })).await;
        let made = ordered(app, &ada, "OLD", 2).await;
        change(app, &root, &tea, json!({ "sku": "NEW" })).await;
        sell(app, &root, json!({ "sku": "OLD", "initial_stock": 50 })).await;
        let lines = async |lines: Value| {
            let body = json!({ "lines": lines });
            call(app, &ada, Method::PATCH, &path(&made)).json(&body).send().await
        };
        let more = lines(json!([{ "sku": "NEW", "quantity": 5 }])).await;
        assert_eq!(more.status, 200, "{}", more.json());
        assert_eq!(
            (counts(app, &root, "NEW").await, counts(app, &root, "OLD").await),
            ((5, 5, 0), (50, 0, 0))
        );
        let both = lines(json!([{ "sku": "NEW", "quantity": 1 }, { "sku": "OLD", "quantity": 1 }])).await;
        assert_eq!(both.status, 200, "{}", both.json());
        assert_eq!(
            (counts(app, &root, "NEW").await, counts(app, &root, "OLD").await),
            ((9, 1, 0), (49, 1, 0))
        );
    });
}

#[test]
fn a_line_of_a_former_sku_is_not_that_of_its_new_owner() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let tea = sell(app, &root, json!({ "sku": "OLD", "initial_stock": 10 })).await;
        let made = ordered(app, &ada, "OLD", 2).await;
        change(app, &root, &tea, json!({ "sku": "NEW" })).await;
        sell(app, &root, json!({ "sku": "OLD", "initial_stock": 50 })).await;
        let lines = async |lines: Value| {
            let body = json!({ "lines": lines });
            call(app, &ada, Method::PATCH, &path(&made)).json(&body).send().await
        };
        assert_eq!(lines(json!([{ "sku": "OLD", "quantity": 3 }])).await.faults()[0].1, "not_for_sale");
        let same = json!([{ "sku": "OLD", "quantity": 1 }, { "sku": "NEW", "quantity": 1 }]);
        assert_eq!(lines(same).await.faults()[0].1, "not_for_sale");
        assert_eq!(lines(json!([{ "sku": "OLD", "quantity": 1 }])).await.status, 200);
        assert_eq!(
            (counts(app, &root, "NEW").await, counts(app, &root, "OLD").await),
            ((9, 1, 0), (50, 0, 0))
        );
    });
}

#[test]
fn a_late_payment_takes_the_stock_of_the_renamed_sku() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let tea = sell(app, &root, json!({ "sku": "OLD", "initial_stock": 10 })).await;
        let made = ordered(app, &ada, "OLD", 2).await;
        app.advance(Duration::from_mins(15));
        app.platform.fire("OrdersSweeper").await;
        let root = app.log_in(ROOT).await;
        change(app, &root, &tea, json!({ "sku": "NEW" })).await;
        assert_eq!(command(app, &root, &made, "confirm").await.status, 200);
        assert_eq!(counts(app, &root, "NEW").await, (8, 0, 2));
    });
}

#[test]
fn a_stale_version_of_a_stock_changes_nothing() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        sell(app, &root, json!({ "sku": "TEA", "initial_stock": 10 })).await;
        let etag = async || stock(app, &root, "TEA").await.header("etag").to_owned();
        let adjust = async |key: &str, etag: &str| {
            let call = call(app, &root, Method::POST, &format!("{STOCK}/TEA")).header("if-match", etag);
            let body = json!({ "change": 1, "reason": "Counted" });
            call.header("idempotency-key", key).json(&body).send().await
        };
        let spread = async |etag: &str, count: u8| {
            let call = call(app, &root, Method::PUT, &format!("{STOCK}/TEA/buckets"));
            call.header("if-match", etag).json(&json!({ "count": count })).send().await
        };
        let stale = (412, "stale_version".to_owned());
        assert_eq!(adjust("k", "\"999\"").await.problem(), stale);
        assert_eq!(spread("\"999\"", 2).await.problem(), stale);
        let first = etag().await;
        let adjusted = adjust("k", &first).await;
        assert_eq!((adjusted.status, adjusted.header("etag").to_owned()), (200, etag().await));
        assert_eq!(adjust("k", &first).await.header("idempotent-replayed"), "true");
        assert_eq!(adjust("k2", &first).await.problem(), stale);
        let second = etag().await;
        assert_ne!(first, second);
        let spread_out = spread(&second, 2).await;
        assert_eq!((spread_out.status, spread_out.header("etag").to_owned()), (200, etag().await));
        assert_eq!(spread(&second, 3).await.problem(), stale);
        // An order takes a part of the stock and changes its version, too.
        let third = etag().await;
        ordered(app, &ada, "TEA", 1).await;
        assert_eq!(adjust("k3", &third).await.problem(), stale);
        assert_eq!(adjust("k3", &etag().await).await.status, 200);
        assert_eq!(stock(app, &root, "TEA").await.json()["available"], 11);
        let known =
            call(app, &root, Method::GET, &format!("{STOCK}/TEA")).header("if-none-match", &etag().await);
        assert_eq!(known.send().await.status, 304);
    });
}

#[test]
fn a_product_not_for_sale_is_not_low_stock() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let tea = sell(app, &root, json!({ "sku": "TEA", "initial_stock": 3 })).await;
        let coffee = sell(app, &root, json!({ "sku": "COFFEE", "initial_stock": 9 })).await;
        sell(app, &root, json!({ "sku": "DRAFT", "status": "draft" })).await;
        assert_eq!(low(app, &root).await, ["TEA"]);
        ordered(app, &ada, "COFFEE", 5).await;
        assert_eq!(low(app, &root).await, ["COFFEE", "TEA"]);
        change(app, &root, &coffee, json!({ "sku": "MOCHA" })).await;
        assert_eq!(low(app, &root).await, ["MOCHA", "TEA"]);
        change(app, &root, &coffee, json!({ "status": "archived" })).await;
        adjust(app, &root, "MOCHA", "k", -1).await.granted();
        assert_eq!(low(app, &root).await, ["TEA"]);
        delete(app, &root, &tea).await;
        assert!(low(app, &root).await.is_empty());
        change(app, &root, &coffee, json!({ "status": "active" })).await;
        assert_eq!(low(app, &root).await, ["MOCHA"]);
    });
}
