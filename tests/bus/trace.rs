//! One trace from the request to the last consumer.

use http::Method;
use serde_json::json;

use crate::harness::{PASSWORD, test};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_callers_trace_and_our_request_id_reach_the_consumers_line() {
    test(async |app| {
        let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD });
        let register = app.request(Method::POST, "/api/v1/auth/register").json(&body);
        let register = register.header("traceparent", TRACE).header("x-request-id", "traced");
        assert_eq!(register.send().await.status, 201);
        app.platform.settle().await;
        let mut ids = Vec::new();
        for (function, action) in
            [("auth-api", "POST /api/v1/auth/register"), ("notifications", "user.created")]
        {
            let lines = app.lines.of(function);
            let line = lines.iter().find(|line| line.action == action).expect(action);
            assert_eq!(line.traceparent.as_deref(), Some(TRACE), "{function}");
            let named = (function == "auth-api").then_some("traced");
            assert_eq!(line.caller_request_id.as_deref(), named, "{function}");
            ids.push(line.request_id.clone());
        }
        assert!(ids[0].starts_with("req_") && ids[0] == ids[1], "{ids:?}");
    });
}

#[test]
fn a_callers_request_id_is_in_the_reply_and_one_field_of_one_line() {
    const NAME: &str = "ada@example.com|tel+4479123";
    test(async |app| {
        let body = json!({ "email": "ada-marker@example.com", "password": PASSWORD });
        let register = app.request(Method::POST, "/api/v1/auth/register").json(&body);
        let reply = register.header("x-request-id", NAME).send().await;
        assert_eq!((reply.status, reply.header("x-request-id")), (201, NAME));
        let token = reply.json()["access_token"].as_str().unwrap().to_owned();
        let rename =
            app.request(Method::PATCH, "/api/v1/users/me").token(&token).header("x-request-id", NAME);
        rename.json(&json!({ "name": "Ada Marker" })).send().await.granted();
        let refused = app.request(Method::GET, "/api/v1/users/me").header("x-request-id", NAME).send().await;
        assert_eq!((refused.status, refused.header("x-request-id")), (401, NAME));
        assert!(!refused.json().to_string().contains("4479123"), "a problem shows our id");
        app.platform.settle().await;
        // Outbox, markers and archive: everything in the table.
        let table = &app.platform.stack().table.name;
        let items = app.dynamodb().scan().table_name(table).send().await.unwrap();
        assert!(items.count() > 0 && !format!("{:?}", items.items()).contains("4479123"));
        let lines: serde_json::Value = serde_json::from_str(&app.lines.text()).unwrap();
        let mut named = 0;
        for mut line in lines.as_array().unwrap().clone() {
            let line = line.as_object_mut().unwrap();
            named += u32::from(line.remove("caller_request_id").is_some());
            assert!(!json!(line).to_string().contains("4479123"), "{line:?}");
        }
        assert_eq!(named, 3, "the line of each request says what its caller named it");
    });
}
