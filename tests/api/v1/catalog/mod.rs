//! `/api/v1/products` and `/api/v1/categories`

mod availability;
mod cache;
mod categories;
mod deletions;
mod imports;
mod lists;
mod products;
mod real_data;
mod tree;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, client::Reply};

pub const PRODUCTS: &str = "/api/v1/products";
pub const CATEGORIES: &str = "/api/v1/categories";

/// An administrator's access token.
pub async fn administrator(app: &App) -> String {
    let tokens = app.administrator("root-marker@example.com").await;
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// Sends a request with a body.
pub async fn send(app: &App, token: &str, method: Method, path: &str, body: Value) -> Reply {
    app.request(method, path).token(token).json(&body).send().await
}

/// Creates a category and returns its id.
pub async fn category(app: &App, token: &str, name: &str, parent: Option<&str>) -> String {
    let reply = app.post_as(token, CATEGORIES, json!({ "name": name, "parent_id": parent })).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// Creates a product with a price in cents and categories.
pub async fn product(app: &App, token: &str, title: &str, cents: u64, categories: &[&str]) -> Value {
    let price = json!({ "amount": cents, "currency": "EUR" });
    let body = json!({ "title": title, "price": price, "category_ids": categories });
    let reply = app.post_as(token, PRODUCTS, body).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.json()
}

/// The path of a resource.
pub fn path(collection: &str, thing: &Value) -> String {
    format!("{collection}/{}", thing["id"].as_str().unwrap())
}

/// A field of all entries of a list, page by page.
pub async fn all(app: &App, path: &str, field: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let reply = app.get(&format!("{path}{cursor}")).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.json());
        let page = reply.json();
        let data = page["data"].as_array().unwrap().iter();
        found.extend(data.map(|thing| thing[field].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { return found };
        let separator = if path.contains('?') { '&' } else { '?' };
        cursor = format!("{separator}cursor={next}");
    }
}
