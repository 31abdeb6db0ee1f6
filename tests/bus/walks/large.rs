//! A list of a size that only the nightly tests walk.

use std::time::Duration;

use http::Method;
use tokio::time::Instant;

use super::{
    LISTS,
    helpers::{is_erased, user_id},
    lists::{copies, fulfilled},
};
use crate::{
    api::v1::orders::{ADA, ROOT, call, offer, token},
    harness::{App, test_in_a_folder},
};

/// Prints the outcome of each delivery of a walk of orders.
fn print_deliveries(app: &App, action: &str) {
    for line in app.lines.of("orders-consumer").iter().filter(|line| line.action == action) {
        let gets = line.operations.get("orders.get_order").map_or(0, |consumption| consumption.uses);
        println!("{action} {}: {gets} orders in {} ms {:?}", line.outcome, line.latency_ms, line.cause);
    }
}

/// `cargo test -p tests --test all walks -- --ignored --nocapture`
#[test]
#[ignore = "takes a quarter of an hour"]
fn a_user_with_a_hundred_thousand_orders_is_exported_and_erased() {
    const MANY: u32 = 99_999;
    let patience = Duration::from_hours(3);
    test_in_a_folder(async |app| {
        app.has_long_lists(&LISTS);
        // A stall of ten seconds makes a delivery repeat; the walk goes on.
        app.tolerates_errors(&["failed: deadline"]);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let began = Instant::now();
        let ids = copies(app, &fulfilled(app, &ada, &root).await, MANY).await;
        println!("{} orders made in {:?}", ids.len(), began.elapsed());

        let began = Instant::now();
        let job = call(app, &ada, Method::POST, "/api/v1/users/me/export").send().await;
        tokio::time::timeout(patience, app.platform.settle()).await.expect("an export ends");
        let deliveries = app.outcomes("orders-consumer", "user.export_requested");
        println!("exported in {:?}, {} deliveries", began.elapsed(), deliveries.len());
        print_deliveries(app, "user.export_requested");
        assert!(deliveries.len() > 1 && deliveries.iter().filter(|it| *it == "done").count() == 1);
        println!("{} parts written", app.uses("orders.export.put_part"));
        let ada = app.log_in(ADA).await;
        let export = app.get_as(token(&ada), &format!("{}?limit=1", job.header("location"))).await.json();
        assert_eq!(export["status"], "done");
        let parts = app.query(&format!("EXPORT#{}", user_id(&ada))).await;
        let parts = parts.iter().filter(|part| part["sk"].as_s().unwrap().contains("#orders.order."));
        assert_eq!(parts.count(), ids.len());

        let began = Instant::now();
        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        tokio::time::timeout(patience, app.platform.settle()).await.expect("an erasure ends");
        let deliveries = app.outcomes("orders-consumer", "user.deleted");
        println!("erased in {:?}, {} deliveries", began.elapsed(), deliveries.len());
        print_deliveries(app, "user.deleted");
        assert!(deliveries.len() > 1 && deliveries.iter().filter(|it| *it == "done").count() == 1);
        for id in &ids {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            assert!(is_erased(&order) && order["version"].as_n().unwrap() == "4", "{order:?}");
        }
    });
}
