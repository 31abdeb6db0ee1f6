//! `PUT` and `PATCH /api/v1/orders/{order_id}`

use http::Method;
use serde_json::{Value, json};

use super::{ADA, ROOT, call, command, counts, created, euros, of, order, path, product, updated};
use crate::harness::{App, client::Reply, test};

async fn change(app: &App, tokens: &Value, method: Method, order: &Value, body: Value) -> Reply {
    call(app, tokens, method, &path(order)).json(&body).send().await
}

#[test]
fn the_difference_is_reserved_or_given_back() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("A", 100, Some(10)), ("B", 100, Some(10))])), 1).await;
        let made = order(app, &ada, "k", &of("A", 4)).await.json();
        let reply = change(app, &ada, Method::PATCH, &made, of("A", 6)).await;
        assert_eq!((reply.status, reply.header("etag")), (200, "\"2\""), "{}", reply.json());
        assert_eq!(
            (reply.json()["total"].clone(), counts(app, &root, "A").await),
            (json!(euros(600)), (4, 6, 0))
        );
        let reply = change(app, &ada, Method::PATCH, &made, of("B", 2)).await;
        assert_eq!(reply.json()["total"], json!(euros(200)));
        assert_eq!(counts(app, &root, "A").await, (10, 0, 0));
        assert_eq!(counts(app, &root, "B").await, (8, 2, 0));
        let reply = change(app, &ada, Method::PATCH, &made, of("B", 11)).await;
        assert_eq!(reply.problem(), (409, "insufficient_stock".to_owned()));
        assert_eq!(counts(app, &root, "B").await, (8, 2, 0));
    });
}

#[test]
fn only_additional_units_have_the_new_price() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        app.publish(created(product(1, &[("A", 100, Some(10))])), 1).await;
        let made = order(app, &ada, "k", &of("A", 4)).await.json();
        app.publish(updated(product(1, &[("A", 150, Some(10))])), 2).await;
        let fewer = change(app, &ada, Method::PATCH, &made, of("A", 3)).await.json();
        assert_eq!(fewer["total"], json!(euros(300)));
        let more = change(app, &ada, Method::PATCH, &made, of("A", 4)).await.json();
        assert_eq!(more["total"], json!(euros(600)));
    });
}

#[test]
fn an_unexpected_price_of_a_kept_line_is_reported_too() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        app.publish(created(product(1, &[("A", 100, Some(5))])), 1).await;
        let made = order(app, &ada, "k", &of("A", 2)).await.json();
        let mut body = of("A", 2);
        body["lines"][0]["expected_unit_price"] = json!(euros(90));
        let reply = change(app, &ada, Method::PATCH, &made, body).await;
        assert_eq!(reply.problem(), (409, "price_changed".to_owned()));
        let reply = change(app, &ada, Method::PATCH, &made, of("A", 9)).await;
        assert_eq!(reply.json()["lines"], json!([{ "sku": "A", "requested": 9, "available": 5 }]));
    });
}

#[test]
fn a_patch_merges_and_a_put_replaces() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        app.publish(created(product(1, &[("A", 100, Some(10))])), 1).await;
        let mut body = of("A", 1);
        body["shipping_address"] = json!({ "street": "1 Marker Street", "city": "London", "country": "GB" });
        body["note"] = "Ring twice.".into();
        let made = order(app, &ada, "k", &body).await.json();
        let patch = json!({ "shipping_address": { "city": "Leeds", "postal_code": "LS1" }, "note": null });
        let patched = change(app, &ada, Method::PATCH, &made, patch).await.json();
        assert_eq!(patched["shipping_address"]["street"], "1 Marker Street");
        assert_eq!(patched["shipping_address"]["city"], "Leeds");
        assert_eq!((&patched["note"], &patched["lines"]), (&Value::Null, &made["lines"]));
        let put = change(app, &ada, Method::PUT, &made, of("A", 1)).await.json();
        assert_eq!(put["shipping_address"], Value::Null);
        let faults = change(app, &ada, Method::PUT, &made, json!({ "note": 5 })).await.faults();
        let expected = [("/lines", "required"), ("/note", "wrong_type")];
        assert_eq!(faults, expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
    });
}

#[test]
fn only_a_reserved_order_changes_and_only_the_version_that_was_read() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("A", 100, Some(10))])), 1).await;
        let made = order(app, &ada, "k", &of("A", 1)).await.json();
        let stale = call(app, &ada, Method::PATCH, &path(&made)).header("if-match", "\"7\"");
        assert_eq!(stale.json(&of("A", 2)).send().await.problem(), (412, "stale_version".to_owned()));
        command(app, &root, &made, "confirm").await.granted();
        let reply = change(app, &ada, Method::PATCH, &made, of("A", 2)).await;
        assert_eq!(reply.problem(), (409, "order_not_reserved".to_owned()));
        assert_eq!(counts(app, &root, "A").await, (9, 0, 1));
    });
}

#[test]
fn an_expired_order_cannot_be_changed() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        app.publish(created(product(1, &[("A", 100, Some(10))])), 1).await;
        let made = order(app, &ada, "k", &of("A", 1)).await.json();
        app.advance(std::time::Duration::from_mins(15));
        let ada = app.log_in(ADA).await;
        let reply = change(app, &ada, Method::PATCH, &made, of("A", 2)).await;
        assert_eq!(reply.problem(), (409, "order_not_reserved".to_owned()));
    });
}
