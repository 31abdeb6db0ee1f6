//! Limits of the reservations of an account, and the permission to order.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::join_all;
use http::{Method, Request};
use serde_json::{Value, json};
use shared::Environment;

use super::{
    ADA, BO, ORDERS, ROOT, call, command, counts, created, of, offer, order, ordered, path, product,
    races::{ask, slow},
    token,
};
use crate::harness::{App, Conflicts, client::Reply, test, test_of};

fn with_limits(orders: u32, quantity: u32) -> impl FnOnce(&mut Value) {
    move |template| {
        template["Parameters"]["ReservedOrders"]["Default"] = orders.into();
        template["Parameters"]["ReservedQuantity"]["Default"] = quantity.into();
    }
}

fn refused(reply: &Reply) -> Value {
    assert_eq!(reply.problem(), (409, "reservation_limit".to_owned()), "{}", reply.json());
    reply.json()
}

async fn change(app: &App, tokens: &Value, order: &Value, quantity: u32) -> Reply {
    call(app, tokens, Method::PATCH, &path(order)).json(&of("TEA", quantity)).send().await
}

/// Number of orders with reservations on the customer's item.
async fn holds(app: &App, order: &Value) -> usize {
    let buyer = app.item(&format!("BUYER#{}", order["user_id"].as_str().unwrap()), "BUYER").await.unwrap();
    buyer.get("held").map_or(0, |held| held.as_m().unwrap().len())
}

#[test]
fn an_account_holds_only_so_many_orders_until_one_ends() {
    test_of(with_limits(2, 100), async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let bo = app.register_as(BO).await;
        offer(app, 1, "TEA", 100).await;
        let mut made = Vec::new();
        for key in ["a", "b"] {
            made.push(order(app, &ada, key, &of("TEA", 1)).await.json());
        }
        let told = refused(&order(app, &ada, "c", &of("TEA", 1)).await);
        assert_eq!((&told["max_reserved_orders"], &told["lines"]), (&json!(2), &json!([])));
        assert_eq!(order(app, &bo, "c", &of("TEA", 1)).await.status, 201, "others order");
        // A repeated request is no order more.
        assert_eq!(order(app, &ada, "a", &of("TEA", 1)).await.status, 201);

        // Each end of a reservation makes room for another.
        command(app, &root, &made[0], "confirm").await.granted();
        made.push(order(app, &ada, "d", &of("TEA", 1)).await.json());
        refused(&order(app, &ada, "e", &of("TEA", 1)).await);
        command(app, &ada, &made[1], "cancel").await.granted();
        made.push(order(app, &ada, "f", &of("TEA", 1)).await.json());
        refused(&order(app, &ada, "e", &of("TEA", 1)).await);
        assert_eq!(app.delete_as(token(&ada), &path(&made[2])).await.status, 204);
        made.push(order(app, &ada, "g", &of("TEA", 1)).await.json());
        refused(&order(app, &ada, "e", &of("TEA", 1)).await);
        app.advance(Duration::from_mins(15));
        app.platform.fire("OrdersSweeper").await;
        let ada = app.log_in(ADA).await;
        for key in ["e", "h"] {
            assert_eq!(order(app, &ada, key, &of("TEA", 1)).await.status, 201);
        }
        refused(&order(app, &ada, "i", &of("TEA", 1)).await);
        assert_eq!(holds(app, &made[0]).await, 2);
    });
}

#[test]
fn an_account_holds_only_so_much_of_a_sku_in_all_its_orders() {
    test_of(with_limits(10, 5), async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("TEA", 100, Some(50)), ("CUP", 100, Some(50))])), 1).await;
        let first = ordered(app, &ada, "TEA", 3).await;
        let told = refused(&order(app, &ada, "more", &of("TEA", 3)).await);
        assert_eq!(told["lines"], json!([{ "sku": "TEA", "requested": 3, "reserved": 3, "limit": 5 }]));
        ordered(app, &ada, "CUP", 5).await;
        let second = ordered(app, &ada, "TEA", 2).await;
        assert_eq!(counts(app, &root, "TEA").await, (45, 5, 0));

        // A change counts as a new order does, whoever makes it.
        refused(&change(app, &ada, &first, 4).await);
        refused(&change(app, &root, &first, 4).await);
        assert_eq!(change(app, &ada, &first, 1).await.status, 200);
        assert_eq!(change(app, &root, &second, 4).await.status, 200);
        refused(&change(app, &ada, &first, 2).await);
        assert_eq!(counts(app, &root, "TEA").await, (45, 5, 0));
        command(app, &root, &second, "confirm").await.granted();
        assert_eq!(change(app, &ada, &first, 5).await.status, 200);
        assert_eq!(counts(app, &root, "TEA").await, (41, 5, 4));
    });
}

#[test]
fn orders_at_once_are_limited_like_those_one_after_the_other() {
    test_of(with_limits(3, 4), async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("TEA", 100, Some(50)), ("CUP", 100, Some(50))])), 1).await;
        let conflicts = Conflicts::default();
        let (one, other) = (slow(app, &conflicts).await, slow(app, &conflicts).await);
        for (sku, expected) in [("TEA", 2), ("CUP", 1)] {
            let buy = async |number: usize| {
                let orders = if number.is_multiple_of(2) { &one } else { &other };
                let request = Request::post(ORDERS).header("idempotency-key", format!("{sku}{number}"));
                ask(orders, &ada, request, &of(sku, 2)).await
            };
            // Two of a quantity of two are as much as four; then one order more is the third.
            let replies = join_all((0..8).map(buy)).await;
            let count = |status: u16| replies.iter().filter(|reply| **reply == status).count();
            assert_eq!((count(201), count(409)), (expected, 8 - expected), "{replies:?}");
        }
        assert!(conflicts.count() > 0);
        assert_eq!(counts(app, &root, "TEA").await, (46, 4, 0));
        assert_eq!(counts(app, &root, "CUP").await, (48, 2, 0));
    });
}

#[test]
fn limits_that_were_lowered_let_an_order_shrink() {
    test_of(with_limits(1, 5), async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 50).await;
        let made = ordered(app, &ada, "TEA", 5).await;
        let mut variables = app.platform.stack().functions["OrdersApi"].variables.clone();
        variables.insert("RESERVED_QUANTITY".to_owned(), "2".to_owned());
        let environment =
            Environment { variables: variables.into_iter().collect(), ..app.environment("OrdersApi") };
        let lowered = orders::api(environment).await.unwrap();
        let patch = |quantity: u32| {
            let request = Request::patch(path(&made));
            let (lowered, ada) = (&lowered, &ada);
            async move { ask(lowered, ada, request, &of("TEA", quantity)).await }
        };
        assert_eq!(patch(6).await, 409);
        assert_eq!(patch(4).await, 200);
        assert_eq!(patch(5).await, 409);
    });
}

#[test]
fn a_hold_whose_order_ended_without_a_trace_counts_no_more_after_an_hour() {
    test_of(with_limits(1, 100), async |app| {
        let (ada, _) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 50).await;
        let made = ordered(app, &ada, "TEA", 1).await;
        // As an earlier release ends it, which does not know of holds.
        let mut item = app.item(&format!("ORDER#{}", made["id"].as_str().unwrap()), "ORDER").await.unwrap();
        let AttributeValue::M(card) = item.get_mut("card").unwrap() else { panic!("a card") };
        card.insert("status".to_owned(), AttributeValue::S("expired".to_owned()));
        item.remove("gsi3pk");
        item.remove("gsi3sk");
        item.remove("events");
        let table = &app.platform.stack().table.name;
        app.dynamodb().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
        app.advance(Duration::from_mins(16));
        let ada = app.log_in(ADA).await;
        refused(&order(app, &ada, "k", &of("TEA", 1)).await);
        app.advance(Duration::from_hours(1));
        let ada = app.log_in(ADA).await;
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.status, 201);
        assert_eq!(holds(app, &made).await, 1);
    });
}

#[test]
fn customers_are_told_no_more_of_a_stock_than_that_it_is_low() {
    test_of(with_limits(10, 1000), async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 40).await;
        for (tokens, available) in [(&ada, 5), (&root, 40)] {
            let reply = order(app, tokens, "k", &of("TEA", 41)).await;
            assert_eq!(reply.problem(), (409, "insufficient_stock".to_owned()));
            let line = json!([{ "sku": "TEA", "requested": 41, "available": available }]);
            assert_eq!(reply.json()["lines"], line);
        }
        let made = ordered(app, &ada, "TEA", 10).await;
        let reply = change(app, &ada, &made, 50).await;
        assert_eq!(reply.json()["lines"][0]["available"], 15, "what the order holds, and five");
        assert_eq!(change(app, &root, &made, 50).await.json()["lines"][0]["available"], 40);
    });
}

fn wanting_confirmed_addresses(template: &mut Value) {
    let variables = &mut template["Resources"]["OrdersApi"]["Properties"]["Environment"]["Variables"];
    variables["REQUIRE_CONFIRMED_EMAIL"] = "true".into();
}

#[test]
fn orders_require_a_confirmed_address_where_configured() {
    test_of(wanting_confirmed_addresses, async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        let refused = order(app, &ada, "k", &of("TEA", 1)).await;
        assert_eq!(refused.problem(), (403, "email_not_confirmed".to_owned()));
        let link = app.mailed_token(ADA).await;
        let confirm = call(app, &ada, Method::POST, "/api/v1/auth/email-verification-confirm");
        assert_eq!(confirm.json(&json!({ "token": link })).send().await.status, 204);
        app.platform.settle().await;
        // The same session and the same key.
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.status, 201);
    });
}

#[test]
fn unknown_accounts_cannot_order_and_earlier_ones_can() {
    test_of(wanting_confirmed_addresses, async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        let pk = format!("BUYER#{}", ada["user"]["id"].as_str().unwrap());
        let mut buyer = app.item(&pk, "BUYER").await.unwrap();
        let table = &app.platform.stack().table.name;
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let gone =
            app.dynamodb().delete_item().table_name(table).key("pk", text(&pk)).key("sk", text("BUYER"));
        gone.send().await.unwrap();
        let refused = order(app, &ada, "k", &of("TEA", 1)).await;
        assert_eq!(refused.problem(), (403, "email_not_confirmed".to_owned()));
        assert!(buyer.remove("email_verified").is_some());
        app.dynamodb().put_item().table_name(table).set_item(Some(buyer)).send().await.unwrap();
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.status, 201);
    });
}

#[test]
fn addresses_need_no_confirmation_where_it_is_not_required() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.status, 201);
    });
}

#[test]
fn events_of_an_account_leave_what_its_orders_hold() {
    test_of(with_limits(1, 100), async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        let made = ordered(app, &ada, "TEA", 1).await;
        let patch = call(app, &ada, Method::PATCH, "/api/v1/users/me");
        assert_eq!(patch.json(&json!({ "name": "Ada Marker" })).send().await.status, 200);
        app.platform.settle().await;
        assert_eq!(holds(app, &made).await, 1);
        refused(&order(app, &ada, "k", &of("TEA", 1)).await);
    });
}
