//! `POST /api/v1/products/import` of organisations

use super::*;

async fn import(app: &App, person: &Person, seller: &str, rows: &str) -> Reply {
    let path = format!("/api/v1/products/import?seller={seller}");
    let text = format!("sku,title,price,currency\n{rows}");
    app.request(http::Method::POST, &path).token(&person.token).text("text/csv", &text).send().await
}

/// The report of an import, as its importer reads it.
async fn report(app: &App, person: &Person, seller: &str, rows: &str) -> Value {
    let begun = import(app, person, seller, rows).await;
    assert_eq!(begun.status, 202, "{}", begun.json());
    app.platform.settle().await;
    get(app, person, begun.header("location").trim_start_matches("/api/v1/")).await.json()
}

fn rows(range: std::ops::Range<u32>) -> String {
    let rows: Vec<String> = range.map(|number| format!("TEA-{number},Tea {number},790,EUR\n")).collect();
    rows.concat()
}

#[test]
fn members_import_products_of_their_organisation() {
    test(async |app| {
        let Society { id, editor, staff, viewer, other, root, .. } = &Society::found(app).await;
        let done = report(app, editor, id, &rows(0..2)).await;
        assert_eq!((&done["created"], &done["failed"], &done["seller"]), (&json!(2), &json!(0), &json!(id)));
        assert_eq!(all(app, viewer, &format!("products?seller={id}"), "sku").await.len(), 2);
        let again = report(app, root, id, &rows(0..2)).await;
        assert_eq!((&again["unchanged"], &again["failed"]), (&json!(2), &json!(0)));
        for person in [staff, viewer, other] {
            assert_eq!(refused(&import(app, person, id, &rows(0..1)).await), (403, "not_permitted"));
        }
        let forbidden = import(app, editor, "platform", &rows(0..1)).await;
        assert_eq!(refused(&forbidden), (403, "forbidden"));
        let begun = import(app, editor, id, &rows(0..1)).await;
        let path = begun.header("location").trim_start_matches("/api/v1/").to_owned();
        assert_eq!(get(app, root, &path).await.status, 200);
        // It exists for members alone.
        assert_eq!(refused(&get(app, other, &path).await), (404, "not_found"));
        for person in [staff, viewer] {
            assert_eq!(refused(&get(app, person, &path).await), (403, "not_permitted"));
        }
        let begun = import(app, root, "platform", "CUP,Cup,790,EUR\n").await;
        let path = begun.header("location").trim_start_matches("/api/v1/").to_owned();
        for person in [editor, other] {
            assert_eq!(refused(&get(app, person, &path).await), (404, "not_found"));
        }
    });
}

#[test]
fn a_row_of_another_sellers_sku_is_refused() {
    test(async |app| {
        let Society { id, other_id, editor, other, root, .. } = &Society::found(app).await;
        product(app, editor, id, "TEA").await;
        let text = "tea,Mine,790,EUR\nCOFFEE,Coffee,790,EUR\n";
        for (person, seller) in [(other, other_id.as_str()), (root, "platform")] {
            let done = report(app, person, seller, &text.replace("COFFEE", &format!("C-{seller}"))).await;
            assert_eq!((&done["created"], &done["failed"]), (&json!(1), &json!(1)), "{done}");
            assert_eq!(done["failures"][0]["code"], "sku_taken");
        }
        let line = json!({ "sku": "CUP", "title": "Cup", "seller": id }).to_string();
        let path = "/api/v1/products/import";
        let begun =
            app.request(http::Method::POST, path).token(&root.token).text("application/x-ndjson", &line);
        let begun = begun.send().await;
        app.platform.settle().await;
        let done = app.get_as(&root.token, begun.header("location")).await.json();
        assert_eq!(done["failures"][0]["code"], "wrong_seller");
    });
}

#[test]
fn the_rows_of_a_removed_member_are_refused() {
    test(async |app| {
        let Society { id, owner, editor, root, .. } = &Society::found(app).await;
        let begun = import(app, editor, id, &rows(0..3)).await;
        assert_eq!(begun.status, 202);
        assert_eq!(delete(app, owner, &member(id, editor)).await.status, 204);
        app.platform.settle().await;
        let path = begun.header("location").trim_start_matches("/api/v1/").to_owned();
        let done = get(app, root, &path).await.json();
        assert_eq!((&done["status"], &done["rows"]), (&json!("done"), &json!(3)));
        let failed = done["failed"].as_u64().unwrap();
        assert_eq!(failed + done["created"].as_u64().unwrap(), 3);
        let failures = done["failures"].as_array().unwrap();
        assert!(failures.iter().all(|failure| failure["code"] == "not_permitted"), "{done}");
        assert_eq!(refused(&get(app, editor, &path).await), (404, "not_found"));
    });
}

#[test]
fn an_import_of_several_chunks_is_processed_whole() {
    test(async |app| {
        app.has_long_lists(&["catalog.put_import_chunk", "catalog.list_products"]);
        let Society { id, editor, viewer, .. } = &Society::found(app).await;
        let done = report(app, editor, id, &rows(0..60)).await;
        assert_eq!((&done["status"], &done["created"]), (&json!("done"), &json!(60)));
        let listed = get(app, viewer, &format!("products?seller={id}&limit=100")).await.json();
        assert_eq!(listed["data"].as_array().unwrap().len(), 60);
    });
}
