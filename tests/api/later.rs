//! Data of a later release, stored or published: shown unchanged, never judged.

use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Body;
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use shared::{
    bus::{DomainEvent, events::UserUpdated},
    vocabulary::{Open, Role},
};

use crate::harness::{App, test};

const ADA: &str = "ada-marker@example.com";
const ROOT: &str = "root-marker@example.com";

/// Sends a request without comparing the reply with the document, which does not know
/// words of a later release.
async fn call(app: &App, method: Method, path: &str, token: &str, body: Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json");
    let reply = app.platform.request(request.body(Body::from(body.to_string())).unwrap()).await;
    let status = reply.status().as_u16();
    let bytes = reply.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

fn token(tokens: &Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// Changes a word in an item's card, as a later release would write it.
async fn write_word(app: &App, (pk, sk): (&str, &str), field: &str, word: &str) {
    let mut item = app.item(pk, sk).await.unwrap();
    let Some(AttributeValue::M(card)) = item.get_mut("card") else { panic!("no card") };
    let before = card.insert(field.to_owned(), AttributeValue::S(word.to_owned())).unwrap();
    let before = format!("#{}", before.as_s().unwrap());
    for (_, value) in item.iter_mut().filter(|(name, _)| name.starts_with("gsi")) {
        if let AttributeValue::S(key) = value {
            *key = key.replace(&before, &format!("#{word}"));
        }
    }
    let table = &app.platform.stack().table.name;
    app.dynamodb().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

#[test]
fn an_order_in_an_unknown_status_is_shown_and_refuses_every_transition() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let (ada, root) = (token(&ada), token(&root));
        let product = json!({
            "title": "Earl Grey",
            "sku": "TEA",
            "price": { "amount": 890, "currency": "EUR" },
            "initial_stock": 9,
        });
        assert_eq!(call(app, Method::POST, "/api/v1/products", &root, product).await.0, 201);
        app.platform.settle().await;
        let body = json!({ "lines": [{ "sku": "TEA", "quantity": 1 }] });
        let (status, order) = call(app, Method::POST, "/api/v1/order", &ada, body).await;
        assert_eq!(status, 201);
        let id = order["id"].as_str().unwrap();
        write_word(app, (&format!("ORDER#{id}"), "ORDER"), "status", "parked").await;

        let path = format!("/api/v1/orders/{id}");
        let (status, shown) = call(app, Method::GET, &path, &ada, Value::Null).await;
        assert_eq!((status, &shown["status"]), (200, &json!("parked")));
        let (status, list) = call(app, Method::GET, "/api/v1/orders", &ada, Value::Null).await;
        assert_eq!((status, &list["data"][0]["status"]), (200, &json!("parked")));
        for verb in ["confirm", "cancel", "fulfil", "complete", "refund"] {
            let refused = call(app, Method::POST, &format!("{path}/{verb}"), &root, json!({})).await;
            assert_eq!((refused.0, &refused.1["code"]), (409, &json!("order_invalid_transition")), "{verb}");
            assert_eq!((&refused.1["order_status"], &refused.1["allowed"]), (&json!("parked"), &json!([])));
        }
        let refused = call(app, Method::PATCH, &path, &ada, json!({ "note": "Ring." })).await;
        assert_eq!((refused.0, &refused.1["code"]), (409, &json!("order_not_reserved")));
        let refused = call(app, Method::DELETE, &path, &ada, Value::Null).await;
        assert_eq!((refused.0, &refused.1["code"]), (409, &json!("order_owed")));
    });
}

#[test]
fn an_account_of_an_unknown_role_and_status_is_shown_and_not_changed() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        let (id, root) = (ada["user"]["id"].as_str().unwrap(), token(&root));
        let key = format!("USER#{id}");
        write_word(app, (&key, "USER"), "role", "OWNER").await;
        let path = format!("/api/v1/users/{id}");
        let (status, shown) = call(app, Method::GET, &path, &root, Value::Null).await;
        assert_eq!((status, &shown["role"]), (200, &json!("OWNER")));
        // The owner has the permissions of a user.
        let body = json!({ "email": ADA, "password": crate::harness::PASSWORD });
        let (status, tokens) = call(app, Method::POST, "/api/v1/auth/login", "", body.clone()).await;
        assert_eq!(status, 200);
        let own = token(&tokens);
        assert_eq!(call(app, Method::GET, "/api/v1/users", &own, Value::Null).await.0, 403);
        let renamed = call(app, Method::PATCH, &path, &own, json!({ "name": "Ada" })).await;
        assert_eq!(
            (renamed.0, &renamed.1["role"], &renamed.1["name"]),
            (200, &json!("OWNER"), &json!("Ada"))
        );
        let refused = call(app, Method::PATCH, &path, &root, json!({ "role": "USER" })).await;
        assert_eq!((refused.0, &refused.1["errors"][0]["code"]), (422, &json!("unknown_state")));

        write_word(app, (&key, "USER"), "status", "suspended").await;
        let (status, problem) = call(app, Method::POST, "/api/v1/auth/login", "", body).await;
        assert_eq!((status, &problem["code"]), (403, &json!("account_blocked")));
    });
}

#[test]
fn a_consumer_that_must_judge_an_unknown_word_fails_and_names_it() {
    test(async |app| {
        app.expects_errors(&["failed: internal: account status suspended is not known here"]);
        let ada = app.register_as(ADA).await;
        let updated = UserUpdated {
            user_id: ada["user"]["id"].as_str().unwrap().parse().unwrap(),
            changed: vec!["status".to_owned()],
            role: Role::User.into(),
            status: Open::Unknown("suspended".to_owned()),
            email_verified: true,
        };
        let consumer = orders::consumer(app.environment("OrdersConsumer")).await.unwrap();
        assert!(!app.hand_over(&consumer, DomainEvent::UserUpdated(updated), 2).await);
    });
}
