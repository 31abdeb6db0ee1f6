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
        // Changes of the tree by another function are visible after five seconds.
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

async fn failures(app: &App, token: &str, media: &str, text: &str) -> Value {
    let report = report(app, token, media, text).await;
    let failures = report["failures"].as_array().unwrap().iter();
    json!(failures.map(|it| (&it["row"], &it["pointer"], &it["code"])).collect::<Vec<_>>())
}

async fn find(app: &App, root: &str, sku: &str) -> Value {
    let found = app.get_as(root, &format!("{PRODUCTS}?sku={sku}")).await.json();
    app.get_as(root, &format!("{PRODUCTS}/{}", found["data"][0]["id"].as_str().unwrap())).await.json()
}

const LINES: &str = "application/x-ndjson";

#[test]
fn a_row_of_a_variants_sku_leaves_its_product_alone() {
    test(async |app| {
        let root = administrator(app).await;
        let product = json!({
            "sku": "P", "title": "Family tea", "price": { "amount": 1000, "currency": "EUR" },
            "variants": [{ "sku": "V-1", "attributes": { "size": "1" } }, { "sku": "V-2" }],
        });
        app.post_as(&root, PRODUCTS, product).await.granted();
        let before = find(app, &root, "P").await;
        let rows = "sku,title,price,currency\nV-1,Tea,450,EUR\nv-2,Tea,450,EUR\n";
        let expected = json!([[1, "/sku", "variant_sku"], [2, "/sku", "variant_sku"]]);
        assert_eq!(failures(app, &root, "text/csv", rows).await, expected);
        let line = r#"{"sku":"V-1","variants":[]}"#;
        assert_eq!(failures(app, &root, LINES, line).await, json!([[1, "/sku", "variant_sku"]]));
        assert_eq!(find(app, &root, "P").await, before);
    });
}

#[test]
fn rows_of_one_sku_are_imported_in_their_order() {
    test(async |app| {
        app.has_long_lists(&["catalog.put_import_chunk", "catalog.get_import_chunk"]);
        let root = administrator(app).await;
        // Between other rows, more than a chunk holds, and in two spellings.
        let row = |number: usize| {
            let sku = if number.is_multiple_of(2) { "Twice" } else { "TWICE" };
            format!("{sku},title {number},{number},EUR\nR-{number},filler,1,EUR\n")
        };
        let rows: String = (1..=60).map(row).collect();
        let report = report(app, &root, "text/csv", &format!("sku,title,price,currency\n{rows}")).await;
        assert_eq!((&report["status"], counts(&report)), (&json!("done"), [61, 59, 0, 0]));
        let last = find(app, &root, "twice").await;
        assert_eq!((&last["title"], &last["sku"]), (&json!("title 60"), &json!("TWICE")));
    });
}

#[test]
fn two_imports_of_the_same_new_skus_both_succeed() {
    test(async |app| {
        app.has_long_lists(&["catalog.put_import_chunk", "catalog.get_import_chunk"]);
        let root = administrator(app).await;
        let table = |skus: &mut dyn Iterator<Item = usize>| {
            let rows: Vec<String> = skus.map(|number| format!("N-{number},Tea,1,EUR\n")).collect();
            let rows = rows.concat();
            format!("sku,title,price,currency\n{rows}")
        };
        let (up, down) = (table(&mut (0..40)), table(&mut (0..40).rev()));
        let begin =
            async |text: &str| import(app, &root, "text/csv", text).await.header("location").to_owned();
        let (up, down) = futures::join!(begin(&up), begin(&down));
        app.platform.settle().await;
        let up = app.get_as(&root, &up).await.json();
        let down = app.get_as(&root, &down).await.json();
        let (up, down) = (counts(&up), counts(&down));
        assert_eq!((up[0] + down[0], up[3] + down[3]), (40, 0), "{up:?} {down:?}");
    });
}

#[test]
fn a_table_is_imported_as_spreadsheets_save_it() {
    test(async |app| {
        let root = administrator(app).await;
        for (number, text) in [
            "\u{feff}sku,title,price,currency,description\r\nX,\"Чай, зелёный\",890,EUR,\"a\r\nb\"\r\n,,,,\r\n",
            "sku;title;price;currency\r\nX;Чай, зелёный;890;EUR\r\n;;;\r\n",
            "\u{feff}SKU\tTitle\tPrice\tCurrency\r\nX\tЧай, зелёный\t890\tEUR\r\n",
            "sep=;\r\nsku;title;price;currency\r\nX;Чай, зелёный;890;EUR\r\n",
        ]
        .into_iter()
        .enumerate()
        {
            let sku = format!("T-{number}");
            let text = text.replace('X', &sku);
            let done = report(app, &root, "text/csv", &text).await;
            assert_eq!(counts(&done), [1, 0, 0, 0], "{text}: {done}");
            assert_eq!(find(app, &root, &sku).await["title"], "Чай, зелёный");
        }
        let lines = "\u{feff}{\"sku\":\"T-0\",\"title\":\"κόσμος\"}\r\n\r\n{\"sku\":\"T-1\",\"title\":\"κόσμος\"}\r\n";
        assert_eq!(counts(&report(app, &root, LINES, lines).await), [0, 2, 0, 0]);
        for (heading, code) in [
            ("title,price", "missing_column"),
            ("sku,title,title", "duplicate_column"),
            ("sku|title", "missing_column"),
        ] {
            let refused = import(app, &root, "text/csv", &format!("{heading}\nT-0,a,b\n")).await;
            assert_eq!(refused.faults(), [(String::new(), code.to_owned())], "{heading}");
        }
    });
}

#[test]
fn every_field_of_a_row_is_checked_and_merged() {
    test(async |app| {
        let root = administrator(app).await;
        let tea = category(app, &root, "Tea", None).await;
        let product = json!({
            "sku": "A", "title": "Assam", "price": { "amount": 890, "currency": "USD" }, "category_ids": [tea],
            "attributes": { "brand": "Agora", "color": "red" },
        });
        app.post_as(&root, PRODUCTS, product).await.granted();
        for (line, pointer, code) in [
            (r#"{"sku":"A","categories":"tea"}"#, "/categories", "wrong_type"),
            (r#"{"sku":"A","categories":{"0":"tea"}}"#, "/categories", "wrong_type"),
            (r#"{"sku":"A","categories":[7]}"#, "/categories/0", "wrong_type"),
            (r#"{"sku":"A","category_ids":"tea"}"#, "/category_ids", "wrong_type"),
            (r#"{"sku":"A","categories":["tea"],"category_ids":[]}"#, "/categories", "duplicate"),
            (r#"{"sku":4006381333931,"title":"Tea"}"#, "/sku", "wrong_type"),
            (r#"{"sku":["A"]}"#, "/sku", "wrong_type"),
            (r#"{"sku":null}"#, "/sku", "required"),
            (r#"{"sku":"A","currency":"EUR"}"#, "/currency", "price_required"),
        ] {
            assert_eq!(failures(app, &root, LINES, line).await, json!([[1, pointer, code]]), "{line}");
        }
        for table in ["sku,currency\nA,EUR\n", "sku,price,currency\nA,,EUR\n"] {
            let expected = json!([[1, "/currency", "price_required"]]);
            assert_eq!(failures(app, &root, "text/csv", table).await, expected, "{table}");
        }
        // A merge patch at every depth, in either format.
        let table = "sku,price,attributes.color\na,950,blue\n";
        assert_eq!(counts(&report(app, &root, "text/csv", table).await), [0, 1, 0, 0]);
        let line = r#"{"sku":"A","attributes":{"size":"L","brand":null},"list_price":{"amount":990,"currency":"USD"}}"#;
        assert_eq!(counts(&report(app, &root, LINES, line).await), [0, 1, 0, 0]);
        let product = find(app, &root, "A").await;
        assert_eq!(product["price"], json!({ "amount": 950, "currency": "USD" }));
        assert_eq!(product["attributes"], json!({ "color": "blue", "size": "L" }));
        assert_eq!(product["category_ids"], json!([tea]));
        let line = r#"{"sku":"A","categories":null}"#;
        assert_eq!(counts(&report(app, &root, LINES, line).await), [0, 1, 0, 0]);
        assert_eq!(find(app, &root, "A").await["category_ids"], json!([]));
    });
}

#[test]
fn an_export_that_is_imported_changes_nothing() {
    test(async |app| {
        app.has_long_lists(&["catalog.put_import_chunk", "catalog.get_import_chunk"]);
        let root = administrator(app).await;
        let tea = category(app, &root, "Tea", None).await;
        let variants = json!([{ "sku": "v-1" }, { "sku": "v-2", "title": "500 g", "initial_stock": 3 }]);
        let product = json!({
            "sku": "p-1", "title": "Чай", "description": "a\r\nb", "price": { "amount": 890, "currency": "EUR" },
            "category_ids": [tea], "attributes": { "brand": "Agora" }, "variants": variants, "status": "draft",
            "images": ["https://img.example.com/чай.jpg"],
        });
        app.post_as(&root, PRODUCTS, product).await.granted();
        let bare =
            json!({ "title": "Bare", "price": { "amount": 1, "currency": "EUR" }, "initial_stock": 2 });
        app.post_as(&root, PRODUCTS, bare).await.granted();
        let exported = app.get_as(&root, &format!("{PRODUCTS}/export")).await.json();
        let lines: Vec<String> =
            exported["data"].as_array().unwrap().iter().map(|row| format!("{row}\n")).collect();
        let lines = lines.concat();
        let done = report(app, &root, LINES, &lines).await;
        assert_eq!(counts(&done), [0, 0, 2, 0], "{done}");
        assert_eq!(app.get_as(&root, &format!("{PRODUCTS}/export")).await.json()["data"], exported["data"]);
    });
}

#[test]
fn an_upload_of_too_many_rows_is_refused_at_once() {
    test(async |app| {
        let root = administrator(app).await;
        let rows = "{}\n".repeat(100_001);
        let import = app.request(Method::POST, &format!("{PRODUCTS}/import")).token(&root);
        let reply = import.text("application/jsonl", &rows).send().await;
        assert_eq!(reply.faults(), [(String::new(), "too_many_rows".to_owned())]);
    });
}

#[test]
fn the_largest_report_fits_in_a_reply() {
    test(async |app| {
        app.has_long_lists(&[
            "catalog.get_import_chunk",
            "catalog.put_import_chunk",
            "catalog.put_import_result",
            "catalog.list_import",
        ]);
        let root = administrator(app).await;
        // A column that is unknown in each row, and whose name takes four bytes a character
        // in Lambda's payload.
        let rows = (0..5_100).map(|number| format!("A-{number},x\n"));
        let table = format!("sku,\"{}\"\n{}", "\"\"".repeat(1_000), rows.collect::<String>());
        let begun = import(app, &root, "text/csv", &table).await;
        assert_eq!(begun.status, 202, "{}", begun.json());
        app.platform.settle().await;
        let reply = app.get_as(&root, begun.header("location")).await;
        assert_eq!(reply.json()["failures"].as_array().unwrap().len(), 5_000);
        let payload = serde_json::to_string(&String::from_utf8_lossy(&reply.bytes)).unwrap();
        assert!(payload.len() < 6_000_000, "{} bytes", payload.len());
    });
}

#[test]
fn a_page_of_the_largest_products_fits_in_a_reply() {
    test(async |app| {
        app.has_long_lists(&["catalog.create_product", "catalog.get_product", "catalog.list_products"]);
        let root = administrator(app).await;
        // A quotation mark takes four bytes in Lambda's payload.
        let description = format!("Tea{}", "\"".repeat(9_997));
        let attributes: serde_json::Map<String, Value> =
            (0..50).map(|number| (format!("a{number:02}"), json!("\"".repeat(200)))).collect();
        for number in 0..100 {
            let body = json!({
                "sku": format!("large-{number}"), "title": "Tea", "price": { "amount": 1, "currency": "EUR" },
                "description": description, "attributes": attributes,
            });
            app.post_as(&root, PRODUCTS, body).await.granted();
        }
        let (mut products, mut cursor, mut pages) = (0, String::new(), 0);
        loop {
            let reply = app.get_as(&root, &format!("{PRODUCTS}/export?limit=100{cursor}")).await;
            let payload = serde_json::to_string(&String::from_utf8_lossy(&reply.bytes)).unwrap();
            assert!(payload.len() < 6_000_000, "{} bytes", payload.len());
            let page = reply.json();
            products += page["data"].as_array().unwrap().len();
            pages += 1;
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((products, pages), (100, 2));
    });
}
