//! Lists of products.

use std::fmt::Write as _;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use http::Method;
use serde_json::{Value, json};

use super::{CATEGORIES, PRODUCTS, administrator, all, category, product};
use crate::harness::{App, test, test_in_a_folder, test_of};

async fn titles(app: &App, path: &str) -> Vec<String> {
    all(app, path, "title").await
}

#[test]
fn every_order_has_full_pages_without_gaps() {
    test(async |app| {
        let root = administrator(app).await;
        for (title, cents) in [("Cocoa", 300), ("Agave", 200), ("Earl", 100), ("Bay", 400), ("Dill", 200)] {
            app.advance(std::time::Duration::from_secs(1));
            product(app, &root, title, cents, &[]).await;
        }
        for (query, expected) in [
            ("", ["Dill", "Bay", "Earl", "Agave", "Cocoa"]),
            ("sort=title", ["Agave", "Bay", "Cocoa", "Dill", "Earl"]),
            ("sort=price", ["Earl", "Agave", "Dill", "Cocoa", "Bay"]),
            ("sort=-price", ["Bay", "Cocoa", "Dill", "Agave", "Earl"]),
        ] {
            assert_eq!(
                titles(app, &format!("{PRODUCTS}?{query}&limit=2").replace("?&", "?")).await,
                expected
            );
        }
        let between = "sort=price&currency=EUR&price_gte=200&price_lte=300";
        assert_eq!(titles(app, &format!("{PRODUCTS}?{between}&limit=2")).await, ["Agave", "Dill", "Cocoa"]);
        assert!(titles(app, &format!("{PRODUCTS}?sort=price&currency=USD")).await.is_empty());
    });
}

#[test]
fn filters_that_no_index_serves_together_are_refused() {
    test(async |app| {
        for query in
            ["q=a&sku=b", "q=a&sort=price", "brand=a&color=b", "price_gte=1", "sort=title&currency=EUR"]
        {
            let refused = app.get(&format!("{PRODUCTS}?{query}")).await;
            assert_eq!(refused.problem(), (400, "unsupported_filter_combination".to_owned()), "{query}");
        }
        let refused = app.get(&format!("{PRODUCTS}?colour=red")).await;
        assert_eq!(refused.problem(), (400, "unknown_parameter".to_owned()));
        let refused = app.get(&format!("{PRODUCTS}?cursor=x")).await;
        assert_eq!(refused.problem(), (400, "invalid_cursor".to_owned()));
    });
}

#[test]
fn a_search_by_prefix_of_a_word_or_sku_lists_each_product_once() {
    test(async |app| {
        let root = administrator(app).await;
        product(app, &root, "Green tea", 1, &[]).await;
        product(app, &root, "Tea, Teal", 1, &[]).await;
        let body = json!({ "title": "Mug", "sku": "TEA-MUG", "price": { "amount": 1, "currency": "EUR" } });
        app.post_as(&root, PRODUCTS, body).await.granted();
        assert_eq!(titles(app, &format!("{PRODUCTS}?q=te&limit=1")).await, ["Mug", "Tea, Teal", "Green tea"]);
        assert_eq!(titles(app, &format!("{PRODUCTS}?q=TEA-M")).await, ["Mug"]);
        assert_eq!(titles(app, &format!("{PRODUCTS}?q=green%20te")).await, ["Green tea"]);
        assert!(titles(app, &format!("{PRODUCTS}?q=ea")).await.is_empty());
        assert_eq!(titles(app, &format!("{PRODUCTS}?q=%20")).await.len(), 3, "a search for nothing is none");
        assert_eq!(titles(app, &format!("{PRODUCTS}?sku=TEA-MUG")).await, ["Mug"]);
    });
}

#[test]
fn each_listed_attribute_narrows_a_list_by_its_value() {
    test(async |app| {
        let root = administrator(app).await;
        for (title, name, value) in [
            ("Cup", "brand", "Agora"),
            ("Mug", "brand", "agora"),
            ("Pot", "brand", "Agora Home"),
            ("Cosy", "color", "Dark Red"),
            ("Tray", "material", "oak"),
            ("Tin", "size", "100 g"),
            ("Card", "taste", "Agora"),
        ] {
            app.advance(std::time::Duration::from_secs(1));
            let price = json!({ "amount": 1, "currency": "EUR" });
            let body = json!({ "title": title, "price": price, "attributes": { name: value } });
            assert_eq!(app.post_as(&root, PRODUCTS, body).await.status, 201);
        }
        for (query, expected) in [
            ("brand=AGORA&limit=1", vec!["Mug", "Cup"]),
            ("color=dark%20red", vec!["Cosy"]),
            ("color=dark", vec![]),
            ("material=oak", vec!["Tray"]),
            ("size=100%20g", vec!["Tin"]),
            ("brand=agora&status=active", vec!["Mug", "Cup"]),
        ] {
            assert_eq!(titles(app, &format!("{PRODUCTS}?{query}")).await, expected, "{query}");
        }
    });
}

#[test]
fn a_subtree_lists_each_product_once_while_others_are_added() {
    test(async |app| {
        let root = administrator(app).await;
        let top = category(app, &root, "Top", None).await;
        let left = category(app, &root, "Left", Some(&top)).await;
        let right = category(app, &root, "Right", Some(&top)).await;
        let leaf = category(app, &root, "Leaf", Some(&right)).await;
        product(app, &root, "a", 1, &[&left, &leaf]).await;
        product(app, &root, "b", 1, &[&leaf]).await;
        product(app, &root, "d", 1, &[&top]).await;
        let list = format!("{CATEGORIES}/{top}/products?descendants=true&sort=title&limit=2");
        let page = app.get(&list).await.json();
        product(app, &root, "c", 1, &[&right]).await;
        app.advance(std::time::Duration::from_secs(6));
        let cursor = page["next_cursor"].as_str().unwrap();
        assert_eq!(titles(app, &list).await, ["a", "b", "c", "d"]);
        let rest = app.get(&format!("{list}&cursor={cursor}")).await.json();
        let rest: Vec<_> =
            rest["data"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
        assert_eq!(rest, ["c", "d"]);
        assert_eq!(titles(app, &format!("{CATEGORIES}/{top}/products")).await, ["d"]);
        assert_eq!(titles(app, &format!("{CATEGORIES}/{right}/products?descendants=true")).await.len(), 3);
    });
}

/// More categories than are merged are read one after the other.
#[test]
fn a_wide_subtree_lists_each_product_once_in_the_order_of_the_tree() {
    // A snapshot of so many categories would exceed the budget of a typical one.
    let rarely = |template: &mut Value| template["Parameters"]["TreeSnapshotEvery"]["Default"] = 1_000.into();
    test_of(rarely, async |app| {
        let root = administrator(app).await;
        let top = category(app, &root, "Top", None).await;
        let mut shelves = Vec::new();
        let mut expected = Vec::new();
        for number in 0..68 {
            let shelf = category(app, &root, &format!("Shelf {number}"), Some(&top)).await;
            // Every tenth category is empty.
            if number % 10 != 9 || number > 60 {
                let title = format!("Thing {number:02}");
                product(app, &root, &title, 1, &[&shelf]).await;
                expected.push(title);
            }
            shelves.push(shelf);
        }
        for number in 64..68 {
            let title = format!("Other {number}");
            product(app, &root, &title, 1, &[&shelves[number], &shelves[3]]).await;
            expected.insert(3, title);
        }
        for shelf in (0..60).filter(|number| number % 10 == 9) {
            product(app, &root, &format!("Late {shelf}"), 1, &[&shelves[shelf]]).await;
            let place = expected.iter().position(|title| *title == format!("Thing {:02}", shelf + 1));
            expected.insert(place.unwrap(), format!("Late {shelf}"));
        }
        expected[3..8].sort();
        app.advance(std::time::Duration::from_secs(6));
        let list = format!("{CATEGORIES}/{top}/products?descendants=true&sort=title&limit=7");
        assert_eq!(titles(app, &list).await, expected);

        let page = app.get(&list).await.json();
        product(app, &root, "Added in front", 1, &[&shelves[0]]).await;
        product(app, &root, "Added behind", 1, &[&shelves[67]]).await;
        app.advance(std::time::Duration::from_secs(6));
        let cursor = page["next_cursor"].as_str().unwrap();
        let mut rest = expected.split_off(7);
        rest.insert(rest.len() - 1, "Added behind".to_owned());
        let next = app.get(&format!("{list}&cursor={cursor}")).await.json();
        let next = next["data"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap());
        assert_eq!(next.collect::<Vec<_>>(), rest[..7]);
        let all_of_it = titles(app, &list).await;
        let others = all_of_it.iter().filter(|title| *title != "Added in front").cloned();
        assert_eq!(others.collect::<Vec<_>>(), [expected, rest].concat());
    });
}

/// A product is in the index at each of its words, and is shown at the first.
#[test]
fn a_search_takes_five_round_trips_at_most_for_words_with_one_initial() {
    const ALIKE: usize = 600;
    test_in_a_folder(async |app| {
        app.has_long_lists(&[
            "catalog.list_products",
            "catalog.put_import_chunk",
            "catalog.get_import_chunk",
            "catalog.list_import",
        ]);
        let root = administrator(app).await;
        let mut rows = String::from("sku,title,price,currency\n");
        for number in 0..ALIKE {
            writeln!(rows, "P-{number:03},Xamsung Xmartphone {number:03},100,EUR").unwrap();
        }
        let import = app.request(Method::POST, &format!("{PRODUCTS}/import")).token(&root);
        assert_eq!(import.text("text/csv", &rows).send().await.status, 202);
        app.platform.settle().await;
        let search = async |cursor: &str, limit: usize| {
            let page = app.get(&format!("{PRODUCTS}?q=x&limit={limit}{cursor}")).await.json();
            let line = app.lines.of("catalog-api").pop().unwrap();
            assert!(line.round_trips <= 5, "{} round trips", line.round_trips);
            assert_eq!(page["has_more"], page["next_cursor"].is_string(), "{page}");
            page
        };
        for limit in [1, 20, 100] {
            let (mut found, mut pages, mut cursor) = (Vec::new(), 0, String::new());
            loop {
                let page = search(&cursor, limit).await;
                pages += 1;
                let data = page["data"].as_array().unwrap().iter();
                found.extend(data.map(|it| it["title"].as_str().unwrap().to_owned()));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
                // With pages of one entry a full pass takes too long.
                if limit == 1 && found.len() == 3 {
                    break;
                }
            }
            let expected = if limit == 1 { 3 } else { ALIKE };
            let expected: Vec<_> = (0..expected).map(|it| format!("Xamsung Xmartphone {it:03}")).collect();
            assert_eq!(found, expected);
            // The products, and the rows of their second words, 500 a page.
            assert!(pages <= found.len().div_ceil(limit) + 2, "{pages} pages of {limit}");
        }
        // A position at rows that are all dropped.
        let page = search("", 1).await;
        let bytes = BASE64.decode(page["next_cursor"].as_str().unwrap()).unwrap();
        let made_up = BASE64.encode([&bytes[..12], br#"{"Latest":"xmartphone"}"#].concat());
        let page = search(&format!("&cursor={made_up}"), 1).await;
        assert_eq!((&page["data"], &page["has_more"]), (&json!([]), &json!(true)), "short, and it goes on");
        let page = search(&format!("&cursor={}", page["next_cursor"].as_str().unwrap()), 1).await;
        assert_eq!((&page["data"], &page["has_more"]), (&json!([]), &json!(false)), "100 rows to the end");
    });
}

/// Rows of an earlier release are under `é`, current ones under `e`.
#[test]
fn a_search_of_current_and_former_rows_takes_five_round_trips_in_all() {
    test_in_a_folder(async |app| {
        app.has_long_lists(&[
            "catalog.list_products",
            "catalog.put_import_chunk",
            "catalog.get_import_chunk",
            "catalog.list_import",
        ]);
        let root = administrator(app).await;
        let mut rows = String::from("sku,title,price,currency\n");
        for number in 0..450 {
            writeln!(rows, "P-{number:03},Eagle Egg {number:03},100,EUR").unwrap();
        }
        let import = app.request(Method::POST, &format!("{PRODUCTS}/import")).token(&root);
        assert_eq!(import.text("text/csv", &rows).send().await.status, 202);
        app.platform.settle().await;
        let search = async |cursor: &str| {
            let page = app.get(&format!("{PRODUCTS}?q=%C3%A9&limit=1{cursor}")).await.json();
            let line = app.lines.of("catalog-api").pop().unwrap();
            assert!(line.round_trips <= 5, "{} round trips", line.round_trips);
            (page, line.round_trips)
        };
        let (page, _) = search("").await;
        assert_eq!(page["data"][0]["title"], "Eagle Egg 000");
        // At the 450 rows of the second word, which are dropped: five round trips read them.
        let bytes = BASE64.decode(page["next_cursor"].as_str().unwrap()).unwrap();
        let made_up = BASE64.encode([&bytes[..12], br#"{"Latest":"egg"}"#].concat());
        let (page, round_trips) = search(&format!("&cursor={made_up}")).await;
        assert_eq!((&page["data"], &page["has_more"], round_trips), (&json!([]), &json!(true), 5));
        // The former rows are read by the next page.
        let (page, _) = search(&format!("&cursor={}", page["next_cursor"].as_str().unwrap())).await;
        assert_eq!((&page["data"], &page["has_more"]), (&json!([]), &json!(false)));
    });
}
