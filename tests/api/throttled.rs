//! A throttled table: callers are told to retry, and learn nothing else.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use shared::{id::UserId, lambda::Invocation, table::schema::REVOCATION_SHARDS};

use crate::harness::{PASSWORD, answering, test, test_of, throttling, with_cheap_passwords};

#[test]
fn a_throttled_table_answers_503_and_the_next_request_succeeds() {
    test(async |app| {
        app.expects_errors(&["503: ThrottlingException"]);
        let throttled = Arc::new(AtomicBool::new(true));
        let mut environment = app.environment("AuthApi");
        environment.aws = environment
            .aws
            .into_builder()
            .http_client(throttling(app.platform.cloud().http_client(), &throttled))
            .build();
        // Priming fails here; the first request that gets through does its work.
        let auth = auth::api(environment).await.unwrap();
        let register = || {
            let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD }).to_string();
            let request = Request::post("/api/v1/auth/register").header("content-type", "application/json");
            let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
            let invocation = Invocation { deadline, client_address: None };
            auth.call(request.body(Body::from(body)).unwrap(), invocation)
        };

        let response = register().await;
        assert_eq!(
            (response.status().as_u16(), response.headers()["retry-after"].as_bytes()),
            (503, b"1".as_slice())
        );
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(body["code"], "unavailable");
        assert!(!body.to_string().contains("Throttling"));
        let line = app.lines.of("auth-api").pop().unwrap();
        assert!(line.cause.unwrap().contains("ThrottlingException"));

        throttled.store(false, Ordering::Relaxed);
        assert_eq!(register().await.status(), 201);
    });
}

/// Tokens issued before the outage may have been revoked in it; a sign-in during it
/// has just read the account.
#[test]
fn an_outage_of_revocations_refuses_older_tokens_after_30_seconds() {
    test(async |app| {
        app.expects_errors(&["503: ThrottlingException"; 2]);
        let down = Arc::new(AtomicBool::new(false));
        let instance = async || {
            let flag = Arc::clone(&down);
            let throttled = move |body: &str| {
                let refusal = r#"{"__type":"ThrottlingException"}"#.to_owned();
                (body.contains("\"REVOKED") && flag.load(Ordering::Relaxed)).then_some((400, refusal))
            };
            let mut environment = app.environment("UsersApi");
            let client = answering(app.platform.cloud().http_client(), throttled);
            environment.aws = environment.aws.into_builder().http_client(client).build();
            users::api(environment).await.unwrap()
        };
        let old = app.register().await;
        app.advance(Duration::from_secs(1));
        let users = instance().await;
        assert_eq!(me(&users, &old).await, 200);
        down.store(true, Ordering::Relaxed);
        app.advance(Duration::from_secs(26));
        assert_eq!(me(&users, &old).await, 200, "the copy is good for 30 seconds");
        let young = app.log_in("ada-marker@example.com").await;
        app.advance(Duration::from_secs(5));
        assert_eq!((me(&users, &young).await, me(&users, &young).await), (200, 200));
        app.advance(Duration::from_secs(2));
        assert_eq!((me(&users, &old).await, me(&users, &young).await), (503, 200));
        // A function that starts now knows of no revocation at all.
        let cold = instance().await;
        app.advance(Duration::from_secs(2));
        assert_eq!(me(&cold, &young).await, 503);
        let younger = app.log_in("ada-marker@example.com").await;
        assert_eq!(me(&cold, &younger).await, 200);
        down.store(false, Ordering::Relaxed);
        app.advance(Duration::from_secs(2));
        for users in [&users, &cold] {
            assert_eq!((me(users, &old).await, me(users, &young).await), (200, 200));
        }
    });
}

/// Accounts whose revocations stand in other partitions notice nothing.
#[test]
fn a_throttled_partition_of_revocations_stops_its_own_accounts_only() {
    test_of(with_cheap_passwords, async |app| {
        app.expects_errors(&["503: ThrottlingException"]);
        let mut accounts: Vec<(u8, Value)> = Vec::new();
        for number in 0..18 {
            let tokens = app.register_as(&format!("marker.{number}@example.com")).await;
            let id: UserId = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
            accounts.push((id.to_bytes()[15] % REVOCATION_SHARDS, tokens));
        }
        let (flooded, hit) = accounts[0].clone();
        let (_, spared) = accounts.iter().find(|(shard, _)| *shard != flooded).unwrap().clone();
        app.advance(Duration::from_secs(1));
        let down = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&down);
        let partition = format!("\"REVOKED#{flooded}\"");
        let throttled = move |body: &str| {
            let refusal = r#"{"__type":"ThrottlingException"}"#.to_owned();
            (body.contains(&partition) && flag.load(Ordering::Relaxed)).then_some((400, refusal))
        };
        let mut environment = app.environment("UsersApi");
        let client = answering(app.platform.cloud().http_client(), throttled);
        environment.aws = environment.aws.into_builder().http_client(client).build();
        let users = users::api(environment).await.unwrap();
        down.store(true, Ordering::Relaxed);
        app.advance(Duration::from_secs(36));
        assert_eq!((me(&users, &hit).await, me(&users, &spared).await), (503, 200));
        down.store(false, Ordering::Relaxed);
        app.advance(Duration::from_secs(2));
        assert_eq!(me(&users, &hit).await, 200);
    });
}

async fn me(users: &shared::http::Service, tokens: &Value) -> u16 {
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let request = Request::get("/api/v1/users/me").header("authorization", token);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    let invocation = Invocation { deadline, client_address: None };
    users.call(request.body(Body::empty()).unwrap(), invocation).await.status().as_u16()
}
