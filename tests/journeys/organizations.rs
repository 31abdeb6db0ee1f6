//! Journey: sell for an organisation, and be removed from it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use futures::future::{join, join_all};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::target::{PASSWORD, Target, journey};

/// Concurrent writers of the removed member.
const WRITERS: usize = 4;

/// Registers a person, verifies the address and logs in; returns the token.
async fn verified(agora: &Target, name: &str) -> String {
    let (address, _) = agora.register(name).await;
    let token = agora.mailed_token(&address, "Confirm your email address").await;
    let body = json!({ "token": token, "password": PASSWORD });
    let (status, refused) = agora.post("/api/v1/auth/email-verification-confirm", None, &body).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{refused}");
    token_of(&logged_in(agora, &address).await)
}

async fn logged_in(agora: &Target, address: &str) -> Value {
    let body = json!({ "email": address, "password": PASSWORD });
    let (status, tokens) = agora.post("/api/v1/auth/login", None, &body).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    tokens
}

fn token_of(tokens: &Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// Sends a request that succeeds; returns the body.
async fn granted(agora: &Target, method: Method, path: &str, token: &str, body: Option<&Value>) -> Value {
    let (status, reply) = agora.send(method, path, Some(token), body).await;
    assert!(status.is_success(), "{path}: {status} {reply}");
    reply
}

#[test]
fn a_guest_joins_sells_and_writes_nothing_after_the_removal() {
    journey(async |agora| {
        let owner = verified(agora, "ada").await;
        let name = format!("Society {}", &Target::new_address("x")[2..10]);
        let body = json!({ "name": name });
        let made = granted(agora, Method::POST, "/api/v1/organizations", &owner, Some(&body)).await;
        let id = made["id"].as_str().unwrap();
        let path = format!("/api/v1/organizations/{id}");

        // Invited without an account, registered, joined with the link of the email.
        let address = Target::new_address("bo");
        let invitation = json!({ "email": address, "role": "viewer" });
        granted(agora, Method::POST, &format!("{path}/invitations"), &owner, Some(&invitation)).await;
        let link = agora.mailed_token(&address, &format!("Invitation to {name}")).await;
        let (status, seen) = agora.post("/api/v1/invitations/preview", None, &json!({ "token": link })).await;
        assert_eq!((status, &seen["organization"]["name"]), (StatusCode::OK, &json!(name)), "{seen}");
        let account = json!({ "email": address, "password": PASSWORD, "name": "Bo" });
        let (status, tokens) = agora.post("/api/v1/auth/register", None, &account).await;
        assert_eq!(status, StatusCode::CREATED, "{tokens}");
        let guest = token_of(&tokens);
        let accept = format!("/api/v1/invitations/{}/accept", seen["id"].as_str().unwrap());
        granted(agora, Method::POST, &accept, &guest, Some(&json!({ "token": link }))).await;

        // A viewer cannot sell, an editor can.
        let sku = address.split('@').next().unwrap().to_uppercase();
        let price = json!({ "amount": 1_990, "currency": "EUR" });
        let product = json!({
            "sku": sku, "title": "Lamp", "status": "active", "price": price, "initial_stock": 5, "seller": id,
        });
        let (status, refused) = agora.post("/api/v1/products", Some(&guest), &product).await;
        assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("not_permitted")));
        let member = format!("{path}/members/{}", tokens["user"]["id"].as_str().unwrap());
        granted(agora, Method::PATCH, &member, &owner, Some(&json!({ "role": "editor" }))).await;
        let made = granted(agora, Method::POST, "/api/v1/products", &guest, Some(&product)).await;
        assert_eq!(made["seller"], id);
        sell(agora, &guest, (&sku, id)).await;

        removed_while_writing(agora, &owner, &guest, &member, made["id"].as_str().unwrap()).await;
    });
}

/// A customer orders the product, and the member sees and confirms the order.
async fn sell(agora: &Target, seller: &str, (sku, organization): (&str, &str)) {
    let buyer = verified(agora, "cy").await;
    let body = json!({ "lines": [{ "sku": sku, "quantity": 1 }] });
    let mut order = Value::Null;
    for _ in 0..300 {
        let (status, reply) = agora.post_once("/api/v1/orders", &buyer, "first", &body).await;
        order = reply;
        if status == StatusCode::CREATED {
            break;
        }
        assert_eq!(order["errors"][0]["code"], "not_for_sale", "{order}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(order["seller"], organization, "{order}");
    let path = format!("/api/v1/orders/{}/confirm", order["id"].as_str().unwrap());
    assert_eq!(granted(agora, Method::POST, &path, seller, None).await["status"], "confirmed");
    let list = format!("/api/v1/orders?seller={organization}");
    for _ in 0..100 {
        let listed = granted(agora, Method::GET, &list, seller, None).await;
        if listed["data"][0]["id"] == order["id"] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the order is not listed");
}

/// Removes a member in the middle of a loop of writes: none that is sent after the 204
/// succeeds.
async fn removed_while_writing(agora: &Target, owner: &str, guest: &str, member: &str, product: &str) {
    let path = format!("/api/v1/products/{product}");
    let (removed, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let writers = (0..WRITERS).map(|writer| {
        let (removed, over, path) = (&removed, &over, &path);
        async move {
            let (mut before, mut after) = (0, 0);
            for number in 0.. {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                let late = removed.load(Ordering::SeqCst);
                let body = json!({ "title": format!("Lamp {writer} {number}") });
                let (status, reply) = agora.send(Method::PATCH, path, Some(guest), Some(&body)).await;
                if status == StatusCode::OK {
                    assert!(!late, "written after the removal: {reply}");
                    before += 1;
                } else if late {
                    assert_eq!((status, &reply["code"]), (StatusCode::FORBIDDEN, &json!("not_permitted")));
                    after += 1;
                }
            }
            (before, after)
        }
    });
    let removal = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (status, refused) = agora.send(Method::DELETE, member, Some(owner), None).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{refused}");
        removed.store(true, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_secs(1)).await;
        over.store(true, Ordering::SeqCst);
    };
    let (counts, ()) = join(join_all(writers), removal).await;
    let sums = counts.iter().fold((0, 0), |sums, one| (sums.0 + one.0, sums.1 + one.1));
    assert!(sums.0 > 0 && sums.1 > 0, "{sums:?} writes before and attempts after");
}
