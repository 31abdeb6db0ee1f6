//! Writes of members and orders of customers at the same time as a removal or a block.

use std::time::Duration;

use axum::body::Body;
use futures::future::{join as both, join_all};
use http::Request;
use shared::{lambda::Invocation, telemetry::Log};

use super::*;
use crate::harness::Conflicts;

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
        let bearer = format!("Bearer {}", editor.token);
        let write = async |path: &String| {
            let request = Request::patch(format!("/api/v1/{path}"))
                .header("authorization", &bearer)
                .header("content-type", "application/json")
                .body(Body::from(json!({ "title": "Renamed" }).to_string()));
            let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
            let invocation = Invocation { deadline, client_address: None };
            catalog.call(request.unwrap(), invocation).await.status().as_u16()
        };
        let statuses = join_all(paths.iter().map(|path| Box::pin(write(path)))).await;
        assert_eq!(statuses, [200; 8]);
        assert!(conflicts.count() > 0, "none was in another's way");
    });
}
