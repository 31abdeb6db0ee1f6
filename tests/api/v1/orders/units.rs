//! The cost of each transition as a whole request: round trips, read units and write
//! units, for an order of one SKU with ample stock.

use std::time::Duration;

use super::{ADA, ROOT, call, command, offer, ordered, path, token};
use crate::harness::{App, test};
use http::Method;
use serde_json::{Value, json};

type Taken = (u32, f64, f64);

const TRANSITIONS: [(&str, Taken); 12] = [
    ("reserved confirm", (3, 2.0, 12.0)),
    ("confirmed fulfil", (2, 1.0, 5.0)),
    ("fulfilled complete", (2, 1.0, 5.0)),
    ("reserved cancel", (3, 2.0, 12.0)),
    ("reserved confirm", (3, 2.0, 12.0)),
    ("confirmed cancel", (2, 1.0, 9.0)),
    ("reserved confirm", (3, 2.0, 12.0)),
    ("confirmed refund", (2, 1.0, 9.0)),
    ("fulfilled refund, restocked", (2, 1.0, 9.0)),
    // Each of the four shards takes one of these round trips and half a unit.
    ("reserved, swept", (7, 4.0, 12.0)),
    ("nothing to sweep", (4, 2.0, 0.0)),
    ("expired confirm", (4, 3.0, 9.0)),
];

/// Cost of the last request or run of a function.
fn taken(app: &App, function: &str) -> Taken {
    let line = app.lines.of(function).pop().unwrap();
    (line.round_trips, line.read_units, line.write_units)
}

#[test]
fn every_transition_takes_what_it_says() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 1000).await;
        // Reads what a warm function knows.
        command(app, &root, &ordered(app, &ada, "TEA", 20).await, "cancel").await.granted();
        let mut seen = Vec::new();
        for (number, way) in [
            &["confirm", "fulfil", "complete"][..],
            &["cancel"],
            &["confirm", "cancel"],
            &["confirm", "refund"],
        ]
        .iter()
        .enumerate()
        {
            let order = ordered(app, &ada, "TEA", 1 + u32::try_from(number).unwrap()).await;
            for verb in *way {
                let now = app.get_as(token(&root), &path(&order)).await.json();
                assert_eq!(command(app, &root, &order, verb).await.status, 200);
                seen.push((format!("{} {verb}", now["status"].as_str().unwrap()), taken(app, "orders-api")));
            }
        }
        let returned = ordered(app, &ada, "TEA", 7).await;
        for verb in ["confirm", "fulfil"] {
            command(app, &root, &returned, verb).await.granted();
        }
        let refund = call(app, &root, Method::POST, &format!("{}/refund", path(&returned)));
        assert_eq!(refund.json(&json!({ "restock": true })).send().await.status, 200);
        seen.push(("fulfilled refund, restocked".to_owned(), taken(app, "orders-api")));
        seen.extend(late(app, &ada).await);
        let transitions: Vec<_> = TRANSITIONS.map(|(name, taken)| (name.to_owned(), taken)).into();
        assert_eq!(seen, transitions);
    });
}

/// Costs of expiry, and of later commands.
async fn late(app: &App, ada: &Value) -> Vec<(String, Taken)> {
    let [swept, unswept] = [ordered(app, ada, "TEA", 8).await, ordered(app, ada, "TEA", 9).await];
    let root = app.log_in(ROOT).await;
    command(app, &root, &unswept, "cancel").await.granted();
    app.advance(Duration::from_mins(15));
    app.platform.fire("OrdersSweeper").await;
    let mut seen = vec![("reserved, swept".to_owned(), taken(app, "orders-sweeper"))];
    app.platform.fire("OrdersSweeper").await;
    seen.push(("nothing to sweep".to_owned(), taken(app, "orders-sweeper")));
    let root = app.log_in(ROOT).await;
    app.get_as(token(&root), &path(&swept)).await.granted();
    assert_eq!(command(app, &root, &swept, "confirm").await.status, 200);
    seen.push(("expired confirm".to_owned(), taken(app, "orders-api")));
    seen
}
