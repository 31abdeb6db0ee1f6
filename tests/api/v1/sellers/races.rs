//! Writes of members and orders of customers at the same time as a removal or a block.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use aws_sdk_dynamodb::{operation::update_item::builders::UpdateItemFluentBuilder, types::AttributeValue};
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorFuture};
use axum::body::Body;
use futures::future::{join as both, join_all};
use http::{Method, Request};
use shared::{Environment, http::Service, lambda::Invocation, telemetry::Log};

use super::*;
use crate::harness::{Conflicts, between::between};

/// Sends a request of a person to an instance; gives the status of the reply.
async fn send(service: &Service, person: &Person, method: Method, path: &str, body: Value) -> u16 {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    let request = request.header("authorization", format!("Bearer {}", person.token));
    let key = format!("key-{}", body.to_string().len());
    let request = request.header("content-type", "application/json").header("idempotency-key", key);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    let invocation = Invocation { deadline, client_address: None };
    service.call(request.body(Body::from(body.to_string())).unwrap(), invocation).await.status().as_u16()
}

/// The change of a text attribute of an item in the partition of an organisation's members.
struct Change<'a> {
    sk: &'a str,
    attribute: &'a str,
    value: &'a str,
}

/// The request that makes a change.
fn update(app: &App, organization: &str, change: &Change<'_>) -> UpdateItemFluentBuilder {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let names = change.attribute.split('.').map(|name| (format!("#{name}"), name.to_owned()));
    let set = format!("SET #{} = :value", change.attribute.replace('.', ".#"));
    let update = app.dynamodb().update_item().table_name(&app.platform.stack().table.name);
    update
        .key("pk", text(&format!("MEMBER#{organization}")))
        .key("sk", text(change.sk))
        .update_expression(set)
        .set_expression_attribute_names(Some(names.collect()))
        .expression_attribute_values(":value", text(change.value))
}

/// The environment of a new instance. The change commits after its reads and before its
/// first transaction.
fn overtaken(app: &App, function: &str, organization: &str, change: &Change<'_>) -> Environment {
    let update = update(app, organization, change);
    let done = Arc::new(AtomicBool::new(false));
    let connection = between(app.platform.cloud().http_client(), move |request, cloud| {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let is_first = target.ends_with(".TransactWriteItems") && !done.swap(true, Ordering::Relaxed);
        let update = update.clone();
        HttpConnectorFuture::new(async move {
            if is_first {
                update.send().await.unwrap();
            }
            cloud.call(request).await
        })
    });
    let mut environment = app.environment(function);
    environment.aws = environment.aws.into_builder().http_client(connection).build();
    // No log lines: budgets assume no concurrent writers.
    environment.log = Log::from_fn(|_| {});
    environment
}

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
