//! `DELETE /api/v1/orders/{order_id}`

use serde_json::json;

use super::{ADA, BO, ORDERS, ROOT, command, counts, of, offer, order, path, token};
use crate::harness::test;

#[test]
fn a_deleted_order_is_in_no_list_and_releases_its_stock() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let made = order(app, &ada, "k", &of("TEA", 1)).await.json();
        for _ in 0..2 {
            assert_eq!(app.delete_as(token(&ada), &path(&made)).await.status, 204);
        }
        assert_eq!(counts(app, &root, "TEA").await, (10, 0, 0));
        assert_eq!(app.get_as(token(&ada), &path(&made)).await.problem().0, 404);
        for tokens in [&ada, &root] {
            assert_eq!(app.get_as(token(tokens), ORDERS).await.json()["data"], json!([]));
        }
        let events = app.outbox(&format!("ORDER#{}", made["id"].as_str().unwrap()), "ORDER").await;
        assert_eq!(
            (&events[0]["type"], &events[1]["type"]),
            (&json!("order.cancelled"), &json!("order.deleted"))
        );
        let again = order(app, &ada, "k", &of("TEA", 1)).await;
        assert_eq!(again.problem(), (409, "order_deleted".to_owned()));
    });
}

#[test]
fn only_a_completed_order_can_be_deleted_after_payment() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let made = order(app, &ada, "k", &of("TEA", 1)).await.json();
        for verb in ["confirm", "fulfil"] {
            command(app, &root, &made, verb).await.granted();
            assert_eq!(
                app.delete_as(token(&ada), &path(&made)).await.problem(),
                (409, "order_owed".to_owned())
            );
        }
        command(app, &root, &made, "complete").await.granted();
        assert_eq!(app.delete_as(token(&ada), &path(&made)).await.status, 204);
        assert_eq!(counts(app, &root, "TEA").await, (9, 0, 1));
    });
}

#[test]
fn an_order_of_another_customer_is_not_deleted() {
    test(async |app| {
        let (ada, bo) = (app.register_as(ADA).await, app.register_as(BO).await);
        offer(app, 1, "TEA", 10).await;
        let made = order(app, &ada, "k", &of("TEA", 1)).await.json();
        assert_eq!(app.delete_as(token(&bo), &path(&made)).await.status, 204, "it is not there for him");
        assert_eq!(app.get_as(token(&ada), &path(&made)).await.status, 200);
    });
}
