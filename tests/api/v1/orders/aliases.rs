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
        // A minimal body without a key: each request is an order of its own.
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

/// The body of the old POST is accepted by the old PUT, too.
#[test]
fn a_minimal_body_changes_the_only_line() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        let product = offer(app, 1, "TEA", 10).await;
        offer(app, 2, "MINT", 10).await;
        let made = app.post_as(token(&ada), "/api/v1/order", json!({ "sku": "TEA", "quantity": 1 })).await;
        let made = made.json();
        let old = format!("/api/v1/update_order/{}", made["id"].as_str().unwrap());
        for (method, path, body, sku, quantity) in [
            (Method::PUT, &old, json!({ "quantity": 2 }), "TEA", 2),
            (Method::PUT, &path(&made), json!({ "quantity": 3 }), "TEA", 3),
            (Method::PATCH, &path(&made), json!({ "quantity": 4, "sku": null }), "TEA", 4),
            (Method::PUT, &old, json!({ "sku": "MINT", "quantity": 1 }), "MINT", 1),
            (Method::PUT, &old, json!({ "product_id": product, "quantity": 5 }), "TEA", 5),
        ] {
            let reply = call(app, &ada, method, path).json(&body).send().await.json();
            let lines = reply["lines"].as_array().unwrap_or_else(|| panic!("{body}: {reply}"));
            assert_eq!(
                (lines.len(), &lines[0]["sku"], &lines[0]["quantity"]),
                (1, &json!(sku), &json!(quantity))
            );
        }
        for (body, faults) in [
            (json!({}), vec![("/lines", "required")]),
            (json!({ "sku": "TEA" }), vec![("/quantity", "required")]),
            (json!({ "quantity": "2" }), vec![("/quantity", "wrong_type")]),
            (
                json!({ "quantity": 2, "lines": [{ "sku": "TEA", "quantity": 1 }] }),
                vec![("/quantity", "unexpected")],
            ),
        ] {
            let reply = call(app, &ada, Method::PUT, &old).json(&body).send().await;
            let faults: Vec<_> =
                faults.into_iter().map(|(at, code)| (at.to_owned(), code.to_owned())).collect();
            assert_eq!(reply.faults(), faults, "{body}");
        }
        let both = json!({ "lines": [{ "sku": "TEA", "quantity": 1 }, { "sku": "MINT", "quantity": 1 }] });
        assert_eq!(call(app, &ada, Method::PUT, &old).json(&both).send().await.status, 200);
        let reply = call(app, &ada, Method::PUT, &old).json(&json!({ "quantity": 2 })).send().await;
        assert_eq!(reply.faults(), [("/sku".to_owned(), "required".to_owned())]);
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
