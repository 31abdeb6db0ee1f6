//! `/api/v1/products` of organisations

use super::*;

#[test]
fn members_publish_and_change_products_of_their_organisation() {
    test(async |app| {
        let Society { id, owner, editor, .. } = &Society::found(app).await;
        let path = product(app, editor, id, "TEA").await;
        let shown = app.get(&format!("/api/v1/{path}")).await.json();
        assert_eq!((&shown["seller"], shown.get("initial_stock")), (&json!(id), None));
        let renamed = patch(app, owner, &path, json!({ "title": "Earl Grey", "seller": id })).await;
        assert_eq!((renamed.status, &renamed.json()["title"]), (200, &json!("Earl Grey")));
        let body = json!({ "title": "Earl Grey", "price": { "amount": 900, "currency": "EUR" } });
        let replaced = ask(app, editor, http::Method::PUT, &path, body).await.json();
        assert_eq!((&replaced["seller"], &replaced["price"]["amount"]), (&json!(id), &json!(900)));
        assert_eq!(delete(app, editor, &path).await.status, 204);
        assert_eq!(get(app, editor, &path).await.status, 404);
    });
}

#[test]
fn a_product_without_a_seller_is_the_platforms() {
    test(async |app| {
        let Society { editor, root, .. } = &Society::found(app).await;
        let mut body = body("platform", "TEA");
        assert_eq!(refused(&post(app, editor, "products", body.clone()).await), (403, "forbidden"));
        body.as_object_mut().unwrap().remove("seller");
        assert_eq!(refused(&post(app, editor, "products", body.clone()).await), (403, "forbidden"));
        let made = post(app, root, "products", body).await;
        assert_eq!((made.status, &made.json()["seller"]), (201, &json!("platform")));
    });
}

#[test]
fn the_seller_of_a_product_never_changes() {
    test(async |app| {
        let Society { id, other_id, owner, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        for (person, seller) in [(owner, "platform"), (root, "platform"), (root, other_id.as_str())] {
            let reply = patch(app, person, &path, json!({ "seller": seller })).await;
            assert_eq!(reply.faults(), [("/seller".to_owned(), "immutable".to_owned())], "{seller}");
        }
        let reply = patch(app, owner, &path, json!({ "seller": "guild" })).await;
        assert_eq!(reply.faults(), [("/seller".to_owned(), "invalid_seller".to_owned())]);
    });
}

#[test]
fn a_sku_of_another_seller_is_taken() {
    test(async |app| {
        let Society { id, other_id, owner, other, root, .. } = &Society::found(app).await;
        product(app, owner, id, "TEA").await;
        for (person, seller) in [(other, other_id.as_str()), (root, "platform"), (owner, id.as_str())] {
            let reply = post(app, person, "products", body(seller, "tea")).await;
            assert_eq!(refused(&reply), (409, "sku_taken"), "{seller}");
        }
        let path = product(app, other, other_id, "COFFEE").await;
        let reply = patch(app, other, &path, json!({ "sku": "Tea" })).await;
        assert_eq!(refused(&reply), (409, "sku_taken"));
    });
}

#[test]
fn drafts_and_opening_stock_are_shown_to_members_only() {
    test(async |app| {
        let Society { id, owner, viewer, other, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        for (person, stock) in [(viewer, json!(20)), (root, json!(20)), (other, Value::Null)] {
            assert_eq!(get(app, person, &path).await.json()["initial_stock"], stock);
        }
        assert_eq!(patch(app, owner, &path, json!({ "status": "draft" })).await.status, 200);
        for (person, status) in [(viewer, 200), (root, 200), (other, 404)] {
            assert_eq!(get(app, person, &path).await.status, status);
        }
        assert_eq!(app.get(&format!("/api/v1/{path}")).await.status, 404);
        // To others the draft does not exist, in whatever they try.
        assert_eq!(refused(&patch(app, other, &path, json!({ "title": "Mine" })).await), (404, "not_found"));
        assert_eq!(delete(app, other, &path).await.status, 204);
        assert_eq!(get(app, owner, &path).await.status, 200);
    });
}

#[test]
fn products_are_listed_by_their_seller() {
    test(async |app| {
        let Society { id, owner, viewer, other, root, .. } = &Society::found(app).await;
        for number in 0..5 {
            app.advance(std::time::Duration::from_secs(1));
            product(app, owner, id, &format!("TEA-{number}")).await;
            product(app, root, "platform", &format!("CUP-{number}")).await;
        }
        let mut draft = body(id, "DRAFT");
        draft["status"] = json!("draft");
        assert_eq!(post(app, owner, "products", draft).await.status, 201);
        let teas = ["TEA-4", "TEA-3", "TEA-2", "TEA-1", "TEA-0"];
        for person in [viewer, other, root] {
            assert_eq!(all(app, person, &format!("products?seller={id}"), "sku").await, teas);
            let cups = all(app, person, "products?seller=platform", "sku").await;
            assert_eq!(cups, ["CUP-4", "CUP-3", "CUP-2", "CUP-1", "CUP-0"]);
        }
        let drafts = format!("products?seller={id}&status=draft");
        assert_eq!(all(app, viewer, &drafts, "sku").await, ["DRAFT"]);
        assert_eq!(all(app, root, &drafts, "sku").await, ["DRAFT"]);
        assert_eq!(refused(&get(app, other, &drafts).await), (403, "forbidden"));
        assert_eq!(refused(&app.get(&format!("/api/v1/{drafts}")).await), (401, "authentication_required"));
        for (query, code) in [
            ("sort=title", "unsupported_filter_combination"),
            ("q=the", "unsupported_filter_combination"),
            ("brand=agora", "unsupported_filter_combination"),
            ("sku=TEA-1", "unsupported_filter_combination"),
        ] {
            let reply = app.get(&format!("/api/v1/products?seller={id}&{query}")).await;
            assert_eq!(refused(&reply), (400, code), "{query}");
        }
        assert_eq!(refused(&app.get("/api/v1/products?seller=guild").await), (400, "invalid_parameter"));
    });
}

#[test]
fn a_removed_or_demoted_member_can_write_nothing_from_then_on() {
    test(async |app| {
        let society = Society::found(app).await;
        let Society { id, owner, editor, customer, .. } = &society;
        let path = product(app, editor, id, "TEA").await;
        let placed = ordered(app, customer, "k", "TEA").await;
        let refuses_all = async || {
            for reply in [
                patch(app, editor, &path, json!({ "title": "Mine" })).await,
                delete(app, editor, &path).await,
                post(app, editor, "products", body(id, "MINE")).await,
            ] {
                assert_eq!(refused(&reply), (403, "not_permitted"));
                assert_eq!(reply.json()["needs"], "editor");
            }
            assert_eq!(adjust(app, editor, "TEA", "k").await.status, 403);
            assert_eq!(command(app, editor, &format!("{placed}/confirm")).await.status, 403);
        };
        let demoted = patch(app, owner, &member(id, editor), json!({ "role": "viewer" })).await;
        assert_eq!(demoted.status, 200);
        refuses_all().await;
        assert_eq!(delete(app, owner, &member(id, editor)).await.status, 204);
        refuses_all().await;
        assert_eq!(get(app, editor, &placed).await.status, 404);
        assert_eq!(get(app, owner, &path).await.json()["title"], "The TEA");
    });
}

/// The checks and the row of the seller fit into the transaction, too.
#[test]
fn the_largest_product_of_an_organisation_is_written() {
    test(async |app| {
        app.has_long_lists(&["catalog.create_product", "catalog.replace_product", "catalog.get_product"]);
        let Society { id, editor, root, .. } = &Society::found(app).await;
        let mut categories = Vec::new();
        for number in 0..10 {
            let made = post(app, root, "categories", json!({ "name": format!("Shelf {number}") })).await;
            categories.push(made.json()["id"].clone());
        }
        let words: Vec<String> = (0..20).map(|number| format!("word{number:02}")).collect();
        let variants: Vec<Value> = (0..50).map(|number| json!({ "sku": format!("V{number:02}") })).collect();
        let mut body = body(id, "MAIN");
        body.as_object_mut().unwrap().remove("initial_stock");
        body["title"] = json!(words.join(" "));
        body["variants"] = json!(variants);
        body["category_ids"] = json!(categories);
        body["attributes"] = json!({ "brand": "a", "color": "b", "material": "c", "size": "d" });
        let made = post(app, editor, "products", body).await;
        assert_eq!(made.status, 201, "{}", made.json());
        let path = made.header("location").trim_start_matches("/api/v1/").to_owned();
        let title = words.join(" ").replace("word", "term");
        let patched = patch(app, editor, &path, json!({ "title": title })).await;
        assert_eq!(patched.status, 200, "{}", patched.json());
    });
}
