//! Concurrent starts of two instances agree on the secrets.

use futures::future::join_all;
use serde_json::Value;

use crate::harness::test;

#[test]
fn instances_that_race_sign_with_the_same_keys() {
    test(async |app| {
        let starts = (0..4).map(|_| auth::api(app.environment("AuthApi")));
        for started in join_all(starts).await {
            assert!(started.is_ok());
        }
        let tokens = app.register().await;
        let another = auth::api(app.environment("AuthApi")).await.unwrap();
        let request = http::Request::get("/api/v1/auth/me")
            .header("authorization", format!("Bearer {}", tokens["access_token"].as_str().unwrap()))
            .body(axum::body::Body::empty())
            .unwrap();
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
        let reply =
            another.call(request, shared::lambda::Invocation { deadline, client_address: None }).await;
        assert_eq!(reply.status(), 200, "another instance accepts the token");
        let keys: Value = app.get("/.well-known/jwks.json").await.json();
        assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    });
}
