//! Consumers, exports, and expected outcomes.

use http::Method;
use local::functions::{FUNCTIONS, Handler};
use serde_json::Value;
use shared::{id::UserId, lambda::SqsHandler, table::item::Attributes, walk::PAGE};

use crate::{
    api::v1::orders::{call, token},
    harness::App,
};

/// An instance of a consumer.
pub async fn consumer(app: &App, id: &str) -> SqsHandler {
    start(id, app.environment(id)).await
}

pub async fn start(id: &str, environment: shared::Environment) -> SqsHandler {
    let declared = FUNCTIONS.iter().find(|declared| declared.id == id).unwrap();
    match declared.start(environment).await.unwrap() {
        Handler::Queue(handler) => handler,
        Handler::Http(_) | Handler::Stream(_) | Handler::Schedule(_) => panic!("{id} reads no queue"),
    }
}

pub fn user_id(tokens: &Value) -> UserId {
    tokens["user"]["id"].as_str().unwrap().parse().unwrap()
}

/// Requests an export and waits for it; returns its path.
pub async fn export(app: &App, tokens: &Value) -> String {
    let begun = call(app, tokens, Method::POST, "/api/v1/users/me/export").send().await;
    assert_eq!(begun.status, 202);
    app.settle_walks().await;
    begun.header("location").to_owned()
}

/// The names of the parts of a completed export, as its owner sees them.
pub async fn parts(app: &App, tokens: &Value, path: &str) -> Vec<String> {
    let (mut names, mut query) = (Vec::new(), "?limit=100".to_owned());
    loop {
        let page = app.get_as(token(tokens), &format!("{path}{query}")).await.json();
        assert_eq!(page["status"], "done");
        let data = page["data"].as_array().unwrap();
        names.extend(data.iter().map(|part| part["name"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=100&cursor={cursor}"),
            None => return names,
        }
    }
}

/// Expected outcomes of a walk over `items` that is cut after each page.
pub fn cut(items: usize) -> Vec<String> {
    let mut outcomes = vec!["continued".to_owned(); items / PAGE];
    outcomes.push("done".to_owned());
    outcomes
}

/// True if an order has no personal data.
pub fn is_erased(order: &Attributes) -> bool {
    !order.contains_key("shipping_address")
        && !order.contains_key("note")
        && order["fingerprint"].as_s().unwrap().is_empty()
}
