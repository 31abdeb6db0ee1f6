//! The statuses of an order, and their effects on stock.

use serde_json::json;

use super::{ADA, BO, ROOT, call, command, counts, offer, ordered, path, token};
use crate::harness::test;
use http::Method;

/// Commands allowed in each status.
const WAYS: [(&str, &[&str]); 7] = [
    ("reserved", &["confirm", "cancel"]),
    ("confirmed", &["fulfil", "cancel", "refund"]),
    ("fulfilled", &["complete", "refund"]),
    ("completed", &[]),
    ("expired", &["confirm"]),
    ("cancelled", &[]),
    ("refunded", &[]),
];

/// The commands that bring a new order to a status.
fn way_to(status: &str) -> &'static [&'static str] {
    match status {
        "reserved" | "expired" => &[],
        "confirmed" => &["confirm"],
        "fulfilled" => &["confirm", "fulfil"],
        "completed" => &["confirm", "fulfil", "complete"],
        "cancelled" => &["cancel"],
        "refunded" => &["confirm", "refund"],
        other => panic!("{other}"),
    }
}

#[test]
fn only_declared_transitions_happen() {
    test(async |app| {
        let (mut ada, mut root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 1000).await;
        for (status, allowed) in WAYS {
            for verb in ["confirm", "cancel", "fulfil", "complete", "refund"] {
                app.advance(std::time::Duration::from_millis(1));
                let order = ordered(app, &ada, "TEA", 1).await;
                for verb in way_to(status) {
                    assert_eq!(command(app, &root, &order, verb).await.status, 200);
                }
                if status == "expired" {
                    app.advance(std::time::Duration::from_mins(15));
                    app.platform.fire("OrdersSweeper").await;
                    (ada, root) = (app.log_in(ADA).await, app.log_in(ROOT).await);
                }
                let now = app.get_as(token(&ada), &path(&order)).await.json();
                assert_eq!(now["status"], status);
                let reply = command(app, &root, &order, verb).await;
                if allowed.contains(&verb) {
                    assert_eq!(reply.status, 200, "{status}: {verb}");
                    let history = reply.json()["history"].as_array().unwrap().clone();
                    assert_eq!(history.last().unwrap()["from"], status);
                } else {
                    assert_eq!(
                        reply.problem(),
                        (409, "order_invalid_transition".to_owned()),
                        "{status}: {verb}"
                    );
                    assert_eq!(reply.json()["order_status"], status);
                    let told = reply.json()["allowed"].as_array().unwrap().len();
                    // A reserved order also expires without a command.
                    assert_eq!(told, allowed.len() + usize::from(status == "reserved"));
                    assert_eq!(app.get_as(token(&ada), &path(&order)).await.json(), now);
                }
            }
        }
        counts(app, &root, "TEA").await;
    });
}

#[test]
fn every_status_has_its_stock() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let order = ordered(app, &ada, "TEA", 3).await;
        assert_eq!(counts(app, &root, "TEA").await, (7, 3, 0));
        let confirmed = command(app, &root, &order, "confirm").await.json();
        assert_eq!(confirmed["payment_status"], "paid");
        assert_eq!(counts(app, &root, "TEA").await, (7, 0, 3));
        command(app, &root, &order, "fulfil").await.granted();
        let path = format!("{}/refund", path(&order));
        let body = json!({ "restock": true, "reason": "Sent back" });
        let refunded = call(app, &root, Method::POST, &path).json(&body).send().await.json();
        assert_eq!(
            (&refunded["status"], &refunded["payment_status"]),
            (&json!("refunded"), &json!("refunded"))
        );
        assert_eq!(counts(app, &root, "TEA").await, (10, 0, 0));

        let lost = ordered(app, &ada, "TEA", 2).await;
        for verb in ["confirm", "fulfil", "refund"] {
            command(app, &root, &lost, verb).await.granted();
        }
        assert_eq!(counts(app, &root, "TEA").await, (8, 0, 2), "what does not come back stays sold");

        let cancelled = ordered(app, &ada, "TEA", 1).await;
        command(app, &root, &cancelled, "confirm").await.granted();
        assert_eq!(command(app, &ada, &cancelled, "cancel").await.json()["payment_status"], "refunded");
        assert_eq!(counts(app, &root, "TEA").await, (8, 0, 2));
    });
}

#[test]
fn a_command_for_another_version_does_nothing() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let order = ordered(app, &ada, "TEA", 3).await;
        for verb in ["confirm", "fulfil", "complete", "cancel", "refund"] {
            for (condition, tag) in [("if-match", "\"7\""), ("if-match", "W/\"1\""), ("if-none-match", "*")] {
                let path = format!("{}/{verb}", path(&order));
                let reply = call(app, &root, Method::POST, &path).header(condition, tag).send().await;
                assert_eq!(reply.problem(), (412, "stale_version".to_owned()), "{verb} {condition} {tag}");
            }
        }
        assert_eq!(app.get_as(token(&ada), &path(&order)).await.json(), order);
        assert_eq!(counts(app, &root, "TEA").await, (7, 3, 0));
        let path = format!("{}/confirm", path(&order));
        let confirm =
            async |tag: &str| call(app, &root, Method::POST, &path).header("if-match", tag).send().await;
        assert_eq!(confirm("\"1\"").await.header("etag"), "\"2\"");
        assert_eq!(confirm("\"1\"").await.status, 412, "stale, whatever else would be said");
    });
}

/// A late order expires first, which increments its version.
#[test]
fn a_late_order_is_confirmed_at_the_version_that_its_caller_knows() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let order = ordered(app, &ada, "TEA", 3).await;
        app.advance(std::time::Duration::from_hours(1));
        let root = app.log_in(root["user"]["email"].as_str().unwrap()).await;
        let path = format!("{}/confirm", path(&order));
        let reply = call(app, &root, Method::POST, &path).header("if-match", "\"1\"").send().await;
        assert_eq!((reply.status, reply.header("etag")), (200, "\"3\""), "{}", reply.json());
    });
}

#[test]
fn a_history_says_who_what_why_and_when() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let order = ordered(app, &ada, "TEA", 1).await;
        app.advance(std::time::Duration::from_secs(1));
        command(app, &root, &order, "confirm").await.granted();
        let body = json!({ "reason": "Too dear" });
        let cancel = call(app, &ada, Method::POST, &format!("{}/cancel", path(&order))).json(&body);
        assert_eq!(cancel.send().await.status, 200);
        // A customer does not learn which administrator it was.
        for (tokens, actor) in [(&root, &root["user"]["id"]), (&ada, &json!("administrator"))] {
            let expected = json!([
                {
                    "from": "reserved", "to": "confirmed", "actor": actor,
                    "at": "2026-01-01T00:00:01.000Z",
                },
                {
                    "from": "confirmed", "to": "cancelled", "actor": ada["user"]["id"], "reason": "Too dear",
                    "at": "2026-01-01T00:00:01.000Z",
                },
            ]);
            let history = app.get_as(token(tokens), &format!("{}/history", path(&order))).await;
            assert_eq!(history.json()["data"], expected);
            assert_eq!(app.get_as(token(tokens), &path(&order)).await.json()["history"], expected);
        }
        // Nor from an answer that is repeated, nor from an export.
        let again = super::order(app, &ada, "k", &super::of("TEA", 1)).await.json();
        command(app, &root, &again, "confirm").await.granted();
        let again = super::order(app, &ada, "k", &super::of("TEA", 1)).await;
        assert_eq!(again.json()["history"][0]["actor"], "administrator");
        let export = call(app, &ada, Method::POST, "/api/v1/users/me/export").send().await;
        app.platform.settle().await;
        let export = app.get_as(token(&ada), export.header("location")).await.json().to_string();
        assert!(
            export.contains("\"administrator\"") && !export.contains(root["user"]["id"].as_str().unwrap())
        );
    });
}

#[test]
fn an_owner_may_cancel_and_nobody_else_sees_an_order() {
    test(async |app| {
        let (ada, bo) = (app.register_as(ADA).await, app.register_as(BO).await);
        offer(app, 1, "TEA", 10).await;
        let order = ordered(app, &ada, "TEA", 1).await;
        for verb in ["confirm", "fulfil", "complete", "refund"] {
            assert_eq!(command(app, &ada, &order, verb).await.problem(), (403, "forbidden".to_owned()));
        }
        assert_eq!(command(app, &bo, &order, "cancel").await.problem(), (404, "not_found".to_owned()));
        assert_eq!(app.get_as(token(&bo), &path(&order)).await.problem(), (404, "not_found".to_owned()));
        assert_eq!(command(app, &ada, &order, "cancel").await.json()["status"], "cancelled");
    });
}

#[test]
fn a_buyer_is_told_in_their_language() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let subjects = async |count: usize| {
            let mails = app.mails_to(ADA).await;
            mails.into_iter().rev().take(count).map(|mail| mail.subject).collect::<Vec<_>>()
        };
        let order = ordered(app, &ada, "TEA", 2).await;
        command(app, &root, &order, "confirm").await.granted();
        assert_eq!(subjects(1).await, ["Your order is confirmed"]);
        let mail = app.mails_to(ADA).await.pop().unwrap();
        assert!(mail.text.contains(order["id"].as_str().unwrap()) && mail.text.contains("20.00 EUR"));
        let body = json!({ "preferences": { "locale": "ru" } });
        call(app, &ada, Method::PATCH, "/api/v1/users/me").json(&body).send().await.granted();
        command(app, &ada, &order, "cancel").await.granted();
        assert_eq!(subjects(1).await, ["Ваш заказ отменён"]);
    });
}
