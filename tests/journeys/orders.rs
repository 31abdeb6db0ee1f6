//! Somebody orders.

use serde_json::{Value, json};

use super::target::{Target, journey};

const PASSWORD: &str = "wandering albatross over cold water";

#[test]
fn somebody_asks_for_what_nobody_sells_and_has_no_orders() {
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
