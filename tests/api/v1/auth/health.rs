//! `GET /api/v1/auth/health`

use crate::harness::test;

#[test]
fn health_says_the_version() {
    test(async |app| {
        let reply = app.get("/api/v1/auth/health").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json(), serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
    });
}
