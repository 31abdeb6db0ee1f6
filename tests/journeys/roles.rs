//! A revoked role or status is not restored by concurrent writes.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use futures::future::{join, join_all};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::target::{PASSWORD, Target, journey};

/// Concurrent writers that conflict with each other.
const WRITERS: usize = 8;

/// Sends `wish` with changing names while `chief` sends `order`; returns the account
/// as the chief sees it afterwards.
async fn insist(agora: &Target, chief: &str, token: &str, wish: Value, order: Value) -> Value {
    let me = "/api/v1/users/me";
    let (_, account) = agora.send(Method::GET, me, Some(token), None).await;
    let path = format!("/api/v1/users/{}", account["id"].as_str().unwrap());
    let over = AtomicBool::new(false);
    let writers = (0..WRITERS).map(|writer| {
        let (wish, over) = (&wish, &over);
        async move {
            let mut number = 0;
            while !over.load(Ordering::Relaxed) {
                number += 1;
                let mut body = wish.clone();
                body["name"] = format!("Writer {writer} {number}").into();
                agora.send(Method::PATCH, me, Some(token), Some(&body)).await;
            }
        }
    });
    let ordering = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let (status, ordered) = agora.send(Method::PATCH, &path, Some(chief), Some(&order)).await;
        assert_eq!(status, StatusCode::OK, "{ordered}");
        tokio::time::sleep(Duration::from_millis(500)).await;
        over.store(true, Ordering::Relaxed);
    };
    join(join_all(writers), ordering).await;
    agora.send(Method::GET, &path, Some(chief), None).await.1
}

#[test]
fn a_blocked_account_does_not_unblock_itself() {
    journey(async |agora| {
        let chief = agora.administrator().await;
        let (address, tokens) = agora.register("ada").await;
        let token = tokens["access_token"].as_str().unwrap();
        let order = json!({ "status": "blocked" });
        let account = insist(agora, &chief, token, json!({ "status": "active" }), order).await;
        assert_eq!(account["status"], "blocked");
        let login = json!({ "email": address, "password": PASSWORD });
        let (status, _) = agora.post("/api/v1/auth/login", None, &login).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_demoted_administrator_does_not_promote_themselves() {
    journey(async |agora| {
        let (chief, other) = (agora.administrator().await, agora.administrator().await);
        let order = json!({ "role": "USER" });
        let account = insist(agora, &chief, &other, json!({ "role": "ADMIN" }), order).await;
        assert_eq!(account["role"], "USER");
    });
}
