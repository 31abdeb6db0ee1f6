//! Writes of members and orders of customers at the same time as a removal or a block.

use futures::future::{join as both, join_all};

use super::*;

#[test]
fn writes_of_products_in_a_loop_end_with_the_removal() {
    test(async |app| {
        let Society { id, owner, editor, .. } = &Society::found(app).await;
        let path = product(app, editor, id, "TEA").await;
        for round in 0..5 {
            let writes = (0..10).map(|number| {
                let (path, title) = (&path, json!({ "title": format!("Tea {round} {number}") }));
                async move { patch(app, editor, path, title).await.status }
            });
            let gone = member(id, editor);
            let (removed, statuses) = both(delete(app, owner, &gone), join_all(writes)).await;
            assert_eq!(removed.status, 204);
            assert!(statuses.iter().all(|status| [200, 403].contains(status)), "{statuses:?}");
            let before = get(app, owner, &path).await.json();
            let late = patch(app, editor, &path, json!({ "title": "Late" })).await;
            assert_eq!(refused(&late), (403, "not_permitted"));
            assert_eq!(get(app, owner, &path).await.json(), before);
            join(app, owner, id, editor, "editor").await;
        }
    });
}

#[test]
fn orders_in_a_loop_end_with_the_block() {
    test(async |app| {
        let Society { id, owner, customer, root, .. } = &Society::found(app).await;
        product(app, owner, id, "TEA").await;
        let keys: Vec<String> = (0..8).map(|number| format!("k{number}")).collect();
        let orders = keys.iter().map(|key| async { order(app, customer, key, &["TEA"]).await.status });
        let block = format!("organizations/{id}/block");
        let (blocked, statuses) = both(command(app, root, &block), join_all(orders)).await;
        assert_eq!(blocked.status, 200);
        assert!(statuses.iter().all(|status| [201, 422].contains(status)), "{statuses:?}");
        let late = order(app, customer, "late", &["TEA"]).await;
        assert_eq!(late.faults(), [("/lines/0/sku".to_owned(), "not_for_sale".to_owned())]);
        let placed = all(app, root, &format!("orders?seller={id}"), "id").await;
        assert_eq!(placed.len(), statuses.iter().filter(|status| **status == 201).count());
    });
}
