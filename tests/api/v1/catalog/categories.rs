//! `/api/v1/categories`

use std::time::Duration;

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use http::{Method, Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use shared::{lambda::Invocation, telemetry::Log};

use super::{CATEGORIES, PRODUCTS, administrator, all, category, product, send};
use crate::harness::{App, Conflicts, client::Reply, test, test_of};

async fn shift(app: &App, token: &str, id: &str, body: Value) -> Reply {
    app.post_as(token, &format!("{CATEGORIES}/{id}/move"), body).await
}

#[test]
fn a_category_stands_at_any_depth_with_its_way_from_the_top() {
    test(async |app| {
        let root = administrator(app).await;
        let mut parent = None;
        for name in ["Food", "Drinks", "Hot drinks", "Tea", "Green tea"] {
            parent = Some(category(app, &root, name, parent.as_deref()).await);
        }
        let shown = app.get(&format!("{CATEGORIES}/{}", parent.unwrap())).await.json();
        assert_eq!((&shown["level"], &shown["slug"]), (&json!(4), &json!("green-tea")));
        let way: Vec<_> =
            shown["breadcrumb"].as_array().unwrap().iter().map(|it| it["slug"].as_str().unwrap()).collect();
        assert_eq!(way, ["food", "drinks", "hot-drinks", "tea"]);
        let found = app.get(&format!("{CATEGORIES}/by-path?path=food/drinks/hot-drinks/tea/green-tea")).await;
        assert_eq!(found.json(), shown);
        assert_eq!(all(app, &format!("{CATEGORIES}?depth=1&limit=1"), "slug").await, ["food", "drinks"]);
        let drinks = shown["breadcrumb"][1]["id"].as_str().unwrap();
        let below = all(app, &format!("{CATEGORIES}/{drinks}/subtree?depth=2&limit=2"), "slug").await;
        assert_eq!(below, ["drinks", "hot-drinks", "tea"]);
        assert_eq!(all(app, &format!("{CATEGORIES}/{drinks}/children"), "slug").await, ["hot-drinks"]);
    });
}

#[test]
fn a_subtree_moves_in_one_write_of_four_units() {
    test(async |app| {
        let root = administrator(app).await;
        let (a, b) = (category(app, &root, "A", None).await, category(app, &root, "B", None).await);
        let middle = category(app, &root, "Middle", Some(&a)).await;
        let leaf = category(app, &root, "Leaf", Some(&middle)).await;
        product(app, &root, "p", 1, &[&leaf]).await;
        let moved = shift(app, &root, &middle, json!({ "parent_id": b })).await;
        assert_eq!((moved.status, moved.header("etag")), (200, "\"2\""));
        let line = app.lines.of("catalog-api").pop().unwrap();
        assert!((line.write_units - 4.0).abs() < f64::EPSILON, "{line:?}");
        let products =
            async |id: &str| all(app, &format!("{CATEGORIES}/{id}/products?descendants=true"), "title").await;
        assert!(products(&a).await.is_empty());
        assert_eq!(products(&b).await, ["p"]);
        assert_eq!(all(app, CATEGORIES, "slug").await, ["a", "b", "middle", "leaf"]);
        let top = shift(app, &root, &leaf, json!({ "parent_id": null, "before": b })).await;
        assert_eq!((top.status, &top.json()["level"]), (200, &json!(0)));
        let line = app.lines.of("catalog-api").pop().unwrap();
        assert!((line.write_units - 4.0).abs() < f64::EPSILON, "one write as well: {line:?}");
        assert_eq!(all(app, &format!("{CATEGORIES}?depth=0"), "slug").await, ["a", "leaf", "b"]);
    });
}

#[test]
fn moves_that_cannot_be_are_refused() {
    test(async |app| {
        let root = administrator(app).await;
        let a = category(app, &root, "A", None).await;
        let b = category(app, &root, "B", Some(&a)).await;
        let same = category(app, &root, "B", None).await;
        for body in [json!({ "parent_id": b }), json!({ "parent_id": a })] {
            assert_eq!(shift(app, &root, &a, body).await.problem(), (409, "category_cycle".to_owned()));
        }
        let taken = shift(app, &root, &same, json!({ "parent_id": a })).await;
        assert_eq!(taken.problem(), (409, "slug_taken".to_owned()));
        let missing = shift(app, &root, &a, json!({})).await;
        assert_eq!(missing.faults(), [("/parent_id".to_owned(), "required".to_owned())]);
        let stranger = shift(app, &root, &b, json!({ "parent_id": null, "before": b })).await;
        assert_eq!(stranger.faults(), [("/before".to_owned(), "unknown_category".to_owned())]);
        let body = json!({ "name": "x", "slug": "b", "parent_id": a });
        assert_eq!(app.post_as(&root, CATEGORIES, body).await.problem(), (409, "slug_taken".to_owned()));
        let gone = json!({ "name": "x", "parent_id": "cat_01h455vb4pex5vsknk084sn02q" });
        let faults = app.post_as(&root, CATEGORIES, gone).await.faults();
        assert_eq!(faults, [("/parent_id".to_owned(), "unknown_category".to_owned())]);
    });
}

#[test]
fn of_two_moves_that_would_make_a_cycle_one_is_refused() {
    test(async |app| {
        let root = administrator(app).await;
        for round in 0..5 {
            let a = category(app, &root, &format!("A{round}"), None).await;
            let b = category(app, &root, &format!("B{round}"), None).await;
            let (one, other) = futures::future::join(
                Box::pin(shift(app, &root, &a, json!({ "parent_id": b }))),
                Box::pin(shift(app, &root, &b, json!({ "parent_id": a }))),
            )
            .await;
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409]);
            let tree = app.get_as(&root, CATEGORIES).await.json();
            assert_eq!(tree["data"].as_array().unwrap().len(), 2 * (round + 1), "both are still there");
        }
    });
}

/// A writer that is overtaken decides again, until the deadline.
#[test]
fn categories_that_are_made_at_once_are_all_made() {
    // No consumer: it would read so many changes at once that it exceeds its budget.
    let deaf = |template: &mut Value| {
        let pattern = &mut template["Resources"]["CatalogConsumerRule"]["Properties"]["EventPattern"];
        pattern["detail-type"] = json!(["user.deleted"]);
    };
    test_of(deaf, async |app| {
        let root = administrator(app).await;
        let mut parents = Vec::new();
        for name in ["A", "B", "C", "D"] {
            parents.push(category(app, &root, name, None).await);
        }
        let mut instances = Vec::new();
        let conflicts = Conflicts::default();
        for _ in 0..8 {
            let mut environment = app.environment("CatalogApi");
            let table = conflicts.on(environment.aws.http_client().unwrap(), Duration::from_millis(5));
            environment.aws = environment.aws.into_builder().http_client(table).build();
            // No log lines: budgets assume no concurrent writers.
            environment.log = Log::from_fn(|_| {});
            instances.push(catalog::api(environment).await.unwrap());
        }
        let bearer = format!("Bearer {root}");
        let invocation = || Invocation {
            deadline: tokio::time::Instant::now() + Duration::from_secs(30),
            client_address: None,
        };
        let make = async |number: usize| {
            let body = json!({ "name": format!("Child {number}"), "parent_id": parents[number % 4] });
            let request = Request::post(CATEGORIES)
                .header("authorization", &bearer)
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()))
                .unwrap();
            instances[number % 8].call(request, invocation()).await.status().as_u16()
        };
        let statuses = futures::future::join_all((0..50).map(|number| Box::pin(make(number)))).await;
        assert_eq!(statuses, [201; 50]);
        assert!(conflicts.count() > 0, "none was in another's way");
        let request = Request::get(format!("{CATEGORIES}?limit=100")).header("authorization", bearer);
        let shown = instances[0].call(request.body(Body::empty()).unwrap(), invocation()).await;
        let shown = shown.into_body().collect().await.unwrap().to_bytes();
        let shown: Value = serde_json::from_slice(&shown).unwrap();
        assert_eq!(shown["data"].as_array().unwrap().len(), 54);
    });
}

#[test]
fn a_category_is_renamed_hidden_and_seen_by_its_version() {
    test(async |app| {
        let root = administrator(app).await;
        let a = category(app, &root, "A", None).await;
        let b = category(app, &root, "B", Some(&a)).await;
        let place = format!("{CATEGORIES}/{a}");
        let body = json!({ "name": "Alpha", "description": "First." });
        let renamed = send(app, &root, Method::PATCH, &place, body).await;
        assert_eq!((renamed.status, renamed.header("etag")), (200, "\"2\""));
        let shown = app.get_as(&root, &place).await;
        assert!(shown.header("etag").starts_with("\"2-"), "{}", shown.header("etag"));
        let call = app.request(Method::PATCH, &place).token(&root).header("if-match", shown.header("etag"));
        assert_eq!(call.json(&json!({ "status": "hidden" })).send().await.status, 200);
        let call = app.request(Method::PATCH, &place).token(&root).header("if-match", shown.header("etag"));
        let stale = call.json(&json!({ "name": "x" })).send().await;
        assert_eq!(stale.problem(), (412, "stale_version".to_owned()));
        app.advance(Duration::from_secs(6));
        for hidden in [&a, &b] {
            assert_eq!(app.get(&format!("{CATEGORIES}/{hidden}")).await.status, 404);
            assert_eq!(app.get_as(&root, &format!("{CATEGORIES}/{hidden}")).await.status, 200);
        }
        assert!(all(app, CATEGORIES, "slug").await.is_empty());
    });
}

#[test]
fn a_category_shows_product_counts_at_most_a_minute_old() {
    test(async |app| {
        let root = administrator(app).await;
        let tea = category(app, &root, "Tea", None).await;
        let green = category(app, &root, "Green", Some(&tea)).await;
        product(app, &root, "Earl Grey", 1, &[&tea]).await;
        product(app, &root, "Sencha", 1, &[&green]).await;
        let counts = async || {
            let shown = app.get_as(&root, &format!("{CATEGORIES}/{tea}")).await.json();
            [shown["product_count"].clone(), shown["total_product_count"].clone()]
        };
        assert_eq!(counts().await, [json!(1), json!(2)]);
        product(app, &root, "Gyokuro", 1, &[&green]).await;
        assert_eq!(counts().await, [json!(1), json!(2)]);
        app.advance(Duration::from_mins(1));
        assert_eq!(counts().await, [json!(1), json!(3)]);
    });
}

#[test]
fn a_replay_repeats_the_first_reply_after_changes_of_the_category() {
    test(async |app| {
        let root = administrator(app).await;
        let call = || {
            let call = app.request(Method::POST, CATEGORIES).token(&root).header("idempotency-key", "k");
            call.json(&json!({ "name": "Tea" }))
        };
        let first = call().send().await;
        let made = first.header("location").to_owned();
        let renamed = send(app, &root, Method::PATCH, &made, json!({ "name": "Coffee" })).await;
        assert_eq!(renamed.status, 200);
        let changed = call().send().await;
        assert_eq!((changed.status, changed.json()), (201, first.json()));
        assert_eq!(app.delete_as(&root, &made).await.status, 204);
        let deleted = call().send().await;
        assert_eq!((deleted.status, deleted.json()), (201, first.json()));
        assert_eq!(deleted.header("idempotent-replayed"), "true");
    });
}

/// A forged cursor with another position: cursors have no MAC.
fn forged(cursor: &Value, position: &str) -> String {
    let bytes = BASE64.decode(cursor.as_str().unwrap()).unwrap();
    BASE64.encode([&bytes[..12], json!(position).to_string().as_bytes()].concat())
}

#[test]
fn a_made_up_cursor_shows_nothing_of_a_hidden_category() {
    test(async |app| {
        let root = administrator(app).await;
        let shown = category(app, &root, "Shown", None).await;
        for name in ["Left", "Right"] {
            category(app, &root, name, Some(&shown)).await;
        }
        category(app, &root, "Also shown", None).await;
        let secret = category(app, &root, "Secret phone", Some(&shown)).await;
        let below = category(app, &root, "Secret phone blue", Some(&secret)).await;
        let leaf = category(app, &root, "Secret phone blue 64", Some(&below)).await;
        let place = format!("{CATEGORIES}/{secret}");
        send(app, &root, Method::PATCH, &place, json!({ "status": "hidden" })).await.granted();
        app.advance(Duration::from_secs(6));
        for list in
            [CATEGORIES, &format!("{CATEGORIES}/{shown}/subtree"), &format!("{CATEGORIES}/{shown}/children")]
        {
            let page = app.get(&format!("{list}?limit=1")).await.json();
            for hidden in [&secret, &below, &leaf] {
                let url = format!("{list}?cursor={}", forged(&page["next_cursor"], hidden));
                let refused = app.get(&url).await;
                assert_eq!(refused.problem(), (400, "invalid_cursor".to_owned()), "{list}");
            }
            let names = all(app, &format!("{list}?limit=1"), "name").await;
            assert!(names.len() > 1 && !names.iter().any(|name| name.contains("Secret")), "{names:?}");
        }
        // A caller who sees the category can continue after it.
        let page = app.get_as(&root, &format!("{CATEGORIES}?limit=1")).await.json();
        let url = format!("{CATEGORIES}?cursor={}", forged(&page["next_cursor"], &secret));
        let rest = app.get_as(&root, &url).await.json();
        assert_eq!(rest["data"][0]["name"], "Secret phone blue");
    });
}

#[test]
fn counts_and_products_do_not_reveal_hidden_categories() {
    test(async |app| {
        app.has_long_lists(&["catalog.create_product"]);
        let root = administrator(app).await;
        let shop = category(app, &root, "Shop", None).await;
        let tea = category(app, &root, "Tea", Some(&shop)).await;
        let secret = category(app, &root, "Secret", Some(&shop)).await;
        let below = category(app, &root, "Below", Some(&secret)).await;
        let earl = product(app, &root, "Earl Grey", 1, &[&below, &tea, &secret]).await;
        product(app, &root, "Prototype", 1, &[&below]).await;
        let shown = async |token: Option<&str>, path: &str| {
            let call = app.request(Method::GET, path);
            match token {
                Some(token) => call.token(token).send().await,
                None => call.send().await,
            }
        };
        let (category, earl) =
            (format!("{CATEGORIES}/{shop}"), format!("{PRODUCTS}/{}", earl["id"].as_str().unwrap()));
        let counts = |reply: &Reply| {
            let category = reply.json();
            ["child_count", "product_count", "total_product_count"].map(|name| category[name].clone())
        };
        assert_eq!(counts(&shown(None, &category).await), [json!(2), json!(0), json!(4)]);
        let before = shown(None, &earl).await;
        assert_eq!(before.json()["category_ids"], json!([below, tea, secret]));
        let body = json!({ "status": "hidden" });
        send(app, &root, Method::PATCH, &format!("{CATEGORIES}/{secret}"), body).await.granted();
        app.advance(Duration::from_secs(6));
        let buyer = app.register().await;
        for token in [None, buyer["access_token"].as_str()] {
            assert_eq!(counts(&shown(token, &category).await), [json!(1), json!(0), json!(1)]);
            let reply = shown(token, &earl).await;
            let product = reply.json();
            assert_eq!(
                (&product["category_ids"], &product["primary_category_id"]),
                (&json!([tea]), &json!(tea))
            );
            assert_ne!(reply.header("etag"), before.header("etag"), "a copy with the hidden ones is stale");
            let by_slug =
                shown(token, &format!("{PRODUCTS}/by-slug/{}", product["slug"].as_str().unwrap())).await;
            assert_eq!(by_slug.json(), product);
        }
        assert_eq!(counts(&shown(Some(&root), &category).await), [json!(2), json!(0), json!(4)]);
        let whole = shown(Some(&root), &earl).await;
        assert_eq!(whole.json()["category_ids"], json!([below, tea, secret]));
        assert_eq!(whole.header("etag"), "\"1\"");
    });
}
