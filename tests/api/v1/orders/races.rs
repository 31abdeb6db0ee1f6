//! Concurrent orders.

use std::time::Duration;

use axum::body::Body;
use futures::{StreamExt as _, future::join_all, stream};
use http::{Request, request::Builder};
use serde_json::{Value, json};
use shared::{http::Service, lambda::Invocation, telemetry::Log};

use super::{ADA, ORDERS, ROOT, STOCK, command, counts, of, offer, order, ordered, token};
use crate::harness::{App, Conflicts, losing_an_answer, test, test_of, with_cheap_passwords};

/// A stack on which many may register.
pub fn of_many(template: &mut serde_json::Value) {
    with_cheap_passwords(template);
    template["Parameters"]["RegistrationsPerHour"]["Default"] = 50.into();
}

/// Some buyers: one alone may not hold as much as these tests sell.
pub async fn buyers(app: &App, count: usize) -> Vec<Value> {
    let mut buyers = Vec::new();
    for number in 0..count {
        buyers.push(app.register_as(&format!("buyer-marker.{number}@example.com")).await);
    }
    buyers
}

#[test]
fn of_200_orders_of_one_of_50_units_50_succeed() {
    test_of(of_many, async |app| {
        let (buyers, root) = (buyers(app, 40).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 50).await;
        let attempts = (0..200).map(|number| {
            let buyer = &buyers[number % buyers.len()];
            async move { order(app, buyer, &format!("k{number}"), &of("TEA", 1)).await }
        });
        // Some at a time: each has ten seconds.
        let replies: Vec<_> = stream::iter(attempts).buffer_unordered(40).collect().await;
        let count = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((count(201), count(409)), (50, 150));
        for refused in replies.iter().filter(|reply| reply.status == 409) {
            assert_eq!(refused.problem().1, "insufficient_stock");
        }
        assert_eq!(counts(app, &root, "TEA").await, (0, 50, 0));
    });
}

#[test]
fn one_key_sent_twice_at_once_is_one_order() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 50).await;
        let body = of("TEA", 1);
        let replies = join_all((0..10).map(|_| order(app, &ada, "k", &body))).await;
        let ids: std::collections::BTreeSet<_> =
            replies.iter().map(|reply| reply.json()["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!((ids.len(), counts(app, &root, "TEA").await), (1, (49, 1, 0)));
        let first = replies.iter().filter(|reply| reply.header("idempotent-replayed").is_empty()).count();
        assert_eq!(first, 1);
    });
}

#[test]
fn of_concurrent_commands_one_wins_and_stock_moves_once() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let made = ordered(app, &ada, "TEA", 1).await;
        let verbs = ["confirm", "confirm", "refund", "fulfil"];
        join_all(verbs.map(|verb| command(app, &root, &made, verb))).await;
        let now = app.get_as(token(&ada), &super::path(&made)).await.json();
        let (available, reserved, sold) = counts(app, &root, "TEA").await;
        let expected = match now["status"].as_str().unwrap() {
            "confirmed" | "fulfilled" => (9, 0, 1),
            "refunded" => (10, 0, 0),
            other => panic!("{other}"),
        };
        assert_eq!((available, reserved, sold), expected, "{now}");
    });
}

#[test]
fn conflicting_orders_are_retried_until_all_units_are_sold() {
    test_of(of_many, async |app| {
        let (buyers, root) = (buyers(app, 40).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 20).await;
        let conflicts = Conflicts::default();
        let orders = slow(app, &conflicts).await;
        let attempts = (0..40).map(|number| buy(&orders, &buyers[number % buyers.len()], number, 1));
        let replies = join_all(attempts).await;
        let count = |status: u16| replies.iter().filter(|reply| **reply == status).count();
        assert_eq!((count(201), count(409)), (20, 20));
        assert!(conflicts.count() > 20, "{} conflicts", conflicts.count());
        assert_eq!(counts(app, &root, "TEA").await, (0, 20, 0));
    });
}

#[test]
fn two_orders_that_together_leave_low_stock_list_it() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 12).await;
        let orders = slow(app, &Conflicts::default()).await;
        // Each order alone would leave six, and five are low stock.
        let bought = join_all([1, 2].map(|number| buy(&orders, &ada, number, 6))).await;
        assert_eq!(bought, [201, 201]);
        let low = app.get_as(token(&root), STOCK).await.json();
        assert_eq!((&low["data"][0]["sku"], &low["data"][0]["available"]), (&json!("TEA"), &json!(0)));
    });
}

/// Makes an instance whose calls to the table take time and conflict, without
/// budgets.
pub async fn slow(app: &App, conflicts: &Conflicts) -> Service {
    let mut environment = app.environment("OrdersApi");
    let connection = conflicts.on(app.platform.cloud().http_client(), Duration::from_millis(2));
    environment.aws = environment.aws.into_builder().http_client(connection).build();
    // No log lines: budgets assume typical items and no concurrent writers.
    environment.log = Log::from_fn(|_| {});
    orders::api(environment).await.unwrap()
}

async fn buy(orders: &Service, tokens: &Value, number: usize, quantity: u32) -> u16 {
    let request = Request::post(ORDERS).header("idempotency-key", format!("k{number}"));
    ask(orders, tokens, request, &of("TEA", quantity)).await
}

/// The status of an instance's reply.
pub async fn ask(orders: &Service, tokens: &Value, request: Builder, body: &Value) -> u16 {
    let request = request
        .header("authorization", format!("Bearer {}", token(tokens)))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    let deadline = tokio::time::Instant::now() + Duration::from_mins(5);
    orders.call(request.unwrap(), Invocation { deadline, client_address: None }).await.status().as_u16()
}

#[test]
fn a_transition_whose_answer_got_lost_is_not_refused() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 12).await;
        let made = ordered(app, &ada, "TEA", 1).await;
        assert_eq!(command(app, &root, &made, "confirm").await.status, 200);
        let mut environment = app.environment("OrdersApi");
        let connection = losing_an_answer(app.platform.cloud().http_client(), ".PutItem");
        environment.aws = environment.aws.into_builder().http_client(connection).build();
        let orders = orders::api(environment).await.unwrap();
        let request = Request::post(format!("{}/fulfil", super::path(&made)))
            .header("authorization", format!("Bearer {}", token(&root)))
            .body(Body::empty());
        let deadline = tokio::time::Instant::now() + Duration::from_mins(5);
        let reply = orders.call(request.unwrap(), Invocation { deadline, client_address: None }).await;
        assert_eq!(reply.status(), 200);
        let now = app.get_as(token(&root), &super::path(&made)).await.json();
        assert_eq!((&now["status"], &now["version"]), (&json!("fulfilled"), &json!(3)));
    });
}
