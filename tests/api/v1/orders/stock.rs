//! `/api/v1/stock`

use serde_json::{Value, json};

use super::{ADA, ROOT, STOCK, adjust, call, counts, created, of, offer, order, ordered, product, token};
use crate::harness::{App, operation::Operation, test};

async fn low(app: &App, root: &Value) -> Vec<String> {
    let page = app.get_as(token(root), STOCK).await.json();
    page["data"].as_array().unwrap().iter().map(|it| it["sku"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_adjustment_is_made_once_and_stands_in_the_ledger() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        offer(app, 1, "TEA", 10).await;
        let reply = adjust(app, &root, "TEA", "k", 5).await;
        assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, ""));
        assert_eq!(reply.json()["available"], 15);
        let again = adjust(app, &root, "TEA", "k", 5).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (200, "true"));
        assert_eq!(adjust(app, &root, "TEA", "k", 6).await.problem().1, "idempotency_key_reused");
        app.advance(std::time::Duration::from_secs(1));
        adjust(app, &root, "TEA", "k2", -15).await.granted();
        assert_eq!(counts(app, &root, "TEA").await, (0, 0, 0));
        let ledger = app.get_as(token(&root), &format!("{STOCK}/TEA/adjustments?limit=1")).await.json();
        assert_eq!((&ledger["data"][0]["change"], &ledger["has_more"]), (&json!(-15), &json!(true)));
        assert_eq!(ledger["data"][0]["reason"], "Counted");
        let cursor = ledger["next_cursor"].as_str().unwrap();
        let rest =
            app.get_as(token(&root), &format!("{STOCK}/TEA/adjustments?limit=1&cursor={cursor}")).await;
        assert_eq!((&rest.json()["data"][0]["change"], &rest.json()["has_more"]), (&json!(5), &json!(false)));
    });
}

#[test]
fn only_an_existing_sku_has_a_ledger() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        offer(app, 1, "TEA", 10).await;
        let ledger = async |sku: &str| app.get_as(token(&root), &format!("{STOCK}/{sku}/adjustments")).await;
        let empty = ledger("TEA").await;
        assert_eq!((empty.status, &empty.json()["data"]), (200, &json!([])));
        assert_eq!(ledger("NONE").await.problem(), (404, "not_found".to_owned()));
    });
}

#[test]
fn a_key_is_of_one_sku() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        app.publish(created(product(1, &[("A", 1, None), ("B", 1, None)])), 1).await;
        assert_eq!(adjust(app, &root, "A", "k", 5).await.json()["available"], 5);
        assert_eq!(adjust(app, &root, "B", "k", 5).await.json()["available"], 5);
    });
}

#[test]
fn only_available_stock_can_be_removed() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        ordered(app, &ada, "TEA", 4).await;
        let reply = adjust(app, &root, "TEA", "k", -7).await;
        assert_eq!(reply.problem(), (409, "insufficient_stock".to_owned()));
        assert_eq!(reply.json()["lines"], json!([{ "sku": "TEA", "requested": 7, "available": 6 }]));
        assert_eq!(counts(app, &root, "TEA").await, (6, 4, 0));
        assert_eq!(adjust(app, &root, "NONE", "k", 1).await.problem().0, 404);
        for change in [0, 1_000_000_001, i64::MIN] {
            assert_eq!(adjust(app, &root, "TEA", "k", change).await.faults()[0].1, "invalid_change");
        }
        assert_eq!(app.get_as(token(&root), &format!("{STOCK}/NONE")).await.problem().0, 404);
    });
}

#[test]
fn low_stock_is_listed() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.publish(created(product(1, &[("A", 1, Some(5)), ("B", 1, Some(8)), ("C", 1, None)])), 1).await;
        assert_eq!(low(app, &root).await, ["A", "C"]);
        let made = ordered(app, &ada, "B", 3).await;
        assert_eq!(low(app, &root).await, ["A", "B", "C"]);
        adjust(app, &root, "C", "k", 100).await.granted();
        super::command(app, &ada, &made, "cancel").await.granted();
        assert_eq!(low(app, &root).await, ["A"]);
        let page = app.get_as(token(&root), &format!("{STOCK}?limit=1")).await.json();
        assert_eq!((&page["data"][0]["available"], &page["has_more"]), (&json!(5), &json!(false)));
    });
}

#[test]
fn the_stock_is_an_administrators() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        for path in ["", "/TEA", "/TEA/adjustments"] {
            let reply = app.get_as(token(&ada), &format!("{STOCK}{path}")).await;
            assert_eq!(reply.problem(), (403, "forbidden".to_owned()), "{path}");
        }
        assert_eq!(adjust(app, &ada, "TEA", "k", 1).await.problem(), (403, "forbidden".to_owned()));
        assert_eq!(order(app, &ada, "k", &of("TEA", 1)).await.status, 201);
        assert_eq!(app.get("/api/v1/orders/health").await.status, 200);
    });
}

/// The function decodes a path once. An HTTP API has decoded it before, so an encoded
/// slash arrives as a slash.
#[test]
fn a_sku_with_the_characters_of_a_path_is_reached() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        for (number, sku, path) in [
            (1, "A/B?C", "A%2FB%3FC"),
            (2, "A/B/C", "A%2FB%2FC"),
            (3, "A/B%2FC", "A/B%252FC"),
            (4, "50%25", "50%2525"),
            (5, "A/buckets", "A%2Fbuckets"),
            (6, "A//B", "A//B/"),
        ] {
            offer(app, number, sku, 10).await;
            let path = format!("{STOCK}/{path}");
            assert_eq!(app.get_as(token(&root), &path).await.json()["sku"], sku);
        }
        for operation in Operation::all().filter(|operation| operation.path.contains("{sku}/")) {
            let path = operation.path.replace("{sku}", "A/B%2FC");
            let reply = call(app, &root, operation.method.clone(), &path).json(&json!({})).send().await;
            assert!([200, 422].contains(&reply.status), "{}: {}", operation.name(), reply.status);
        }
        assert_eq!(app.get_as(token(&root), &format!("{STOCK}/A%252FB%253FC")).await.status, 404);
    });
}
