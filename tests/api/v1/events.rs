//! `/api/v1/events`

use serde_json::json;

use crate::harness::test;

#[test]
fn health_says_the_version() {
    test(async |app| {
        let reply = app.get("/api/v1/events/health").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json(), json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
    });
}

#[test]
fn the_consumer_handles_a_deleted_account() {
    test(async |app| {
        let tokens = app.register().await;
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(app.delete_as(token, "/api/v1/users/me").await.status, 204);
        app.platform.settle().await;
        let lines = app.lines.of("events-consumer");
        let lines: Vec<_> = lines.iter().map(|line| (line.action.as_str(), line.outcome.as_str())).collect();
        assert_eq!(lines, [("user.deleted", "done")]);
    });
}
