//! One trace from the request to the last consumer.

use http::Method;
use serde_json::json;

use crate::harness::{PASSWORD, test};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_callers_trace_and_request_id_reach_the_consumers_line() {
    test(async |app| {
        let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD });
        let register = app.request(Method::POST, "/api/v1/auth/register").json(&body);
        let register = register.header("traceparent", TRACE).header("x-request-id", "traced");
        assert_eq!(register.send().await.status, 201);
        app.platform.settle().await;
        for (function, action) in
            [("auth-api", "POST /api/v1/auth/register"), ("notifications", "user.created")]
        {
            let lines = app.lines.of(function);
            let line = lines.iter().find(|line| line.action == action).expect(action);
            assert_eq!(line.traceparent.as_deref(), Some(TRACE), "{function}");
            assert_eq!(line.request_id, "traced", "{function}");
        }
    });
}
