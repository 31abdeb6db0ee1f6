//! Products with real texts: in any script, of any length, with two spellings.

use http::Method;
use serde_json::{Value, json};

use super::{CATEGORIES, PRODUCTS, administrator, all, category, path, send};
use crate::harness::{App, client::Reply, test};

async fn titles(app: &App, query: &[(&str, &str)]) -> Vec<String> {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    all(app, &format!("{PRODUCTS}?{query}"), "title").await
}

fn priced(mut body: Value) -> Value {
    if body.get("price").is_none() {
        body["price"] = json!({ "amount": 1000, "currency": "EUR" });
    }
    body
}

async fn create(app: &App, root: &str, body: Value) -> Value {
    let reply = app.post_as(root, PRODUCTS, priced(body)).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.json()
}

async fn patch(app: &App, root: &str, product: &Value, body: Value) -> Reply {
    send(app, root, Method::PATCH, &path(PRODUCTS, product), body).await
}

#[test]
fn a_title_is_found_in_every_spelling_of_its_words() {
    test(async |app| {
        let root = administrator(app).await;
        for title in ["Crème brûlée", "Зелёный чай", "ΚΟΣΜΟΣ Ήλιος", "Cafe\u{301}", "C++ and C#", "Йогурт"]
        {
            create(app, &root, json!({ "title": title })).await;
        }
        for (q, title) in [
            ("creme", "Crème brûlée"),
            ("Cre\u{300}me bru", "Crème brûlée"),
            ("BRULEE", "Crème brûlée"),
            ("зеленый", "Зелёный чай"),
            ("ЗЕЛЁНЫЙ Ч", "Зелёный чай"),
            ("κοσ", "ΚΟΣΜΟΣ Ήλιος"),
            ("κόσμος ηλ", "ΚΟΣΜΟΣ Ήλιος"),
            ("ΗΛΙΟΣ", "ΚΟΣΜΟΣ Ήλιος"),
            ("café", "Café"),
            ("c++", "C++ and C#"),
            ("c#", "C++ and C#"),
        ] {
            assert_eq!(titles(app, &[("q", q)]).await, [title], "{q}");
        }
        assert!(titles(app, &[("q", "иогурт")]).await.is_empty(), "й is no и");
        for nothing in ["", " ", "\u{200b}", "?!", "***"] {
            assert_eq!(titles(app, &[("q", nothing)]).await.len(), 6, "{nothing:?}");
        }
    });
}

#[test]
fn every_word_of_a_long_title_and_every_sku_is_found_once() {
    test(async |app| {
        app.has_long_lists(&[
            "catalog.create_product",
            "catalog.replace_product",
            "catalog.delete_product",
            "catalog.get_product",
            "catalog.list_products",
        ]);
        let root = administrator(app).await;
        let words: Vec<String> = (0..20).map(|number| format!("слово{number:02}")).collect();
        let title = words.join(" ");
        let variants: Vec<Value> =
            (0..50).map(|number| json!({ "sku": format!("V{number:02}-x") })).collect();
        let mut ids = Vec::new();
        for number in 0..10 {
            ids.push(category(app, &root, &format!("Shelf {number}"), None).await);
        }
        let attributes = json!({ "brand": "a", "color": "b", "material": "c", "size": "d" });
        let body = json!({ "sku": "MAIN", "title": title, "variants": variants, "category_ids": ids, "attributes": attributes });
        let largest = create(app, &root, body).await;
        for number in [0, 12, 16, 49] {
            let sku = format!("v{number:02}-X");
            assert_eq!(
                titles(app, &[("q", &sku), ("limit", "1")]).await,
                std::slice::from_ref(&title),
                "{sku}"
            );
        }
        let body = json!({ "title": title.replace("слово", "word"), "status": "active" });
        assert_eq!(patch(app, &root, &largest, body).await.status, 200, "the largest product can be changed");
        let longest = json!({ "title": title, "variants": variants[..15] });
        assert_eq!(app.post_as(&root, PRODUCTS, priced(longest)).await.problem().1, "sku_taken");
        let variants: Vec<Value> = (0..14).map(|number| json!({ "sku": format!("W{number:02}") })).collect();
        let product =
            create(app, &root, json!({ "sku": "OTHER", "title": title, "variants": variants })).await;
        for word in ["слово00", "слово08", "слово19", "W13", "w1"] {
            assert_eq!(
                titles(app, &[("q", word), ("limit", "1")]).await,
                std::slice::from_ref(&title),
                "{word}"
            );
        }
        let gone = app.delete_as(&root, &path(PRODUCTS, &product)).await;
        assert_eq!(gone.status, 204);
        assert!(titles(app, &[("q", "слово")]).await.is_empty());
        assert_eq!(app.delete_as(&root, &path(PRODUCTS, &largest)).await.status, 204);
    });
}

#[test]
fn a_filter_shows_what_has_its_value_and_no_other() {
    test(async |app| {
        let root = administrator(app).await;
        let long = "б".repeat(150);
        let values = [
            "AM3",
            "AM3+",
            "1/2",
            "1-2",
            "1.2",
            "½",
            "***",
            "Σίγμας",
            &format!("{long}1"),
            &format!("{long}2"),
        ];
        for value in values {
            create(app, &root, json!({ "title": value, "attributes": { "size": value } })).await;
        }
        for value in values {
            assert_eq!(titles(app, &[("size", value)]).await, [value]);
        }
        assert_eq!(titles(app, &[("size", "ΣΊΓΜΑΣ")]).await, ["Σίγμας"]);
        assert_eq!(titles(app, &[("size", " am3+ ")]).await, ["AM3+"]);
        for empty in
            [[("size", "")], [("sku", " ")], [("brand", "\u{200b}")], [("sort", "")], [("status", "")]]
        {
            assert_eq!(titles(app, &empty).await.len(), values.len(), "{empty:?}");
        }
    });
}

#[test]
fn a_bound_beyond_every_price_is_no_other_bound() {
    test(async |app| {
        let root = administrator(app).await;
        for amount in [5_i64, 250_000_000_000, 999_999_999_999] {
            let price = json!({ "amount": amount, "currency": "IRR" });
            create(app, &root, json!({ "title": amount.to_string(), "price": price })).await;
        }
        for (bound, value, count) in [
            ("price_lte", "1000000000000", 3),
            ("price_lte", "18446744073709551615", 3),
            ("price_gte", "1000000000000", 0),
            ("price_gte", "5000000000000", 0),
            ("price_gte", "999999999999", 1),
        ] {
            let found = titles(app, &[("sort", "price"), ("currency", "IRR"), (bound, value)]).await;
            assert_eq!(found.len(), count, "{bound}={value}");
        }
    });
}

#[test]
fn skus_that_differ_in_case_only_are_one_and_kept_as_written() {
    test(async |app| {
        let root = administrator(app).await;
        let tea = create(app, &root, json!({ "sku": "Tea-1", "title": "Tea" })).await;
        assert_eq!(tea["sku"], "Tea-1");
        for sku in ["Tea-1", "tea-1", "TEA-1"] {
            let again = app.post_as(&root, PRODUCTS, priced(json!({ "sku": sku, "title": "Other" }))).await;
            assert_eq!(again.problem(), (409, "sku_taken".to_owned()), "{sku}");
            assert_eq!(titles(app, &[("sku", sku)]).await, ["Tea"]);
        }
        let twice = json!({ "title": "Mug", "variants": [{ "sku": "mug-1" }, { "sku": "MUG-1" }] });
        let twice = app.post_as(&root, PRODUCTS, priced(twice)).await;
        assert_eq!(twice.faults(), [("/variants/1/sku".to_owned(), "duplicate".to_owned())]);
        // A product's own SKU in another case is not another product's.
        assert_eq!(patch(app, &root, &tea, json!({ "sku": "TEA-1" })).await.json()["sku"], "TEA-1");
        assert_eq!(patch(app, &root, &tea, json!({ "sku": "tea-2" })).await.status, 200);
        create(app, &root, json!({ "sku": "tea-1", "title": "Free again" })).await;
    });
}

#[test]
fn a_variant_inherits_title_and_price_until_it_has_its_own() {
    test(async |app| {
        let root = administrator(app).await;
        let own = json!({ "sku": "B", "title": "500 g", "price": { "amount": 1500, "currency": "EUR" } });
        let tea =
            create(app, &root, json!({ "sku": "T", "title": "Tea", "variants": [{ "sku": "A" }, own] }))
                .await;
        let shown = |product: &Value| {
            let variants = product["variants"].as_array().unwrap().iter();
            let shown = variants.map(|it| (it["title"].clone(), it["price"]["amount"].clone()));
            shown.collect::<Vec<_>>()
        };
        assert_eq!(json!(shown(&tea)), json!([["Tea", 1000], ["500 g", 1500]]));
        let changed = patch(app, &root, &tea, json!({ "title": "Green tea", "price": { "amount": 1200 } }))
            .await
            .json();
        assert_eq!(json!(shown(&changed)), json!([["Green tea", 1200], ["500 g", 1500]]));
        app.platform.settle().await;
        let events = app.outbox(&format!("PRODUCT#{}", tea["id"].as_str().unwrap()), "PRODUCT").await;
        assert_eq!(events[0]["data"]["product"]["variants"][0]["price"]["amount"], 1200);
        // A PATCH with the values that were shown pins none of them.
        let echo = json!({ "variants": changed["variants"] });
        assert_eq!(patch(app, &root, &tea, echo).await.json()["version"], changed["version"]);
        let price = json!({ "amount": 1300 });
        let again = patch(app, &root, &tea, json!({ "price": price })).await.json();
        assert_eq!(json!(shown(&again)), json!([["Green tea", 1300], ["500 g", 1500]]));
        let only = json!({ "variants": [{ "sku": "A" }] });
        patch(app, &root, &tea, only).await.granted();
        let dollars =
            patch(app, &root, &tea, json!({ "price": { "amount": 1100, "currency": "USD" } })).await.json();
        assert_eq!(dollars["variants"][0]["price"], json!({ "amount": 1100, "currency": "USD" }));
    });
}

#[test]
fn variants_that_nobody_can_tell_apart_are_refused() {
    test(async |app| {
        let root = administrator(app).await;
        let of = |one: Value, other: Value| json!({ "title": "Shirt", "variants": [{ "sku": "A", "attributes": one }, { "sku": "B", "attributes": other }] });
        let alike = app
            .post_as(
                &root,
                PRODUCTS,
                priced(of(json!({ "size": "M\u{65}\u{301}" }), json!({ "size": "Mé" }))),
            )
            .await;
        assert_eq!(alike.faults(), [("/variants/1/attributes".to_owned(), "duplicate_variant".to_owned())]);
        let shirt = create(app, &root, of(json!({}), json!({}))).await;
        patch(app, &root, &shirt, of(json!({ "size": "M" }), json!({ "size": "L" }))).await.granted();
    });
}

#[test]
fn a_slug_says_the_name_in_latin_letters_and_begins_as_it_does() {
    test(async |app| {
        app.has_long_lists(&["catalog.create_product", "catalog.replace_product", "catalog.delete_product"]);
        let root = administrator(app).await;
        for (title, slug) in [
            ("Crème brûlée 500 ml", "creme-brulee-500-ml-"),
            ("Зелёный чай", "zelenyy-chay-"),
            ("Ελληνικός καφές", "ellinikos-kafes-"),
            (&format!("Alabaster {}", "bookends ".repeat(15)), "alabaster-bookends-bookends-"),
        ] {
            let product = create(app, &root, json!({ "title": title })).await;
            let own = product["slug"].as_str().unwrap();
            assert!(own.starts_with(slug) && own.len() <= 100, "{own}");
        }
        let named = async |name: &str| {
            let reply = app.post_as(&root, CATEGORIES, json!({ "name": name })).await.json();
            reply["slug"].as_str().unwrap().to_owned()
        };
        assert_eq!(named("Tee für Männer").await, "tee-fur-manner");
        let second = named("Tee fur Manner").await;
        assert!(second.starts_with("tee-fur-manner-"), "{second}");
        assert_eq!(named(&format!("{} b", "a".repeat(99))).await, "a".repeat(99));
        assert_eq!(named("Чай и кофе").await, "chay-i-kofe");
        assert!(named("!!!").await.starts_with("cat-"));
    });
}

#[test]
fn texts_are_of_one_line_or_of_several_and_show_something() {
    test(async |app| {
        let root = administrator(app).await;
        let body = json!({
            "title": "Te\u{301}",
            "description": "Black tea.\r\n\tWith bergamot.\r",
            "attributes": { "brand": " Café ", "size": "100\u{a0}g" },
            "images": ["https://bücher.example/чай 1.jpg", "HTTPS://img.example.com/a.jpg"],
        });
        let tea = create(app, &root, body).await;
        assert_eq!(
            (&tea["title"], &tea["description"]),
            (&json!("Té"), &json!("Black tea.\n\tWith bergamot."))
        );
        assert_eq!(tea["attributes"]["brand"], "Café");
        let stored =
            ["https://xn--bcher-kva.example/%D1%87%D0%B0%D0%B9%201.jpg", "https://img.example.com/a.jpg"];
        assert_eq!(tea["images"], json!(stored));
        for text in ["\u{200b}", "\u{3164}", "a\u{202e}b", "a\u{2028}b", "a\r\nb"] {
            let refused = app.post_as(&root, PRODUCTS, priced(json!({ "title": text }))).await;
            assert_eq!(refused.faults(), [("/title".to_owned(), "invalid_title".to_owned())], "{text:?}");
            let refused = patch(app, &root, &tea, json!({ "attributes": { "brand": text } })).await;
            assert_eq!(refused.faults(), [("/attributes".to_owned(), "invalid_attributes".to_owned())]);
            let variants = json!({ "variants": [{ "sku": "V", "title": text }] });
            assert_eq!(patch(app, &root, &tea, variants).await.status, 422);
            assert_eq!(app.post_as(&root, CATEGORIES, json!({ "name": text })).await.status, 422, "{text:?}");
        }
        let category = json!({ "name": "Tea", "description": "Leaves.\r\nOf one plant." });
        let category = app.post_as(&root, CATEGORIES, category).await.json();
        assert_eq!(category["description"], "Leaves.\nOf one plant.");
    });
}

#[test]
fn an_export_has_a_product_once_if_its_status_changes_between_pages() {
    test(async |app| {
        let root = administrator(app).await;
        let mut products = Vec::new();
        for number in 0..6 {
            app.advance(std::time::Duration::from_secs(1));
            products.push(create(app, &root, json!({ "title": format!("Tea {number}") })).await);
        }
        let mut seen: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        for turn in 0.. {
            let page = app.get_as(&root, &format!("{PRODUCTS}/export?limit=2{cursor}")).await.json();
            seen.extend(page["data"].as_array().unwrap().iter().map(|product| product["id"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            // The next product becomes a draft, a product already listed is archived.
            patch(app, &root, &products[turn], json!({ "status": "draft" })).await.granted();
            patch(app, &root, &products[5 - turn], json!({ "status": "archived" })).await.granted();
        }
        let mut expected: Vec<Value> = products.iter().map(|product| product["id"].clone()).collect();
        expected.reverse();
        assert_eq!(seen, expected);
    });
}
