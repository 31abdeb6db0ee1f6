//! Organisations that are blocked, closed or deleted.

use super::{
    super::organizations::overtaken::{Change, overtaken, send, update},
    *,
};

fn not_for_sale(reply: &Reply) {
    assert_eq!(reply.faults(), [("/lines/0/sku".to_owned(), "not_for_sale".to_owned())]);
}

#[test]
fn the_offers_of_a_blocked_organisation_close_at_once() {
    test(async |app| {
        let Society { id, owner, customer, root, .. } = &Society::found(app).await;
        product(app, owner, id, "TEA").await;
        let placed = ordered(app, customer, "a", "TEA").await;
        let moderate = |verb| {
            let path = format!("organizations/{id}/{verb}");
            async move { assert_eq!(command(app, root, &path).await.status, 200) }
        };
        moderate("block").await;
        not_for_sale(&order(app, customer, "b", &["TEA"]).await);
        // A repeated request gets its order.
        assert_eq!(order(app, customer, "a", &["TEA"]).await.status, 201);
        let lines = |quantity: u32| json!({ "lines": [{ "sku": "TEA", "quantity": quantity }] });
        for person in [customer, root] {
            not_for_sale(&patch(app, person, &placed, lines(2)).await);
        }
        assert_eq!(patch(app, customer, &placed, lines(1)).await.status, 200);
        moderate("unblock").await;
        assert_eq!(patch(app, customer, &placed, lines(2)).await.status, 200);
        assert_eq!(order(app, customer, "c", &["TEA"]).await.status, 201);
    });
}

#[test]
fn the_platform_finishes_the_orders_of_a_blocked_organisation() {
    test(async |app| {
        let Society { id, owner, editor, staff, customer, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        let placed = ordered(app, customer, "a", "TEA").await;
        assert_eq!(command(app, editor, &format!("{placed}/confirm")).await.status, 200);
        assert_eq!(command(app, root, &format!("organizations/{id}/block")).await.status, 200);
        for reply in [
            command(app, staff, &format!("{placed}/fulfil")).await,
            patch(app, editor, &path, json!({ "title": "Mine" })).await,
            post(app, editor, "products", body(id, "MORE")).await,
            adjust(app, editor, "TEA", "k").await,
        ] {
            assert_eq!(refused(&reply), (409, "organization_blocked"));
        }
        // Members can still read.
        assert_eq!(get(app, staff, &placed).await.status, 200);
        assert_eq!(get(app, staff, "stock/TEA").await.status, 200);
        for verb in ["fulfil", "complete"] {
            assert_eq!(command(app, root, &format!("{placed}/{verb}")).await.status, 200);
        }
        assert_eq!(patch(app, root, &path, json!({ "status": "archived" })).await.status, 200);
        let more = post(app, root, "products", body(id, "MORE")).await;
        assert_eq!(refused(&more), (409, "organization_blocked"));
    });
}

#[test]
fn the_offers_of_a_closed_organisation_close() {
    test(async |app| {
        let Society { other_id, other, customer, root, .. } = &Society::found(app).await;
        product(app, other, other_id, "COFFEE").await;
        let placed = ordered(app, customer, "a", "COFFEE").await;
        assert_eq!(command(app, root, &format!("{placed}/confirm")).await.status, 200);
        // Its only member.
        assert_eq!(delete(app, other, "users/me").await.status, 204);
        app.platform.settle().await;
        not_for_sale(&order(app, customer, "b", &["COFFEE"]).await);
        assert_eq!(command(app, root, &format!("{placed}/fulfil")).await.status, 200);
        let more = post(app, root, "products", body(other_id, "MORE")).await;
        assert_eq!(refused(&more), (409, "organization_closed"));
    });
}

#[test]
fn the_offers_of_a_deleted_organisation_close() {
    test(async |app| {
        let Society { id, owner, editor, customer, root, .. } = &Society::found(app).await;
        let path = product(app, owner, id, "TEA").await;
        assert_eq!(delete(app, owner, &format!("organizations/{id}")).await.status, 204);
        not_for_sale(&order(app, customer, "a", &["TEA"]).await);
        app.platform.settle().await;
        let reply = patch(app, editor, &path, json!({ "title": "Mine" })).await;
        assert_eq!(refused(&reply), (404, "not_found"));
        let more = post(app, root, "products", body(id, "MORE")).await;
        assert_eq!(more.faults(), [("/seller".to_owned(), "unknown_organization".to_owned())]);
        assert_eq!(delete(app, root, &path).await.status, 204);
    });
}

#[test]
fn an_expired_order_of_a_blocked_organisation_is_not_confirmed() {
    test(async |app| {
        let Society { id, owner, customer, root, .. } = &Society::found(app).await;
        product(app, owner, id, "TEA").await;
        product(app, root, "platform", "CUP").await;
        let reserved = ordered(app, customer, "a", "TEA").await;
        let own = ordered(app, customer, "b", "CUP").await;
        assert_eq!(command(app, root, &format!("organizations/{id}/block")).await.status, 200);
        // The stock of a reservation has been sold before the block.
        assert_eq!(command(app, root, &format!("{reserved}/confirm")).await.status, 200);
        assert_eq!(command(app, root, &format!("organizations/{id}/unblock")).await.status, 200);
        let late = ordered(app, customer, "c", "TEA").await;
        assert_eq!(command(app, root, &format!("organizations/{id}/block")).await.status, 200);
        app.advance(std::time::Duration::from_mins(16));
        let token = app.log_in(&root.email).await["access_token"].as_str().unwrap().to_owned();
        let root = &Person { id: root.id.clone(), email: root.email.clone(), token };
        for _ in 0..2 {
            let reply = command(app, root, &format!("{late}/confirm")).await;
            assert_eq!(refused(&reply), (409, "organization_blocked"));
            assert_eq!(get(app, root, &late).await.json()["status"], "expired");
        }
        assert_eq!(command(app, root, &format!("{own}/confirm")).await.status, 200);
        assert_eq!(command(app, root, &format!("organizations/{id}/unblock")).await.status, 200);
        // A block between the read and the write is seen by the write.
        let block = Change { sk: "COUNTERS", attribute: "status", value: "blocked" };
        let service = ::orders::api(overtaken(app, "OrdersApi", id, &block)).await.unwrap();
        let path = format!("{late}/confirm");
        assert_eq!(send(&service, root, http::Method::POST, &path, Value::Null).await, 409);
        update(app, id, &Change { value: "active", ..block }).send().await.unwrap();
        assert_eq!(command(app, root, &path).await.status, 200);
    });
}
