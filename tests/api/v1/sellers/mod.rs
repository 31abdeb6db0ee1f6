//! Products, stock and orders of organisations.

mod access;
mod endings;
mod imports;
mod orders;
mod products;
mod races;
mod withheld;

use serde_json::{Value, json};

use super::organizations::{
    Person, administrator, ask, delete, get, join, member, organization, patch, person, post, refused, test,
};
use crate::harness::{App, client::Reply};

/// An organisation with a member of each role, another organisation's owner, a customer and
/// an administrator of the platform.
pub struct Society {
    pub id: String,
    pub owner: Person,
    pub editor: Person,
    pub staff: Person,
    pub viewer: Person,
    pub other: Person,
    pub other_id: String,
    pub customer: Person,
    pub root: Person,
}

impl Society {
    pub async fn found(app: &App) -> Self {
        let owner = person(app, "owner").await;
        let id = organization(app, &owner, "Teas").await;
        let [editor, staff, viewer] =
            [person(app, "editor").await, person(app, "staff").await, person(app, "viewer").await];
        for (person, role) in [(&editor, "editor"), (&staff, "staff"), (&viewer, "viewer")] {
            join(app, &owner, &id, person, role).await;
        }
        let other = person(app, "other").await;
        let other_id = organization(app, &other, "Coffees").await;
        let (customer, root) = (person(app, "customer").await, administrator(app).await);
        app.platform.settle().await;
        Self { id, owner, editor, staff, viewer, other, other_id, customer, root }
    }
}

/// The body of a product; its price is ten euros.
pub fn body(seller: &str, sku: &str) -> Value {
    let price = json!({ "amount": 1_000, "currency": "EUR" });
    json!({ "sku": sku, "title": format!("The {sku}"), "price": price, "initial_stock": 20, "seller": seller })
}

/// Creates a product, which can be ordered then; returns its path.
pub async fn product(app: &App, person: &Person, seller: &str, sku: &str) -> String {
    let made = post(app, person, "products", body(seller, sku)).await;
    assert_eq!(made.status, 201, "{}", made.json());
    app.platform.settle().await;
    made.header("location").trim_start_matches("/api/v1/").to_owned()
}

/// Orders one unit of each SKU, with an address.
pub async fn order(app: &App, person: &Person, key: &str, skus: &[&str]) -> Reply {
    let lines: Vec<Value> = skus.iter().map(|sku| json!({ "sku": sku, "quantity": 1 })).collect();
    let address = json!({ "street": "12 Marker Square", "city": "London", "country": "GB" });
    let body = json!({ "lines": lines, "shipping_address": address });
    let call = app.request(http::Method::POST, "/api/v1/orders").token(&person.token);
    call.header("idempotency-key", key).json(&body).send().await
}

/// Orders one unit of a SKU; returns the path of the order.
pub async fn ordered(app: &App, person: &Person, key: &str, sku: &str) -> String {
    let reply = order(app, person, key, &[sku]).await;
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.header("location").trim_start_matches("/api/v1/").to_owned()
}

/// Sends a command without a body.
pub async fn command(app: &App, person: &Person, path: &str) -> Reply {
    post(app, person, path, Value::Null).await
}

/// Adds a unit to the stock of a SKU.
pub async fn adjust(app: &App, person: &Person, sku: &str, key: &str) -> Reply {
    let call = app.request(http::Method::POST, &format!("/api/v1/stock/{sku}")).token(&person.token);
    let body = json!({ "change": 1, "reason": "Counted" });
    call.header("idempotency-key", key).json(&body).send().await
}

/// A field of each entry of a list, page by page.
pub async fn all(app: &App, person: &Person, list: &str, field: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let reply = get(app, person, &format!("{list}&limit=2{cursor}")).await;
        assert_eq!(reply.status, 200, "{list}: {}", reply.json());
        let page = reply.json();
        let entries = page["data"].as_array().unwrap().iter();
        found.extend(entries.map(|entry| entry[field].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}
