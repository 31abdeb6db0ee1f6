//! Writes of members and orders of customers at the same time as a removal or a block.

use std::time::Duration;

use futures::future::{join as both, join_all};
use http::Method;
use shared::{Environment, http::Service, telemetry::Log};

use super::{
    super::organizations::overtaken::{Change, overtaken, send, update},
    *,
};
use crate::harness::Conflicts;

/// The writes of an editor, and the function of each.
fn writes(path: &str, order: &str) -> [(&'static str, Method, String, Value); 4] {
    [
        ("CatalogApi", Method::PATCH, path.to_owned(), json!({ "title": "Mine" })),
        ("CatalogApi", Method::DELETE, path.to_owned(), Value::Null),
        ("OrdersApi", Method::POST, format!("{order}/confirm"), Value::Null),
        ("OrdersApi", Method::POST, "stock/TEA".to_owned(), json!({ "change": 1, "reason": "Counted" })),
    ]
}

async fn instance(environment: Environment, function: &str) -> Service {
    match function {
        "CatalogApi" => ::catalog::api(environment).await.unwrap(),
        _ => ::orders::api(environment).await.unwrap(),
    }
}

#[test]
fn a_demotion_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        let Society { id, owner, editor, customer, .. } = &Society::found(app).await;
        let path = product(app, editor, id, "TEA").await;
        let placed = ordered(app, customer, "k", "TEA").await;
        let role = json!({ "role": "editor" });
        for (function, method, path, body) in writes(&path, &placed) {
            let demotion = Change { sk: &editor.id, attribute: "card.role", value: "viewer" };
            let service = instance(overtaken(app, function, id, &demotion), function).await;
            assert_eq!(send(&service, editor, method.clone(), &path, body.clone()).await, 403, "{path}");
            // Without a demotion, the same request is granted.
            assert_eq!(patch(app, owner, &member(id, editor), role.clone()).await.status, 200);
            if method != Method::DELETE {
                let granted = send(&service, editor, method, &path, body).await;
                assert_eq!(granted, 200, "{path}");
            }
        }
    });
}

#[test]
fn a_block_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        let Society { id, editor, customer, .. } = &Society::found(app).await;
        let path = product(app, editor, id, "TEA").await;
        let placed = ordered(app, customer, "k", "TEA").await;
        let block = Change { sk: "COUNTERS", attribute: "status", value: "blocked" };
        let lines = json!({ "lines": [{ "sku": "TEA", "quantity": 1 }] });
        let order = ("OrdersApi", Method::POST, "orders".to_owned(), lines);
        let active = Change { value: "active", ..block };
        for (function, method, path, body) in writes(&path, &placed).into_iter().chain([order]) {
            let service = instance(overtaken(app, function, id, &block), function).await;
            let (person, refused) = if path == "orders" { (customer, 422) } else { (editor, 409) };
            assert_eq!(send(&service, person, method, &path, body).await, refused, "{path}");
            update(app, id, &active).send().await.unwrap();
        }
    });
}

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

/// Writes of different products conflict on the checks of the member and of the status.
#[test]
fn conflicts_on_the_checks_alone_are_retried() {
    test(async |app| {
        let Society { id, editor, .. } = &Society::found(app).await;
        let mut paths = Vec::new();
        for number in 0..8 {
            paths.push(product(app, editor, id, &format!("TEA-{number}")).await);
        }
        let conflicts = Conflicts::default();
        let mut environment = app.environment("CatalogApi");
        let table = conflicts.on(app.platform.cloud().http_client(), Duration::from_millis(5));
        environment.aws = environment.aws.into_builder().http_client(table).build();
        // No log lines: budgets assume no concurrent writers.
        environment.log = Log::from_fn(|_| {});
        let catalog = catalog::api(environment).await.unwrap();
        let renamed = json!({ "title": "Renamed" });
        let write = |path| Box::pin(send(&catalog, editor, Method::PATCH, path, renamed.clone()));
        let statuses = join_all(paths.iter().map(|path| write(path))).await;
        assert_eq!(statuses, [200; 8]);
        assert!(conflicts.count() > 0, "none was in another's way");
    });
}
