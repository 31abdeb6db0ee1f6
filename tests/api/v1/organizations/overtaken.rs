//! Writes whose permission ends between their reads and their transaction.

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
use http::{Method, Request};
use serde_json::{Value, json};
use shared::{Environment, http::Service, lambda::Invocation, telemetry::Log};

use super::*;
use crate::harness::{App, between::between};

/// Sends a request of a person to an instance; gives the status of the reply.
pub async fn send(service: &Service, person: &Person, method: Method, path: &str, body: Value) -> u16 {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    let request = request.header("authorization", format!("Bearer {}", person.token));
    let key = format!("key-{}", body.to_string().len());
    let request = request.header("content-type", "application/json").header("idempotency-key", key);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    let invocation = Invocation { deadline, client_address: None };
    service.call(request.body(Body::from(body.to_string())).unwrap(), invocation).await.status().as_u16()
}

/// The change of a text attribute of an item in the partition of an organisation's members.
pub struct Change<'a> {
    pub sk: &'a str,
    pub attribute: &'a str,
    pub value: &'a str,
}

/// The request that makes a change.
pub fn update(app: &App, organization: &str, change: &Change<'_>) -> UpdateItemFluentBuilder {
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
pub fn overtaken(app: &App, function: &str, organization: &str, change: &Change<'_>) -> Environment {
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

/// An admin becomes a viewer, or an owner an admin, who does not outrank another admin.
#[test]
fn a_demotion_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = &organization(app, &ada, "Tea").await;
        join(app, &ada, id, &bo, "admin").await;
        join(app, &ada, id, &eve, "staff").await;
        let (path, eves) = (format!("organizations/{id}"), member(id, &eve));
        let guest = json!({ "email": "guest-marker@example.com", "role": "viewer" });
        let writes = [
            (Method::PATCH, path.clone(), json!({ "summary": "Mine" })),
            (Method::POST, format!("{path}/invitations"), guest),
            (Method::PATCH, eves.clone(), json!({ "role": "editor" })),
            (Method::DELETE, eves, Value::Null),
        ];
        for (role, less, of_eve, writes) in
            [("admin", "viewer", "staff", &writes[..]), ("owner", "admin", "admin", &writes[2..])]
        {
            for (method, path, body) in writes {
                for (person, role) in [(&bo, role), (&eve, of_eve)] {
                    let role = json!({ "role": role });
                    assert_eq!(patch(app, &ada, &member(id, person), role).await.status, 200);
                }
                let demotion = Change { sk: &bo.id, attribute: "card.role", value: less };
                let environment = overtaken(app, "OrganizationsApi", id, &demotion);
                let service = ::organizations::api(environment).await.unwrap();
                let status = send(&service, &bo, method.clone(), path, body.clone()).await;
                assert_eq!(status, 403, "{method} {path} as {role}, then {less}");
            }
        }
    });
}
