//! The paths of the systems that Agora replaces.

use http::Method;
use serde_json::json;

use super::{ADA, call, euros, of, offer, path, token};
use crate::harness::test;

#[test]
fn the_old_paths_are_the_new_ones() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        let product = offer(app, 1, "TEA", 10).await;
        // A minimal body, and no key: each is an order of its own.
        let body = json!({ "product_id": product, "quantity": 2 });
        let first = app.post_as(token(&ada), "/api/v1/order", body.clone()).await;
        let second = app.post_as(token(&ada), "/api/v1/order/", body.clone()).await;
        assert_eq!((first.status, second.status), (201, 201), "{}", first.json());
        let (first, second) = (first.json(), second.json());
        assert_ne!(first["id"], second["id"]);
        assert_eq!(first["total"], json!(euros(2000)));
        let id = first["id"].as_str().unwrap();
        let get = async |path: &str| app.get_as(token(&ada), path).await.json();
        assert_eq!(get(&format!("/api/v1/order/{id}")).await, get(&path(&first)).await);
        let put = call(app, &ada, Method::PUT, &format!("/api/v1/update_order/{id}")).json(&of("TEA", 1));
        assert_eq!(put.send().await.json()["total"], json!(euros(1000)));
        assert_eq!(app.delete_as(token(&ada), &format!("/api/v1/delete_order/{id}")).await.status, 204);
        assert_eq!(app.get_as(token(&ada), &path(&first)).await.status, 404);
    });
}

#[test]
fn a_key_is_honoured_there_and_is_the_same_one() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        offer(app, 1, "TEA", 10).await;
        let body = json!({ "sku": "TEA", "quantity": 1 });
        let send = async |path: &str| {
            let call = call(app, &ada, Method::POST, path).header("idempotency-key", "k");
            call.json(&body).send().await
        };
        let (old, new) = (send("/api/v1/order").await, send("/api/v1/orders").await);
        assert_eq!((old.status, new.status), (201, 201));
        assert_eq!((old.json(), new.header("idempotent-replayed")), (new.json(), "true"));
    });
}
