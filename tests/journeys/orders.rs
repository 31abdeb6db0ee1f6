//! Journey: order a product.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::target::{PASSWORD, Target, journey};

#[test]
fn the_last_unit_is_sold_once_and_released_by_cancelling() {
    journey(async |agora| {
        let shop = agora.administrator().await;
        let (address, tokens) = agora.register("ada").await;
        let buyer = tokens["access_token"].as_str().unwrap();
        let sku = address.split('@').next().unwrap().to_uppercase();
        let price = json!({ "amount": 1_990, "currency": "EUR" });
        let product = json!({
            "sku": sku, "title": "Lamp", "status": "active", "price": price, "initial_stock": 1,
        });
        let (status, made) = agora.post("/api/v1/products", Some(&shop), &product).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");

        let body = json!({ "lines": [{ "sku": sku, "quantity": 1, "expected_unit_price": price }] });
        let order = buy(agora, buyer, &body).await;
        assert_eq!((&order["status"], &order["total"]), (&json!("reserved"), &price));
        let (status, again) = agora.post_once("/api/v1/orders", buyer, "first", &body).await;
        assert_eq!((status, &again["id"]), (StatusCode::CREATED, &order["id"]));
        let (status, refused) = agora.post_once("/api/v1/orders", buyer, "second", &body).await;
        assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("insufficient_stock")));

        let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
        let to = async |command: &str, token: &str| {
            let path = format!("{path}/{command}");
            let (status, order) = agora.send(Method::POST, &path, Some(token), None).await;
            assert_eq!(status, StatusCode::OK, "{order}");
            order["status"].clone()
        };
        assert_eq!(to("confirm", &shop).await, "confirmed");
        agora.mail_to(&address, "Your order is confirmed").await;
        assert_eq!(to("cancel", buyer).await, "cancelled");
        agora.mail_to(&address, "Your order has been cancelled").await;
        let stock = format!("/api/v1/stock/{sku}");
        let (_, stock) = agora.send(Method::GET, &stock, Some(&shop), None).await;
        assert_eq!(
            (&stock["available"], &stock["reserved"], &stock["sold"]),
            (&json!(1), &json!(0), &json!(0))
        );
    });
}

/// Orders a new product; retries until orders know it.
async fn buy(agora: &Target, buyer: &str, body: &Value) -> Value {
    for _ in 0..300 {
        let (status, order) = agora.post_once("/api/v1/orders", buyer, "first", body).await;
        if status == StatusCode::CREATED {
            return order;
        }
        assert_eq!(order["errors"][0]["code"], "not_for_sale", "{order}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("what is made is never for sale");
}

#[test]
fn an_unknown_sku_is_refused_and_the_list_of_orders_is_empty() {
    journey(async |agora| {
        let body = json!({ "email": Target::new_address("ada"), "password": PASSWORD });
        let reply = agora.client.post(agora.url("/api/v1/auth/register")).json(&body).send().await.unwrap();
        let tokens: Value = reply.json().await.unwrap();
        let token = tokens["access_token"].as_str().unwrap();

        let line = json!({ "sku": "NOBODY-SELLS-THIS", "quantity": 1 });
        let lines = json!({ "lines": [line] });
        let order =
            |path: &str, body: &Value| agora.client.post(agora.url(path)).bearer_auth(token).json(body);
        for (request, status, code) in [
            (order("/api/v1/orders", &lines), 400, "idempotency_key_required"),
            (order("/api/v1/orders", &lines).header("idempotency-key", "k"), 422, "invalid_fields"),
            (order("/api/v1/order", &line), 422, "invalid_fields"),
            (agora.client.get(agora.url("/api/v1/stock")).bearer_auth(token), 403, "forbidden"),
        ] {
            let reply = request.send().await.unwrap();
            assert_eq!(reply.status().as_u16(), status, "{code}");
            assert_eq!(reply.json::<Value>().await.unwrap()["code"], code);
        }
        for path in ["/api/v1/orders", "/api/v1/orders/"] {
            let reply = agora.client.get(agora.url(path)).bearer_auth(token).send().await.unwrap();
            assert_eq!(reply.json::<Value>().await.unwrap()["data"], json!([]), "{path}");
        }
        let health = agora.client.get(agora.url("/api/v1/orders/health")).send().await.unwrap();
        assert_eq!(health.status(), 200);
    });
}
