//! Reservations that expire, and late payments.

use std::time::Duration;

use super::{ADA, BO, ROOT, command, counts, offer, ordered, path, token};
use crate::harness::{App, test};

async fn sweep(app: &App) {
    app.platform.fire("OrdersSweeper").await;
}

#[test]
fn a_reservation_ends_after_fifteen_minutes_and_its_stock_is_back() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let orders = [ordered(app, &ada, "TEA", 1).await, ordered(app, &ada, "TEA", 2).await];
        app.advance(Duration::from_millis(15 * 60_000 - 1));
        sweep(app).await;
        let (ada, root) = (app.log_in(ADA).await, app.log_in(root["user"]["email"].as_str().unwrap()).await);
        assert_eq!(counts(app, &root, "TEA").await, (7, 3, 0));
        app.advance(Duration::from_millis(1));
        sweep(app).await;
        sweep(app).await;
        assert_eq!(counts(app, &root, "TEA").await, (10, 0, 0));
        for order in &orders {
            let order = app.get_as(token(&ada), &path(order)).await.json();
            assert_eq!(order["status"], "expired");
            assert_eq!(order["history"][0]["actor"], "system");
            let events = app.outbox(&format!("ORDER#{}", order["id"].as_str().unwrap()), "ORDER").await;
            assert_eq!((events[0]["type"].as_str(), events[0].get("actor")), (Some("order.expired"), None));
        }
    });
}

#[test]
fn a_late_payment_reserves_again_where_there_is_enough() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        app.administrator(ROOT).await;
        offer(app, 1, "TEA", 2).await;
        let (swept, unswept) = (ordered(app, &ada, "TEA", 1).await, {
            app.advance(Duration::from_secs(1));
            ordered(app, &ada, "TEA", 1).await
        });
        // The sweeper has expired only the first order.
        app.advance(Duration::from_secs(15 * 60 - 1));
        sweep(app).await;
        app.advance(Duration::from_secs(1));
        let root = app.log_in(ROOT).await;
        for order in [swept, unswept] {
            let reply = command(app, &root, &order, "confirm").await;
            assert_eq!(reply.json()["status"], "confirmed");
            let ways: Vec<_> = reply.json()["history"].as_array().unwrap().clone();
            let ways: Vec<_> = ways.iter().map(|step| step["to"].as_str().unwrap().to_owned()).collect();
            assert_eq!(ways, ["expired", "confirmed"]);
        }
        assert_eq!(counts(app, &root, "TEA").await, (0, 0, 2));
    });
}

#[test]
fn a_late_payment_without_available_stock_is_refused() {
    test(async |app| {
        let (ada, _) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 2).await;
        let late = ordered(app, &ada, "TEA", 2).await;
        app.advance(Duration::from_mins(15));
        sweep(app).await;
        let (bo, root) = (app.register_as(BO).await, app.log_in(ROOT).await);
        ordered(app, &bo, "TEA", 1).await;
        let reply = command(app, &root, &late, "confirm").await;
        assert_eq!(reply.problem(), (409, "insufficient_stock".to_owned()));
        assert_eq!(
            reply.json()["lines"],
            serde_json::json!([{ "sku": "TEA", "requested": 2, "available": 1 }])
        );
        assert_eq!(counts(app, &root, "TEA").await, (1, 1, 0));
    });
}

#[test]
fn an_order_confirmed_in_time_does_not_expire() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 2).await;
        let order = ordered(app, &ada, "TEA", 1).await;
        command(app, &root, &order, "confirm").await.granted();
        app.advance(Duration::from_hours(1));
        sweep(app).await;
        let root = app.log_in(ROOT).await;
        assert_eq!(counts(app, &root, "TEA").await, (1, 0, 1));
    });
}
