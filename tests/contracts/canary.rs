//! The harness finds leaked personal data and server errors: for each place a test
//! that leaks and must fail.

use axum::{Router, body::Body, routing::get};
use http::Request;
use serde_json::json;
use shared::{
    config::AllowedOrigins,
    http::{Problem, Service},
    lambda::Invocation,
};

use crate::harness::{App, test, test_with_dead_letters};

const ADA: &str = "ada-marker@example.com";

/// Runs a route that fails with a cause that has personal data.
async fn fails(app: &App, cause: &'static str) {
    let (_, context) = app.environment("Web").open::<web::Config>("web").unwrap();
    let router = Router::new().route("/", get(async move || Problem::internal(cause)));
    let service = Service::new(router, context, AllowedOrigins::default());
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
    let request = Request::get("/").body(Body::empty()).unwrap();
    service.call(request, Invocation { deadline, client_address: None }).await;
}

#[test]
#[should_panic(expected = "-marker stands in a log line")]
fn an_address_in_a_log_line_is_found() {
    test(async |app| fails(app, ADA).await);
}

#[test]
#[should_panic(expected = "stands in a log line")]
fn a_name_of_a_refused_request_in_a_log_line_is_found() {
    test(async |app| {
        let body = json!({ "email": "grace@navy.example", "password": "x", "name": "Grace Brewster Murray" });
        assert_eq!(app.post("/api/v1/auth/register", body).await.status, 422);
        fails(app, "no room for Grace Brewster Murray").await;
    });
}

#[test]
#[should_panic(expected = "stands in a log line")]
fn a_token_that_was_given_out_is_found() {
    test(async |app| {
        let token = app.register().await["access_token"].as_str().unwrap().to_owned();
        fails(app, token.leak()).await;
    });
}

#[test]
#[should_panic(expected = "-marker stands in a diagnostic")]
fn an_address_in_a_diagnostic_is_found() {
    test(async |_| tracing::warn!(address = ADA, "somebody is here"));
}

#[test]
#[should_panic(expected = "-marker stands in an event")]
fn an_address_in_an_event_is_found() {
    test(async |app| {
        let bus = aws_sdk_eventbridge::Client::new(&app.environment("Publisher").aws);
        let name = &app.platform.stack().functions["Publisher"].variables["BUS_NAME"];
        let entry = aws_sdk_eventbridge::types::PutEventsRequestEntry::builder()
            .event_bus_name(name)
            .source("agora.test")
            .detail_type("thing.happened")
            .detail(json!({ "to": ADA }).to_string());
        bus.put_events().entries(entry.build()).send().await.unwrap();
    });
}

#[test]
#[should_panic(expected = "-marker stands in a message of a queue")]
fn an_address_among_the_dead_letters_is_found() {
    test_with_dead_letters(async |app| {
        let queues = aws_sdk_sqs::Client::new(&app.environment("Publisher").aws);
        let url = &app.platform.stack().functions["Publisher"].variables["DEAD_LETTER_QUEUE_URL"];
        queues.send_message().queue_url(url).message_body(ADA).send().await.unwrap();
    });
}

#[test]
#[should_panic(expected = "-marker stands in a key")]
fn an_address_in_a_key_is_found() {
    test(async |app| {
        let table = aws_sdk_dynamodb::Client::new(&app.environment("AuthApi").aws);
        let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
        let name = &app.platform.stack().table.name;
        let get = table.get_item().table_name(name).key("pk", text(format!("LOGIN#{ADA}")));
        get.key("sk", text("LOGIN".to_owned())).send().await.unwrap();
    });
}

#[test]
#[should_panic(expected = "-marker stands in a problem")]
fn an_address_in_a_problem_is_found() {
    test(async |app| {
        // A problem contains the path of its request.
        assert_eq!(app.get(&format!("/api/v1/users/{ADA}/nowhere")).await.status, 404);
    });
}

#[test]
#[should_panic(expected = "errors on our side")]
fn a_500_that_a_test_does_not_name_is_found() {
    test(async |app| fails(app, "broken").await);
}

#[test]
#[should_panic(expected = "errors on our side")]
fn an_error_of_another_kind_than_a_test_names_is_found() {
    test(async |app| {
        app.expects_errors(&["503: unavailable"]);
        fails(app, "broken").await;
    });
}

#[test]
#[should_panic(expected = "the test expects errors that did not come")]
fn an_error_that_a_test_names_in_vain_is_found() {
    test(async |app| app.expects_errors(&["500: broken"]));
}

#[test]
fn an_error_that_a_test_names_is_none() {
    test(async |app| {
        app.expects_errors(&["500: broken"]);
        fails(app, "broken").await;
    });
}
