//! Many at once.

use std::time::Duration;

use axum::body::Body;
use futures::future::join_all;
use http::Request;
use serde_json::Value;
use shared::{lambda::Invocation, telemetry::Log};

use super::{ADA, ORDERS, ROOT, command, counts, of, offer, order, ordered, token};
use crate::harness::{App, Conflicts, client::Reply, test};

#[test]
fn of_200_who_want_one_of_50_units_50_get_one() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 50).await;
        let attempts = (0..200).map(|number| {
            let ada = &ada;
            async move { insist(app, ada, &format!("k{number}"), "TEA").await }
        });
        let replies = join_all(attempts).await;
        let count = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((count(201), count(409)), (50, 150));
        for refused in replies.iter().filter(|reply| reply.status == 409) {
            assert_eq!(refused.problem().1, "insufficient_stock");
        }
        assert_eq!(counts(app, &root, "TEA").await, (0, 50, 0));
    });
}

/// Orders one, and asks again with the same key as long as the table is too busy.
pub async fn insist(app: &App, tokens: &Value, key: &str, sku: &str) -> Reply {
    loop {
        let reply = order(app, tokens, key, &of(sku, 1)).await;
        if reply.status != 503 {
            return reply;
        }
    }
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
fn of_commands_at_once_one_wins_and_the_stock_moves_once() {
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
fn writes_that_meet_are_tried_again_until_all_are_sold() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 20).await;
        let conflicts = Conflicts::default();
        let mut environment = app.environment("OrdersApi");
        let connection = conflicts.on(app.platform.cloud().http_client(), Duration::from_millis(2));
        environment.aws = environment.aws.into_builder().http_client(connection).build();
        // Budgets are of those whom nobody meets.
        environment.log = Log::from_fn(|_| {});
        let orders = orders::api(environment).await.unwrap();
        let attempts = (0..40).map(|number| {
            let request = Request::post(ORDERS)
                .header("authorization", format!("Bearer {}", token(&ada)))
                .header("content-type", "application/json")
                .header("idempotency-key", format!("k{number}"))
                .body(Body::from(of("TEA", 1).to_string()));
            let deadline = tokio::time::Instant::now() + Duration::from_mins(5);
            orders.call(request.unwrap(), Invocation { deadline, client_address: None })
        });
        let replies = join_all(attempts).await;
        let count = |status: u16| replies.iter().filter(|reply| reply.status() == status).count();
        assert_eq!((count(201), count(409)), (20, 20));
        assert!(conflicts.count() > 20, "{} conflicts", conflicts.count());
        assert_eq!(counts(app, &root, "TEA").await, (0, 20, 0));
    });
}
