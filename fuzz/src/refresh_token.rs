//! Any text as a refresh token: none is valid, and none costs a read.

use std::sync::LazyLock;

use axum::body::Body;
use http::Request;
use serde_json::json;
use shared::http::Service;

use super::{Calls, RUNTIME, environment, invocation};

static AUTH: LazyLock<(Service, Calls)> = LazyLock::new(|| {
    let (environment, calls) = environment();
    let auth = RUNTIME.block_on(auth::api(environment)).expect("starts");
    // The first request reads whatever is missing, before the counting.
    refresh(&auth, "");
    (auth, calls)
});

fn refresh(auth: &Service, token: &str) -> u16 {
    let request = Request::post("/api/v1/auth/refresh").header("content-type", "application/json");
    let request = request.body(Body::from(json!({ "refresh_token": token }).to_string())).expect("a request");
    RUNTIME.block_on(async { auth.call(request, invocation()).await.status().as_u16() })
}

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let token = String::from_utf8_lossy(bytes);
    let (auth, calls) = &*AUTH;
    let before = calls.so_far();
    assert_eq!(refresh(auth, &token), 401);
    assert_eq!(calls.so_far(), before);
}
