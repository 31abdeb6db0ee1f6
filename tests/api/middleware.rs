//! The middleware, tested with routes of the tests' own.

use std::time::Duration;

use axum::{Router, body::Body, response::Response, routing::get};
use http::{Method, Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use shared::{
    config::AllowedOrigins,
    http::{Path, Service},
    id::UserId,
    lambda::Invocation,
};

use crate::harness::{App, test, test_of};

/// Makes a function with one route.
fn service(app: &App, router: Router, origins: &str) -> Service {
    let (_, context) = app.environment("Web").open::<web::Config>("web").unwrap();
    Service::new(router, context, origins.parse::<AllowedOrigins>().unwrap())
}

async fn call(service: &Service, request: Request<Body>) -> Response {
    let deadline = tokio::time::Instant::now() + Duration::from_millis(400);
    service.call(request, Invocation { deadline, client_address: None }).await
}

async fn body(response: Response) -> Value {
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

fn get_request(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

#[test]
fn a_panic_is_a_problem_and_says_nothing() {
    test(async |app| {
        app.expects_errors(&["500: panic"]);
        let service = service(app, Router::new().route("/panic", get(panics)), "");
        let response = call(&service, get_request("/panic")).await;
        assert_eq!(response.status(), 500);
        let body = body(response).await;
        assert_eq!(body["code"], "internal_error");
        assert!(!body.to_string().contains("secret words"));
        let line = app.lines.of("web").pop().unwrap();
        assert_eq!((line.level, line.cause.as_deref()), ("error", Some("panic")));
    });
}

async fn panics() -> &'static str {
    panic!("secret words")
}

#[test]
fn a_late_handler_answers_503_before_the_sandbox_is_killed() {
    test(async |app| {
        app.expects_errors(&["503: deadline"]);
        let hangs = Router::new().route("/hangs", get(std::future::pending::<&'static str>));
        let response = call(&service(app, hangs, ""), get_request("/hangs")).await;
        assert_eq!(
            (response.status().as_u16(), response.headers()["retry-after"].as_bytes()),
            (503, b"1".as_slice())
        );
        assert_eq!(body(response).await["code"], "unavailable");
    });
}

#[test]
fn only_the_configured_origins_may_read_answers() {
    test(async |app| {
        let router = Router::new().route("/thing", get(async || "thing"));
        let service = service(app, router, "https://app.example, https://admin.example");
        for (origin, allowed) in
            [("https://app.example", true), ("https://admin.example", true), ("https://evil.example", false)]
        {
            let request = Request::get("/thing").header("origin", origin).body(Body::empty()).unwrap();
            let response = call(&service, request).await;
            let header = response.headers().get("access-control-allow-origin");
            assert_eq!(header.map(|it| it.to_str().unwrap()), allowed.then_some(origin));
        }
        let preflight = Request::options("/thing")
            .header("origin", "https://app.example")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization");
        let response = call(&service, preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        let headers = response.headers()["access-control-allow-headers"].to_str().unwrap().to_owned();
        assert!(headers.contains("authorization"), "{headers}");
    });
}

#[test]
fn loopback_allows_each_port_of_the_own_machine_and_no_other() {
    test(async |app| {
        let router = Router::new().route("/thing", get(async || "thing"));
        let service = service(app, router, "loopback, https://app.example");
        for (origin, allowed) in [
            ("http://localhost:5173", true),
            ("http://127.0.0.1:8080", true),
            ("https://[::1]:8443", true),
            ("http://localhost", true),
            ("https://app.example", true),
            ("http://localhost.evil.example", false),
            ("http://localhost:5173.evil.example", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://evil.example/#http://localhost", false),
            ("null", false),
        ] {
            let request = Request::get("/thing").header("origin", origin).body(Body::empty()).unwrap();
            let response = call(&service, request).await;
            let header = response.headers().get("access-control-allow-origin");
            assert_eq!(header.map(|it| it.to_str().unwrap()), allowed.then_some(origin), "{origin}");
        }
    });
}

#[test]
fn a_path_that_names_no_such_thing_is_not_found() {
    test(async |app| {
        let router =
            Router::new().route("/users/{user_id}", get(async |Path(id): Path<UserId>| id.to_string()));
        let service = service(app, router, "");
        let id = "user_01h455vb4pex5vsknk084sn02q";
        assert_eq!(call(&service, get_request(&format!("/users/{id}"))).await.status(), 200);
        for wrong in ["x", "sess_01h455vb4pex5vsknk084sn02q", "%00", "user_01H455VB4PEX5VSKNK084SN02Q"] {
            let response = call(&service, get_request(&format!("/users/{wrong}"))).await;
            assert_eq!(
                (response.status().as_u16(), body(response).await["code"].as_str()),
                (404, Some("not_found"))
            );
        }
    });
}

const PROXY_SECRET: &str = "a secret of the proxy, of some 40 characters";

fn behind_a_proxy(template: &mut Value) {
    template["Parameters"]["ProxySecret"]["Default"] = PROXY_SECRET.replace([' ', ','], "-").into();
    template["Parameters"]["ClientAddressHeader"]["Default"] = "CloudFront-Viewer-Address".into();
}

#[test]
fn behind_a_proxy_its_address_header_counts_and_bypassing_is_refused() {
    test_of(behind_a_proxy, async |app| {
        let secret = PROXY_SECRET.replace([' ', ','], "-");
        // Undocumented: the public address never answers so.
        for path in ["/api/v1/auth/health", "/", "/nowhere"] {
            let response = app.platform.request(get_request(path)).await;
            assert_eq!(response.status(), 403);
            assert_eq!(body(response).await["code"], "direct_access");
        }
        let log_in = async |address: &str| {
            let body = json!({ "email": "ada-marker@example.com", "password": "wrong" });
            let request = app.request(Method::POST, "/api/v1/auth/login").json(&body);
            let request = request.header("x-proxy-secret", &secret);
            request.header("cloudfront-viewer-address", address).send().await.status
        };
        for port in 0..10 {
            assert_eq!(log_in(&format!("198.51.100.7:{}", 1000 + port)).await, 401);
        }
        assert_eq!(log_in("198.51.100.7:2000").await, 429);
        assert_eq!(log_in("198.51.100.8:2000").await, 401, "another client of the same proxy");
    });
}
