//! `/api/v1/products`: create, change and delete a product.

use http::Method;
use serde_json::{Value, json};

use super::{PRODUCTS, administrator, all, category, path, product, send};
use crate::harness::{App, test};

fn tea() -> Value {
    json!({ "title": "Earl Grey", "sku": "TEA-1", "slug": "earl-grey", "price": { "amount": 790, "currency": "EUR" } })
}

async fn kinds(app: &App) -> Vec<String> {
    app.platform.settle().await;
    let travelled = app.platform.cloud().travelled();
    travelled.iter().filter(|it| it.r#type.starts_with("product.")).map(|it| it.r#type.clone()).collect()
}

#[test]
fn a_product_is_made_found_and_announced() {
    test(async |app| {
        let root = administrator(app).await;
        let made = app.post_as(&root, PRODUCTS, tea()).await;
        assert_eq!((made.status, made.header("etag")), (201, "\"1\""));
        let shown = app.get(made.header("location")).await;
        assert_eq!((shown.status, shown.header("cache-control")), (200, "public, max-age=5"));
        assert_eq!(shown.json(), made.json());
        assert_eq!(app.get(&format!("{PRODUCTS}/by-slug/earl-grey")).await.json(), made.json());
        assert_eq!(kinds(app).await, ["product.created"]);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let event = &app.outbox(&format!("PRODUCT#{id}"), "PRODUCT").await[0];
        let variants = &event["data"]["product"]["variants"];
        assert_eq!(variants[0]["sku"], "TEA-1", "a product without variants is its own one");
    });
}

#[test]
fn a_minimal_body_under_the_old_path_is_enough() {
    test(async |app| {
        let root = administrator(app).await;
        let body = json!({ "title": "Tea", "price": { "amount": 1, "currency": "EUR" } });
        let made = app.post_as(&root, "/api/v1/product", body).await;
        assert_eq!((made.status, made.json()["status"].as_str()), (201, Some("active")));
        assert_eq!(made.json()["sku"], made.json()["id"]);
        assert!(made.json()["slug"].as_str().unwrap().starts_with("tea-"));
    });
}

#[test]
fn every_fault_of_a_product_is_said_at_once() {
    test(async |app| {
        let root = administrator(app).await;
        let body = json!({
            "sku": "a b", "price": { "amount": -1, "currency": "EUR" }, "colour": "red",
            "variants": [{ "title": "x" }], "attributes": { "Brand": "x" },
        });
        let faults = app.post_as(&root, PRODUCTS, body).await.faults();
        let expected = [
            ("/colour", "unknown_field"),
            ("/title", "required"),
            ("/sku", "invalid_sku"),
            ("/price/amount", "invalid_amount"),
            ("/attributes", "invalid_attributes"),
            ("/variants/0/sku", "required"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let many: Vec<Value> = (0..51).map(|number| json!({ "sku": format!("V{number}") })).collect();
        let body = json!({ "title": "x", "price": { "amount": 1, "currency": "EUR" }, "variants": many });
        let faults = app.post_as(&root, PRODUCTS, body).await.faults();
        assert_eq!(faults, [("/variants".to_owned(), "too_many".to_owned())]);
        let mut body = tea();
        body["category_ids"] = json!(["cat_01h455vb4pex5vsknk084sn02q"]);
        let faults = app.post_as(&root, PRODUCTS, body).await.faults();
        assert_eq!(faults, [("/category_ids/0".to_owned(), "unknown_category".to_owned())]);
    });
}

#[test]
fn skus_and_slugs_are_unique_until_their_product_is_deleted() {
    test(async |app| {
        let root = administrator(app).await;
        let first = app.post_as(&root, PRODUCTS, tea()).await.json();
        let mut other = tea();
        other["slug"] = "other".into();
        assert_eq!(
            app.post_as(&root, PRODUCTS, other.clone()).await.problem(),
            (409, "sku_taken".to_owned())
        );
        other["sku"] = "TEA-2".into();
        other["variants"] = json!([{ "sku": "TEA-1" }]);
        assert_eq!(app.post_as(&root, PRODUCTS, other).await.problem(), (409, "sku_taken".to_owned()));
        let mut other = tea();
        other["sku"] = "TEA-2".into();
        assert_eq!(app.post_as(&root, PRODUCTS, other).await.problem(), (409, "slug_taken".to_owned()));
        assert_eq!(app.delete_as(&root, &path(PRODUCTS, &first)).await.status, 204);
        assert_eq!(app.delete_as(&root, &path(PRODUCTS, &first)).await.status, 204, "idempotent");
        assert_eq!(app.get(&path(PRODUCTS, &first)).await.problem(), (404, "not_found".to_owned()));
        assert_eq!(app.post_as(&root, PRODUCTS, tea()).await.status, 201);
        assert_eq!(kinds(app).await, ["product.created", "product.deleted", "product.created"]);
    });
}

#[test]
fn a_patch_changes_what_it_names_and_a_put_takes_the_rest_away() {
    test(async |app| {
        let root = administrator(app).await;
        let mut body = tea();
        body["description"] = "Black tea.".into();
        let made = app.post_as(&root, PRODUCTS, body).await.json();
        let place = path(PRODUCTS, &made);
        let patched = send(app, &root, Method::PATCH, &place, json!({ "title": "Lady Grey" })).await;
        assert_eq!((patched.status, patched.header("etag")), (200, "\"2\""));
        assert_eq!(patched.json()["description"], "Black tea.");
        let updated =
            async || app.outbox(&format!("PRODUCT#{}", made["id"].as_str().unwrap()), "PRODUCT").await;
        let event = &updated().await[0];
        assert_eq!((&event["type"], &event["aggregate_version"]), (&json!("product.updated"), &json!(2)));
        let product = json!({
            "product_id": made["id"], "title": "Lady Grey", "slug": "earl-grey", "status": "active",
            "variants": [{
                "variant_id": made["id"], "sku": "TEA-1", "title": "Lady Grey",
                "price": { "amount": 790, "currency": "EUR" },
            }],
            "category_ids": [], "seller": "platform",
        });
        assert_eq!(event["data"], json!({ "changed": ["title"], "product": product }));
        let same = send(app, &root, Method::PATCH, &place, json!({ "title": "Lady Grey" })).await;
        assert_eq!(same.header("etag"), "\"2\"", "nothing has changed");
        let body = json!({ "title": "Lady Grey", "price": { "amount": 800, "currency": "EUR" } });
        let put = send(app, &root, Method::PUT, &place, body).await.json();
        assert_eq!(
            (&put["description"], &put["sku"], &put["version"]),
            (&Value::Null, &json!("TEA-1"), &json!(3))
        );
        assert_eq!(updated().await[0]["data"]["changed"], json!(["description", "price"]));
        assert_eq!(kinds(app).await, ["product.created", "product.updated", "product.updated"]);
        let call = app.request(Method::PATCH, &place).token(&root).header("if-match", "\"1\"");
        let stale = call.json(&json!({ "title": "x" })).send().await;
        assert_eq!(stale.problem(), (412, "stale_version".to_owned()));
    });
}

#[test]
fn the_opening_stock_cannot_be_changed() {
    test(async |app| {
        let root = administrator(app).await;
        let body = |initial: u64, other: u64| {
            json!({
                "title": "Tea",
                "price": { "amount": 300, "currency": "EUR" },
                "variants": [
                    { "sku": "TEA-S", "title": "Small", "initial_stock": initial },
                    { "sku": "TEA-L", "title": "Large", "initial_stock": other },
                ],
            })
        };
        let made = app.post_as(&root, PRODUCTS, body(4, 9)).await.json();
        let path = format!("{PRODUCTS}/{}", made["id"].as_str().unwrap());
        for method in [Method::PUT, Method::PATCH] {
            let refused = app.request(method, &path).token(&root).json(&body(4, 8)).send().await;
            assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()));
            let errors = refused.json()["errors"].clone();
            assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
            assert_eq!(errors[0]["pointer"], "/variants/1/initial_stock");
            assert_eq!(errors[0]["code"], "immutable");
        }
        let unsaid = json!({ "variants": [{ "sku": "TEA-L", "title": "Large" }] });
        let kept = app.request(Method::PATCH, &path).token(&root).json(&unsaid).send().await;
        assert_eq!(kept.json()["variants"][0]["initial_stock"], 9);
    });
}

#[test]
fn a_stock_starts_with_a_number_that_can_still_be_adjusted() {
    test(async |app| {
        let root = administrator(app).await;
        let body = |initial: u64| {
            json!({
                "title": "Tea",
                "price": { "amount": 300, "currency": "EUR" },
                "variants": [{ "sku": "TEA-S", "title": "Small", "initial_stock": initial }],
            })
        };
        let fault = |at: &str| vec![(at.to_owned(), "invalid_stock".to_owned())];
        for initial in [1_000_000_001, u64::MAX] {
            let refused = app.post_as(&root, PRODUCTS, body(initial)).await;
            assert_eq!(refused.faults(), fault("/variants/0/initial_stock"), "{initial}");
            let mut alone = body(0);
            alone["variants"].take();
            alone["initial_stock"] = initial.into();
            assert_eq!(app.post_as(&root, PRODUCTS, alone).await.faults(), fault("/initial_stock"));
        }
        assert_eq!(app.post_as(&root, PRODUCTS, body(1_000_000_000)).await.status, 201);
    });
}

#[test]
fn a_product_follows_its_title_and_categories_into_every_list() {
    test(async |app| {
        let root = administrator(app).await;
        let (one, other) =
            (category(app, &root, "One", None).await, category(app, &root, "Other", None).await);
        let made = product(app, &root, "Earl Grey", 1, &[&one]).await;
        let body = json!({ "title": "Mint", "category_ids": [other] });
        assert_eq!(send(app, &root, Method::PATCH, &path(PRODUCTS, &made), body).await.status, 200);
        let titles = async |query: &str| all(app, query, "title").await;
        assert!(titles(&format!("/api/v1/categories/{one}/products")).await.is_empty());
        assert_eq!(titles(&format!("/api/v1/products_with_category/{other}")).await, ["Mint"]);
        assert!(titles("/api/v1/products?q=earl").await.is_empty());
        assert_eq!(titles("/api/v1/products?q=min").await, ["Mint"]);
    });
}

#[test]
fn a_repeated_request_creates_one_product() {
    test(async |app| {
        let root = administrator(app).await;
        let call = || app.request(Method::POST, PRODUCTS).token(&root).header("idempotency-key", "k");
        let first = call().json(&tea()).send().await;
        let again = call().json(&tea()).send().await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (201, "true"));
        assert_eq!(again.json(), first.json());
        let other = json!({ "title": "x", "price": { "amount": 1, "currency": "EUR" } });
        assert_eq!(call().json(&other).send().await.problem(), (422, "idempotency_key_reused".to_owned()));
    });
}

#[test]
fn a_merge_patch_reaches_every_depth() {
    test(async |app| {
        let root = administrator(app).await;
        let mut body = tea();
        body["attributes"] = json!({ "brand": "Agora", "origin": "IN" });
        body["list_price"] = json!({ "amount": 990, "currency": "EUR" });
        let made = app.post_as(&root, PRODUCTS, body).await.json();
        let place = path(PRODUCTS, &made);
        let patch = async |body: Value| send(app, &root, Method::PATCH, &place, body).await;
        let after = patch(json!({
            "attributes": { "brand": null, "weight": "100 g" },
            "price": { "amount": 1 },
            "list_price": { "amount": 2 },
        }))
        .await
        .json();
        assert_eq!(after["attributes"], json!({ "origin": "IN", "weight": "100 g" }));
        assert_eq!(after["price"], json!({ "amount": 1, "currency": made["price"]["currency"] }));
        assert_eq!(after["list_price"], json!({ "amount": 2, "currency": "EUR" }));
        let faults =
            patch(json!({ "price": { "amount": null }, "attributes": { "brand": 1 } })).await.faults();
        let faults: Vec<_> = faults.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        assert_eq!(faults, [("/price/amount", "required"), ("/attributes", "wrong_type")]);
        assert_eq!(patch(json!({ "attributes": null })).await.json()["attributes"], json!({}));
    });
}

#[test]
fn a_replay_repeats_the_first_reply_after_changes_of_the_product() {
    test(async |app| {
        let root = administrator(app).await;
        let call = || app.request(Method::POST, PRODUCTS).token(&root).header("idempotency-key", "k");
        let first = call().json(&tea()).send().await;
        let made = path(PRODUCTS, &first.json());
        let body = json!({ "title": "Other", "slug": "other" });
        assert_eq!(send(app, &root, Method::PATCH, &made, body).await.status, 200);
        let changed = call().json(&tea()).send().await;
        assert_eq!((changed.status, changed.header("idempotent-replayed")), (201, "true"));
        assert_eq!((changed.json(), changed.header("etag")), (first.json(), first.header("etag")));
        assert_eq!(app.delete_as(&root, &made).await.status, 204);
        let deleted = call().json(&tea()).send().await;
        assert_eq!((deleted.status, deleted.json()), (201, first.json()));
        assert_eq!(deleted.header("location"), first.header("location"));
    });
}

#[test]
fn a_replay_succeeds_after_the_category_is_deleted() {
    test(async |app| {
        let root = administrator(app).await;
        let place = category(app, &root, "Place", None).await;
        let mut body = tea();
        body["category_ids"] = json!([place]);
        let call =
            || app.request(Method::POST, PRODUCTS).token(&root).header("idempotency-key", "k").json(&body);
        let first = call().send().await.json();
        let gone = app.delete_as(&root, &format!("/api/v1/categories/{place}?mode=cascade")).await;
        assert_eq!(gone.status, 204);
        app.platform.settle().await;
        let again = call().send().await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (201, "true"));
        assert_eq!(again.json()["id"], first["id"]);
    });
}

#[test]
fn the_creator_of_a_product_is_erased_with_the_account() {
    test(async |app| {
        let maker = administrator(app).await;
        let place = category(app, &maker, "Place", None).await;
        let made = product(app, &maker, "Tea", 1, &[&place]).await;
        let items = [
            (format!("PRODUCT#{}", made["id"].as_str().unwrap()), "PRODUCT"),
            (format!("CATEGORY#{place}"), "CATEGORY"),
        ];
        let user = app.get_as(&maker, "/api/v1/users/me").await.json()["id"].as_str().unwrap().to_owned();
        let names = async |maker: &str| {
            let mut names = 0;
            for (pk, sk) in &items {
                let item = app.item(pk, sk).await.unwrap();
                let fields = item.iter().filter(|(name, _)| *name != "events");
                names += fields.filter(|(_, value)| format!("{value:?}").contains(maker)).count();
            }
            names
        };
        assert_eq!(names(&user).await, 4, "each names its maker, and is listed by it");
        app.administrator("heir-marker@example.com").await;
        assert_eq!(app.delete_as(&maker, "/api/v1/users/me").await.status, 204);
        app.platform.settle().await;
        assert_eq!(names(&user).await, 0);
        assert_eq!(app.get(&path(PRODUCTS, &made)).await.status, 200, "what was made is there still");
    });
}

#[test]
fn only_administrators_write_and_see_drafts() {
    test(async |app| {
        let root = administrator(app).await;
        let user = app.register().await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(app.post(PRODUCTS, tea()).await.problem().0, 401);
        assert_eq!(app.post_as(&user, PRODUCTS, tea()).await.problem(), (403, "forbidden".to_owned()));
        let mut body = tea();
        body["status"] = "draft".into();
        let made = app.post_as(&root, PRODUCTS, body).await.json();
        let place = path(PRODUCTS, &made);
        assert_eq!(app.get(&place).await.status, 404);
        assert_eq!(app.get_as(&user, &place).await.status, 404);
        assert_eq!(app.get_as(&root, &place).await.status, 200);
        let drafts = format!("{PRODUCTS}?status=draft");
        assert_eq!(app.get(&drafts).await.status, 401);
        assert_eq!(app.get_as(&user, &drafts).await.status, 403);
        let shown = app.get_as(&root, &drafts).await;
        assert_eq!(shown.json()["data"].as_array().unwrap().len(), 1);
        assert_eq!(shown.header("cache-control"), "private, no-cache");
    });
}
