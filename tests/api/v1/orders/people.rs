//! Orders of blocked and deleted customers.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use http::Method;
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent,
        events::{UserDeleted, UserUpdated},
    },
    id::UserId,
    vocabulary::{Role, Status},
};

use super::{ADA, ROOT, call, command, counts, of, offer, order, ordered, path, token};
use crate::harness::test;

fn id(tokens: &Value) -> UserId {
    tokens["user"]["id"].as_str().unwrap().parse().unwrap()
}

fn with_status(user_id: UserId, status: Status) -> DomainEvent {
    let changed = vec!["status".to_owned()];
    DomainEvent::UserUpdated(UserUpdated {
        user_id,
        changed,
        role: Role::User.into(),
        status: status.into(),
        email_verified: true,
    })
}

#[test]
fn a_blocked_buyer_is_refused_whichever_event_comes_first() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        // Tokens stay valid for some minutes; the customer record decides.
        app.publish(with_status(id(&ada), Status::Blocked), 3).await;
        app.publish(with_status(id(&ada), Status::Active), 2).await;
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.problem(), (403, "buyer_blocked".to_owned()));
        app.publish(with_status(id(&ada), Status::Active), 4).await;
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.status, 201);
    });
}

#[test]
fn deleting_a_customer_cancels_open_orders_and_erases_personal_data() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let mut orders = Vec::new();
        for (key, verbs) in [("a", &[][..]), ("b", &["confirm"]), ("c", &["confirm", "fulfil"])] {
            let mut body = of("TEA", 1);
            body["shipping_address"] = json!({ "street": "1 Marker", "city": "London", "country": "GB" });
            body["note"] = "Ring twice.".into();
            let made = order(app, &ada, key, &body).await.json();
            for verb in verbs {
                command(app, &root, &made, verb).await.granted();
            }
            orders.push(made);
        }
        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        app.platform.settle().await;
        for (order, status) in orders.iter().zip(["cancelled", "cancelled", "fulfilled"]) {
            let order = app.get_as(token(&root), &path(order)).await.json();
            assert_eq!(order["status"], status);
            assert_eq!((&order["shipping_address"], &order["note"]), (&Value::Null, &Value::Null));
            // A fingerprint is a hash of the request, from which the content could be
            // guessed.
            let item = app.item(&format!("ORDER#{}", order["id"].as_str().unwrap()), "ORDER").await.unwrap();
            assert_eq!(item["fingerprint"].as_s().unwrap(), "");
        }
        assert_eq!(counts(app, &root, "TEA").await, (9, 0, 1));
        // A repeated event has no further effect.
        app.publish(DomainEvent::UserDeleted(UserDeleted { user_id: id(&ada) }), 9).await;
        assert_eq!(counts(app, &root, "TEA").await, (9, 0, 1));
    });
}

#[test]
fn an_order_missed_by_its_customers_deletion_is_erased_and_not_payable() {
    test(async |app| {
        let (ada, _) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        app.publish(with_status(id(&ada), Status::Active), 2).await;
        let mut body = of("TEA", 1);
        body["note"] = "Ring twice.".into();
        let [confirmed, expired] =
            [order(app, &ada, "a", &body).await.json(), order(app, &ada, "b", &body).await.json()];
        // As if the index had not shown the orders yet when the account was deleted.
        let mut buyer = app.item(&format!("BUYER#{}", id(&ada)), "BUYER").await.unwrap();
        buyer.insert("status".to_owned(), AttributeValue::S("deleted".to_owned()));
        let table = &app.platform.stack().table.name;
        app.dynamodb().put_item().table_name(table).set_item(Some(buyer)).send().await.unwrap();
        let root = app.log_in(ROOT).await;
        let refused = command(app, &root, &confirmed, "confirm").await;
        assert_eq!(refused.problem(), (409, "buyer_deleted".to_owned()));
        app.advance(Duration::from_mins(15));
        app.platform.fire("OrdersSweeper").await;
        let root = app.log_in(ROOT).await;
        for order in [confirmed, expired] {
            let order = app.get_as(token(&root), &path(&order)).await.json();
            assert_eq!((&order["status"], &order["note"]), (&json!("expired"), &Value::Null));
            let refused = command(app, &root, &order, "confirm").await;
            assert_eq!(refused.problem(), (409, "buyer_deleted".to_owned()));
        }
        assert_eq!(counts(app, &root, "TEA").await, (10, 0, 0));
    });
}

#[test]
fn deleting_a_customer_changes_the_version_of_expired_orders() {
    test(async |app| {
        let (ada, _) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let order = ordered(app, &ada, "TEA", 1).await;
        app.advance(Duration::from_mins(15));
        app.platform.fire("OrdersSweeper").await;
        let version = async || {
            let root = app.log_in(ROOT).await;
            let order = app.get_as(token(&root), &path(&order)).await.json();
            assert_eq!(order["status"], "expired");
            order["version"].as_u64().unwrap()
        };
        let before = version().await;
        let ada = app.log_in(ADA).await;
        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        app.platform.settle().await;
        assert_eq!(version().await, before + 1);
    });
}

#[test]
fn an_export_has_ones_orders() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        let made = ordered(app, &ada, "TEA", 1).await;
        let export = call(app, &ada, Method::POST, "/api/v1/users/me/export").send().await;
        app.platform.settle().await;
        let export = app.get_as(token(&ada), export.header("location")).await.json();
        assert_eq!(export["status"], "done");
        let parts = export["data"].as_array().unwrap();
        let part = parts.iter().find(|part| part["name"].as_str().unwrap().starts_with("orders.")).unwrap();
        assert_eq!(part["data"]["order"], made);
    });
}
