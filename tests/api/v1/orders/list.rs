//! `GET /api/v1/orders`

use std::time::Duration;

use serde_json::Value;

use super::{ADA, BO, ORDERS, ROOT, command, offer, ordered, token};
use crate::harness::{App, test};

async fn ids(app: &App, tokens: &Value, query: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get_as(token(tokens), &format!("{ORDERS}?limit=2{query}{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.json());
        let page = page.json();
        ids.extend(page["data"].as_array().unwrap().iter().map(id));
        let Some(next) = page["next_cursor"].as_str() else { return ids };
        cursor = format!("&cursor={next}");
    }
}

fn id(order: &Value) -> String {
    order["id"].as_str().unwrap().to_owned()
}

#[test]
fn users_list_their_own_orders_and_administrators_all() {
    test(async |app| {
        let (ada, bo, root) =
            (app.register_as(ADA).await, app.register_as(BO).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 100).await;
        let mut adas = Vec::new();
        let mut all = Vec::new();
        for number in 0..5 {
            app.advance(Duration::from_secs(1));
            let order = ordered(app, &ada, "TEA", 1).await;
            if number % 2 == 0 {
                command(app, &root, &order, "confirm").await.granted();
            }
            adas.push(id(&order));
            all.push(id(&order));
            all.push(id(&ordered(app, &bo, "TEA", 1).await));
        }
        let newest = |ids: &[String]| ids.iter().rev().cloned().collect::<Vec<_>>();
        assert_eq!(ids(app, &ada, "").await, newest(&adas));
        assert_eq!(ids(app, &ada, "&sort=created_at").await, adas);
        assert_eq!(
            ids(app, &root, &format!("&user_id={}", ada["user"]["id"].as_str().unwrap())).await,
            newest(&adas)
        );
        let mut sorted = all.clone();
        sorted.sort();
        let mut found = ids(app, &root, "").await;
        found.sort();
        assert_eq!(found, sorted);
        let confirmed: Vec<_> = adas.iter().step_by(2).cloned().collect();
        assert_eq!(ids(app, &root, "&status=confirmed").await, newest(&confirmed));
        let window =
            "&created_after=2026-01-01T00:00:02Z&created_before=2026-01-01T00:00:04Z&sort=created_at";
        assert_eq!(ids(app, &ada, window).await, &adas[1..3]);
    });
}

#[test]
fn others_lists_and_combinations_without_an_index_are_refused() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let id = root["user"]["id"].as_str().unwrap();
        let reply = app.get_as(token(&ada), &format!("{ORDERS}?user_id={id}")).await;
        assert_eq!(reply.problem(), (403, "forbidden".to_owned()));
        let unsupported = (400, "unsupported_filter_combination".to_owned());
        let reply = app.get_as(token(&root), &format!("{ORDERS}?user_id={id}&status=expired")).await;
        assert_eq!(reply.problem(), unsupported);
        assert_eq!(app.get_as(token(&ada), &format!("{ORDERS}?status=expired")).await.problem(), unsupported);
    });
}
