//! A table that throttles: the caller is told to come again, and learns
//! nothing else.

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
use shared::lambda::Invocation;

use crate::harness::{PASSWORD, test, throttling};

#[test]
fn a_throttled_table_is_a_problem_and_the_next_request_finds_it_well() {
    test(async |app| {
        app.expects_errors(&["503: ThrottlingException"]);
        let throttled = Arc::new(AtomicBool::new(true));
        let mut environment = app.environment("AuthApi");
        environment.aws = environment
            .aws
            .into_builder()
            .http_client(throttling(app.platform.cloud().http_client(), &throttled))
            .build();
        // Priming fails here, and the first request that gets through does it.
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
