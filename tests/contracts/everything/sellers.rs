//! Products and orders of an organisation, one action at a time.

use http::Method;
use serde_json::{Value, json};

use super::organizations::{Person, call, create, get, person, post};
use crate::harness::App;

pub(super) async fn sellers(app: &App) {
    let (seller, buyer) = (person(app, "seller").await, person(app, "patron").await);
    let organization = create(app, &seller, "Tea Society").await;
    let organization = organization.rsplit('/').next().unwrap();
    let price = json!({ "amount": 790, "currency": "EUR" });
    let body = json!({
        "sku": "SENCHA", "title": "Sencha", "price": price, "initial_stock": 20, "seller": organization,
    });
    let made = post(app, &seller, "/api/v1/products", body).await;
    let path = format!("/api/v1/products/{}", made["id"].as_str().unwrap());
    call(app, &seller, Method::PATCH, &path, json!({ "title": "Sencha, steamed" })).await;
    get(app, &seller, &format!("/api/v1/products?seller={organization}")).await;
    get(app, &seller, "/api/v1/products?seller=platform").await;
    import(app, &seller, organization).await;

    let order = app.request(Method::POST, "/api/v1/orders").token(&buyer.token);
    let order = order.header("idempotency-key", "k").json(&json!({ "sku": "SENCHA", "quantity": 1 }));
    let placed = order.send().await;
    assert_eq!(placed.status, 201, "{}", placed.json());
    get(app, &seller, &format!("/api/v1/orders?seller={organization}")).await;
    for verb in ["confirm", "fulfil"] {
        post(app, &seller, &format!("{}/{verb}", placed.header("location")), Value::Null).await;
    }
    call(app, &seller, Method::DELETE, &path, Value::Null).await;
    // An organisation with a product is blocked.
    let root = super::token(&app.administrator("sellers-root-marker@example.com").await);
    for command in ["block", "unblock"] {
        let path = format!("/api/v1/organizations/{organization}/{command}");
        app.post_as(&root, &path, json!({})).await.granted();
        app.platform.settle().await;
    }
}

async fn import(app: &App, seller: &Person, organization: &str) {
    let rows = "sku,title,price,currency\nMATCHA,Matcha,1990,EUR\n";
    let path = format!("/api/v1/products/import?seller={organization}");
    let begun = app.request(Method::POST, &path).token(&seller.token).text("text/csv", rows).send().await;
    app.platform.settle().await;
    let report = get(app, seller, begun.header("location")).await;
    assert_eq!(report["created"], json!(1), "{report}");
}
