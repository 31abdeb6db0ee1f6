//! `POST /api/v1/products/import`

use http::Method;
use serde_json::{Value, json};

use super::{PRODUCTS, administrator, all, category};
use crate::harness::{App, client::Reply, test};

async fn import(app: &App, token: &str, media: &str, text: &str) -> Reply {
    app.request(Method::POST, &format!("{PRODUCTS}/import")).token(token).text(media, text).send().await
}

async fn report(app: &App, token: &str, media: &str, text: &str) -> Value {
    let begun = import(app, token, media, text).await;
    assert_eq!(begun.status, 202, "{}", begun.json());
    app.platform.settle().await;
    app.get_as(token, begun.header("location")).await.json()
}

fn counts(report: &Value) -> [u64; 4] {
    ["created", "updated", "unchanged", "failed"].map(|name| report[name].as_u64().unwrap())
}

const GOOD: &str =
    "sku,title,price,currency,categories\nA-1,Assam,790,EUR,tea\nA-2,\"Ceylon, high\",890,EUR,tea/black\n";

const BAD: &str =
    "sku,title,price,currency,categories\nA-3,Free,gratis,EUR,\n,Nameless,1,EUR,\nA-4,Lost,1,EUR,nowhere\n";

#[test]
fn rows_are_imported_once_and_bad_ones_reported() {
    test(async |app| {
        let root = administrator(app).await;
        let tea = category(app, &root, "Tea", None).await;
        category(app, &root, "Black", Some(&tea)).await;
        let first = report(app, &root, "text/csv", GOOD).await;
        assert_eq!((&first["status"], counts(&first)), (&json!("done"), [2, 0, 0, 0]));
        let bad = report(app, &root, "text/csv", BAD).await;
        assert_eq!((&bad["status"], counts(&bad)), (&json!("done"), [0, 0, 0, 3]));
        let failures: Vec<_> = bad["failures"].as_array().unwrap().iter().collect();
        let failures: Vec<_> = failures.iter().map(|it| (&it["row"], &it["pointer"], &it["code"])).collect();
        let expected = [
            (1, "/price/amount", "wrong_type"),
            (2, "/sku", "required"),
            (3, "/categories/0", "unknown_category"),
        ];
        assert_eq!(json!(failures), json!(expected));
        // What another function has put into the tree is seen in five seconds.
        app.advance(std::time::Duration::from_secs(6));
        let list = format!("/api/v1/categories/{tea}/products?descendants=true&sort=title");
        assert_eq!(all(app, &list, "title").await, ["Assam", "Ceylon, high"]);
        assert_eq!(
            counts(&report(app, &root, "text/csv", GOOD).await),
            [0, 0, 2, 0],
            "once more nothing changes"
        );
        let line = r#"{"sku":"A-1","title":"Assam, second flush"}"#;
        assert_eq!(counts(&report(app, &root, "application/x-ndjson", line).await), [0, 1, 0, 0]);
        let endless = r#"{"sku":"A-1","initial_stock":1000000001}"#;
        let refused = &report(app, &root, "application/x-ndjson", endless).await["failures"][0];
        assert_eq!(
            (&refused["pointer"], &refused["code"]),
            (&json!("/initial_stock"), &json!("invalid_stock"))
        );
        let exported = app.get_as(&root, &format!("{PRODUCTS}/export?limit=1")).await.json();
        assert_eq!((exported["data"].as_array().unwrap().len(), &exported["has_more"]), (1, &json!(true)));
    });
}

#[test]
fn a_row_that_no_item_has_room_for_is_reported() {
    test(async |app| {
        let root = administrator(app).await;
        let row = |sku: &str, title: String| {
            json!({ "sku": sku, "title": title, "price": { "amount": 1, "currency": "EUR" } }).to_string()
        };
        let text = [row("A-1", "Assam".to_owned()), row("A-2", "x".repeat(500 * 1024))].join("\n");
        let report = report(app, &root, "application/x-ndjson", &text).await;
        assert_eq!((&report["status"], counts(&report)), (&json!("done"), [1, 0, 0, 1]));
        let failure = &report["failures"][0];
        assert_eq!((&failure["row"], &failure["code"]), (&json!(2), &json!("malformed_row")));
    });
}

#[test]
fn an_upload_of_another_kind_or_size_is_refused() {
    test(async |app| {
        let root = administrator(app).await;
        assert_eq!(import(app, &root, "application/json", "{}").await.problem().0, 415);
        assert_eq!(import(app, &root, "text/csv", "sku,title\n").await.faults().len(), 1);
        let huge = "x".repeat(4 * 1024 * 1024 + 1);
        assert_eq!(import(app, &root, "text/csv", &huge).await.problem(), (413, "body_too_large".to_owned()));
        let body = json!({ "title": "x".repeat(300 * 1024) });
        assert_eq!(app.post_as(&root, PRODUCTS, body).await.problem(), (413, "body_too_large".to_owned()));
    });
}
