//! Erasures.

use std::collections::BTreeSet;

use shared::bus::{DomainEvent, events::UserDeleted};

use super::{
    LISTS, ORDERS,
    helpers::{consumer, cut, is_erased, user_id},
    lists::{copies, fulfilled},
};
use crate::{
    api::v1::orders::{ADA, ROOT, command, counts, of, offer, order, token},
    harness::{
        test, test_of,
        walks::{HURRY, in_a_hurry},
    },
};

#[test]
fn an_erasure_cut_after_each_page_handles_each_order_once() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 100).await;
        let ids = copies(app, &fulfilled(app, &ada, &root).await, ORDERS).await;
        let mut open = BTreeSet::new();
        for number in 0..12 {
            let order = order(app, &ada, &format!("open-{number}"), &of("TEA", 1)).await.json();
            if number % 2 == 0 {
                command(app, &root, &order, "confirm").await.granted();
            }
            open.insert(order["id"].as_str().unwrap().to_owned());
        }
        app.platform.settle().await;
        assert_eq!(counts(app, &root, "TEA").await, (87, 6, 7));
        let version = async |id: &str| {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            order["version"].as_n().unwrap().parse::<u64>().unwrap()
        };
        let mut versions = Vec::new();
        for id in ids.iter().chain(&open) {
            versions.push(version(id).await);
        }

        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        app.settle_walks().await;
        for (id, before) in ids.iter().chain(&open).zip(versions) {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            assert!(is_erased(&order), "{id}: {order:?}");
            assert_eq!(version(id).await, before + 1, "{id} is written once");
        }
        assert_eq!(counts(app, &root, "TEA").await, (99, 0, 1));
        let cancelled = app.platform.cloud().travelled().into_iter();
        let cancelled: Vec<String> =
            cancelled.filter(|event| event.r#type == "order.cancelled").map(|event| event.id).collect();
        let about: BTreeSet<String> =
            cancelled.iter().map(|id| id.split('.').next().unwrap().to_owned()).collect();
        assert_eq!((cancelled.len(), about), (open.len(), open.clone()), "each once");
        assert_eq!(app.outcomes("orders-consumer", "user.deleted"), cut(ids.len() + open.len()));
    });
}

#[test]
fn a_repeated_delivery_of_a_continued_walk_erases_each_order_once() {
    test(async |app| {
        app.has_long_lists(&LISTS);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let ids = copies(app, &fulfilled(app, &ada, &root).await, 100).await;
        let consumer = consumer(app, "OrdersConsumer").await;
        for _ in 0..2 {
            let deleted = DomainEvent::UserDeleted(UserDeleted { user_id: user_id(&ada) });
            assert!(app.hand_over_in(HURRY, &consumer, (deleted, 9), None).await);
        }
        app.settle_walks().await;
        for id in &ids {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            assert!(is_erased(&order) && order["version"].as_n().unwrap() == "4", "{order:?}");
        }
        let outcomes = app.outcomes("orders-consumer", "user.deleted");
        assert_eq!(outcomes, ["continued", "continued", "done", "done"]);
    });
}
