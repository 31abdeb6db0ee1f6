//! `/api/v1/orders` and `/api/v1/stock` of organisations

use super::*;

#[test]
fn an_order_of_an_organisation_is_finished_by_its_members() {
    test(async |app| {
        let Society { id, editor, staff, customer, .. } = &Society::found(app).await;
        product(app, editor, id, "TEA").await;
        let placed = ordered(app, customer, "k", "TEA").await;
        assert_eq!(get(app, customer, &placed).await.json()["seller"], json!(id));
        assert_eq!(refused(&command(app, staff, &format!("{placed}/confirm")).await), (403, "not_permitted"));
        for (person, verb, status) in [
            (editor, "confirm", "confirmed"),
            (staff, "fulfil", "fulfilled"),
            (staff, "complete", "completed"),
        ] {
            let reply = command(app, person, &format!("{placed}/{verb}")).await;
            assert_eq!((reply.status, &reply.json()["status"]), (200, &json!(status)));
        }
        // The customer learns no ids of members.
        let history = get(app, customer, &format!("{placed}/history")).await.json();
        assert!(history["data"].as_array().unwrap().iter().all(|step| step["actor"] == "administrator"));
        let history = get(app, staff, &format!("{placed}/history")).await.json();
        assert_eq!(history["data"][1]["actor"], json!(staff.id));
    });
}

#[test]
fn editors_change_cancel_and_refund_orders_and_delete_none() {
    test(async |app| {
        let Society { id, editor, customer, root, .. } = &Society::found(app).await;
        product(app, editor, id, "TEA").await;
        let placed = ordered(app, customer, "a", "TEA").await;
        let changed = patch(app, editor, &placed, json!({ "quantity": 3 })).await;
        assert_eq!((changed.status, &changed.json()["lines"][0]["quantity"]), (200, &json!(3)));
        assert_eq!(refused(&delete(app, editor, &placed).await), (403, "forbidden"));
        assert_eq!(post(app, editor, &format!("{placed}/cancel"), json!({})).await.status, 200);
        let paid = ordered(app, customer, "b", "TEA").await;
        assert_eq!(command(app, editor, &format!("{paid}/confirm")).await.status, 200);
        assert_eq!(post(app, editor, &format!("{paid}/refund"), json!({})).await.status, 200);
        assert_eq!(delete(app, root, &placed).await.status, 204);
        assert_eq!(get(app, editor, &placed).await.status, 404);
    });
}

#[test]
fn an_order_has_lines_of_one_seller() {
    test(async |app| {
        let Society { id, other_id, owner, other, customer, root, .. } = &Society::found(app).await;
        product(app, owner, id, "TEA").await;
        product(app, other, other_id, "COFFEE").await;
        product(app, root, "platform", "CUP").await;
        let reply = order(app, customer, "k", &["TEA", "COFFEE", "CUP"]).await;
        assert_eq!(refused(&reply), (409, "several_sellers"));
        let expected = json!([
            { "sku": "COFFEE", "seller": other_id },
            { "sku": "CUP", "seller": "platform" },
            { "sku": "TEA", "seller": id },
        ]);
        assert_eq!(reply.json()["lines"], expected);
        let placed = ordered(app, customer, "l", "TEA").await;
        for lines in [
            json!([{ "sku": "TEA", "quantity": 1 }, { "sku": "CUP", "quantity": 1 }]),
            json!([{ "sku": "COFFEE", "quantity": 1 }]),
        ] {
            let reply = patch(app, customer, &placed, json!({ "lines": lines })).await;
            assert_eq!(refused(&reply), (409, "several_sellers"));
        }
        let stock = get(app, other, "stock/COFFEE").await.json();
        assert_eq!((&stock["reserved"], &stock["seller"]), (&json!(0), &json!(other_id)));
    });
}

#[test]
fn staff_see_the_address_and_viewers_do_not() {
    test(async |app| {
        let society = Society::found(app).await;
        let Society { id, owner, editor, staff, viewer, other, customer, .. } = &society;
        product(app, owner, id, "TEA").await;
        let placed = ordered(app, customer, "k", "TEA").await;
        for person in [owner, editor, staff, customer] {
            let shown = get(app, person, &placed).await.json();
            assert_eq!(shown["shipping_address"]["city"], "London");
        }
        let shown = get(app, viewer, &placed).await;
        assert_eq!((shown.status, &shown.json()["shipping_address"]), (200, &Value::Null));
        for path in [placed.clone(), format!("{placed}/history")] {
            assert_eq!(refused(&get(app, other, &path).await), (404, "not_found"));
        }
        assert_eq!(refused(&command(app, other, &format!("{placed}/fulfil")).await), (403, "forbidden"));
    });
}

#[test]
fn orders_are_listed_by_their_seller() {
    test(async |app| {
        let society = Society::found(app).await;
        let Society { id, other_id, owner, viewer, other, customer, root, .. } = &society;
        product(app, owner, id, "TEA").await;
        product(app, root, "platform", "CUP").await;
        let mut placed = Vec::new();
        for number in 0..3 {
            app.advance(std::time::Duration::from_secs(1));
            let path = ordered(app, customer, &format!("t{number}"), "TEA").await;
            placed.insert(0, path.trim_start_matches("orders/").to_owned());
            ordered(app, customer, &format!("c{number}"), "CUP").await;
        }
        assert_eq!(command(app, owner, &format!("orders/{}/confirm", placed[1])).await.status, 200);
        let list = format!("orders?seller={id}");
        for person in [viewer, root] {
            assert_eq!(all(app, person, &list, "id").await, placed);
            let confirmed = all(app, person, &format!("{list}&status=confirmed"), "id").await;
            assert_eq!(confirmed, placed[1..2]);
        }
        for person in [other, customer] {
            assert_eq!(refused(&get(app, person, &list).await), (403, "forbidden"));
        }
        assert!(all(app, other, &format!("orders?seller={other_id}"), "id").await.is_empty());
        let both = get(app, root, &format!("{list}&user_id={}", customer.id)).await;
        assert_eq!(refused(&both), (400, "unsupported_filter_combination"));
    });
}

#[test]
fn editors_adjust_and_shard_the_stock_of_their_organisation() {
    test(async |app| {
        let Society { id, editor, staff, other, root, .. } = &Society::found(app).await;
        product(app, editor, id, "TEA").await;
        product(app, root, "platform", "CUP").await;
        let adjusted = adjust(app, editor, "TEA", "k").await;
        assert_eq!((adjusted.status, &adjusted.json()["available"]), (200, &json!(21)));
        assert_eq!(refused(&adjust(app, staff, "TEA", "k").await), (403, "not_permitted"));
        let ledger = get(app, staff, "stock/TEA/adjustments").await.json();
        assert_eq!(ledger["data"][0]["actor"], json!(editor.id));
        let shard = |person| async move {
            let body = json!({ "count": 2 });
            ask(app, person, http::Method::PUT, "stock/TEA/buckets", body).await
        };
        assert_eq!(shard(editor).await.status, 200);
        assert_eq!(refused(&shard(staff).await), (403, "not_permitted"));
        for path in ["stock/TEA", "stock/CUP", "stock/NONE", "stock/TEA/adjustments"] {
            assert_eq!(refused(&get(app, other, path).await), (403, "forbidden"), "{path}");
        }
        for sku in ["TEA", "CUP", "NONE"] {
            assert_eq!(refused(&adjust(app, other, sku, "k").await), (403, "forbidden"), "{sku}");
        }
        assert_eq!(adjust(app, root, "TEA", "k").await.status, 200);
    });
}
