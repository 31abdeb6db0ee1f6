//! Random histories: between any two actions each SKU has as much stock as was added,
//! and each order's total is the sum of its lines.

use std::{collections::BTreeMap, time::Duration};

use http::Method;
use serde_json::{Value, json};
use shared::vocabulary::OrderStatus;

use super::{
    ADA, ORDERS, ROOT, adjust, call, command, counts, created, order, path, product, token, updated,
};
use crate::{
    harness::{App, test},
    seeded::Dice,
};

const SKUS: [&str; 3] = ["A", "B", "C"];

/// Random lines of an order.
fn lines(dice: &mut Dice) -> Value {
    let count = 1 + dice.below(3);
    let lines =
        (0..count).map(|_| json!({ "sku": SKUS[dice.below(SKUS.len())], "quantity": 1 + dice.below(3) }));
    json!({ "lines": lines.collect::<Value>() })
}

/// True if an order may change from one status to the other.
fn may_follow(before: &str, after: &str) -> bool {
    before == after
        || matches!(
            (before, after),
            ("reserved", "confirmed" | "expired" | "cancelled")
                | ("confirmed", "fulfilled" | "cancelled" | "refunded")
                | ("fulfilled", "completed" | "refunded")
                | ("expired", "confirmed")
        )
}

/// Checks the invariants between two actions.
async fn check(app: &App, root: &Value, known: &mut BTreeMap<String, String>) {
    let mut reserved = BTreeMap::new();
    for (path, before) in known.iter_mut() {
        let order = app.get_as(token(root), path).await;
        if order.status == 404 {
            continue;
        }
        let order = order.json();
        let status = order["status"].as_str().unwrap();
        assert!(may_follow(before, status), "{before} became {status}");
        status.clone_into(before);
        let lines = order["lines"].as_array().unwrap();
        let sum: i64 = lines.iter().map(|line| line["line_total"]["amount"].as_i64().unwrap()).sum();
        assert_eq!(order["total"]["amount"], sum);
        for line in lines.iter().filter(|_| status == "reserved") {
            let sku = line["sku"].as_str().unwrap().to_owned();
            *reserved.entry(sku).or_insert(0) += line["quantity"].as_u64().unwrap();
        }
    }
    for sku in SKUS {
        // `counts` checks the sum of available, reserved and sold.
        let (_, held, _) = counts(app, root, sku).await;
        assert_eq!(held, reserved.get(sku).copied().unwrap_or(0), "{sku}");
    }
}

/// Number of replies by action and status.
type Tally = BTreeMap<(&'static str, u16), u32>;

async fn act(
    app: &App,
    dice: &mut Dice,
    tokens: (&Value, &Value),
    number: usize,
    known: &mut BTreeMap<String, String>,
) -> (&'static str, u16) {
    let (ada, root) = tokens;
    let paths: Vec<String> = known.keys().cloned().collect();
    let any = (!paths.is_empty()).then(|| json!({ "id": paths[dice.below(paths.len())].rsplit('/').next() }));
    match (dice.below(12), any) {
        (0..=4, _) | (_, None) => {
            // Some keys are repeated.
            let key = format!("k{}", if dice.below(5) == 0 { number.saturating_sub(1) } else { number });
            let reply = order(app, ada, &key, &lines(dice)).await;
            assert!([201, 409, 422].contains(&reply.status), "{}", reply.json());
            if reply.status == 201 {
                known.entry(path(&reply.json())).or_insert_with(|| OrderStatus::Reserved.to_string());
            }
            ("order", reply.status)
        }
        (5..=8, Some(order)) => {
            let verbs = ["confirm", "confirm", "fulfil", "complete", "cancel", "refund"];
            ("move", command(app, root, &order, verbs[dice.below(verbs.len())]).await.status)
        }
        (9, Some(order)) => {
            let changed = call(app, ada, Method::PATCH, &path(&order)).json(&lines(dice)).send().await;
            ("change", changed.status)
        }
        (10, Some(order)) => {
            if dice.below(2) == 0 {
                let spread = format!("/api/v1/stock/{}/buckets", SKUS[dice.below(SKUS.len())]);
                let spread = call(app, root, Method::PUT, &spread).json(&json!({ "count": 3 })).send().await;
                ("spread", spread.status)
            } else {
                ("delete", app.delete_as(token(ada), &path(&order)).await.status)
            }
        }
        (_, Some(_)) => {
            let change = [-2, -1, 1, 4][dice.below(4)];
            let sku = SKUS[dice.below(SKUS.len())];
            ("adjust", adjust(app, root, sku, &format!("a{number}"), change).await.status)
        }
    }
}

#[test]
fn nothing_is_sold_twice_or_lost() {
    let mut tally = Tally::new();
    for seed in 0..4 {
        test(async |app| {
            let mut dice = Dice::new(&[seed]);
            let (mut ada, mut root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
            let variants = [("A", 100, Some(6)), ("B", 250, Some(20)), ("C", 5, None)];
            app.publish(created(product(1, &variants)), 1).await;
            let mut known = BTreeMap::new();
            for number in 0..60 {
                if dice.below(10) == 0 {
                    app.advance(Duration::from_mins(4));
                    (ada, root) = (app.log_in(ADA).await, app.log_in(ROOT).await);
                    app.platform.fire("OrdersSweeper").await;
                }
                if dice.below(15) == 0 {
                    app.publish(updated(product(1, &variants)), u64::try_from(number).unwrap()).await;
                }
                let done = act(app, &mut dice, (&ada, &root), number, &mut known).await;
                *tally.entry(done).or_insert(0) += 1;
                check(app, &root, &mut known).await;
            }
            assert!(known.len() >= 5, "seed {seed} placed {} orders", known.len());
            let mut left = 0;
            for path in known.keys() {
                left += usize::from(app.get_as(token(&root), path).await.status == 200);
            }
            let listed = app.get_as(token(&root), &format!("{ORDERS}?limit=100")).await.json();
            assert_eq!(listed["data"].as_array().unwrap().len(), left);
        });
    }
    // Minimum counts: each action succeeded, and each possible refusal occurred.
    for floor in [
        ("order", 201),
        ("order", 409),
        ("move", 200),
        ("move", 409),
        ("change", 200),
        ("change", 409),
        ("spread", 200),
        ("delete", 204),
        ("adjust", 200),
        ("adjust", 409),
    ] {
        assert!(tally.contains_key(&floor), "no {floor:?} in {tally:?}");
    }
}
