//! Lists that are longer than a page.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};
use shared::{
    id::{CategoryKind, EventKind, OrderKind, OrganizationKind, SessionKind, UserId},
    lambda::SqsHandler,
    walk::PAGE,
};

use super::helpers::{consumer, user_id};
use crate::{
    api::v1::orders::{call, command, of, offer, order, ordered},
    harness::{App, walks::WALKERS},
};

/// Operations whose lists are longer than their budgets assume.
pub const LISTS: [&str; 11] = [
    "notifications.list_members",
    "events.list_events",
    "events.put_export_list",
    "users.erasure.list",
    "catalog.list_made_by",
    "catalog.put_export_part",
    "orders.list_orders",
    "users.export.list_sessions",
    "users.list_export",
    "organizations.list_memberships",
    "organizations.put_export_part",
];

/// A user with more sessions, orders, categories and memberships than one page holds, and
/// the consumers that walk them.
pub async fn long_lists(app: &App) -> (UserId, Vec<SqsHandler>) {
    let count = u32::try_from(PAGE).unwrap();
    let owner = app.administrator("owner-marker@example.com").await;
    let id = user_id(&owner);
    offer(app, 9, "LONG", 10).await;
    let first = ordered(app, &owner, "LONG", 1).await;
    copies(app, &first, count).await;
    sessions(app, id, count).await;
    categories(app, &owner, count).await;
    memberships(app, &owner, count).await;
    drafts(app, &owner, count).await;
    let mut consumers = Vec::new();
    for id in WALKERS {
        consumers.push(consumer(app, id).await);
    }
    (id, consumers)
}

/// A fulfilled order with an address and a note.
pub async fn fulfilled(app: &App, tokens: &Value, root: &Value) -> Value {
    let mut body = of("TEA", 1);
    body["shipping_address"] = json!({ "street": "1 Marker", "city": "London", "country": "GB" });
    body["note"] = "Ring twice.".into();
    let made = order(app, tokens, "fulfilled", &body).await.json();
    for verb in ["confirm", "fulfil"] {
        command(app, root, &made, verb).await.granted();
    }
    made
}

/// Copies an order; returns the ids of the copies and its own.
pub async fn copies(app: &App, order: &Value, count: u32) -> BTreeSet<String> {
    let id = order["id"].as_str().unwrap();
    let copies = app.copy_item::<OrderKind>(&format!("ORDER#{id}"), "ORDER", id, count).await;
    copies.into_iter().chain([id.to_owned()]).collect()
}

/// Copies a user's session.
pub async fn sessions(app: &App, user: UserId, count: u32) {
    let tokens = app.query(&format!("SESSION#{user}")).await;
    let id = tokens[0]["id"].as_s().unwrap();
    app.copy_item::<SessionKind>(&format!("SESSION#{user}"), id, id, count).await;
}

/// Creates an organisation, and copies its owner's membership to others.
pub async fn memberships(app: &App, owner: &Value, count: u32) {
    let made = call(app, owner, Method::POST, "/api/v1/organizations").json(&json!({ "name": "Long" }));
    let made = made.send().await.json();
    let id = made["id"].as_str().unwrap();
    let user = user_id(owner).to_string();
    app.copy_item::<OrganizationKind>(&format!("MEMBER#{id}"), &user, id, count).await;
}

/// Creates and copies a draft of an event.
pub async fn drafts(app: &App, owner: &Value, count: u32) {
    let draft = call(app, owner, Method::POST, "/api/v1/events").json(&json!({ "title": "Long" }));
    let draft = draft.send().await.json();
    let id = draft["id"].as_str().unwrap();
    app.copy_item::<EventKind>(&format!("EVENT#{id}"), "EVENT", id, count).await;
}

/// Creates and copies a category; returns the ids.
pub async fn categories(app: &App, owner: &Value, count: u32) -> BTreeSet<String> {
    let category = call(app, owner, Method::POST, "/api/v1/categories").json(&json!({ "name": "Long" }));
    let category = category.send().await.json();
    let id = category["id"].as_str().unwrap();
    let copies = app.copy_item::<CategoryKind>(&format!("CATEGORY#{id}"), "CATEGORY", id, count).await;
    copies.into_iter().chain([id.to_owned()]).collect()
}
