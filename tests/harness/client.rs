//! Requests as callers make them, without sockets.

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::{SdkConfig, region::Region};
use axum::body::Body;
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use local::{platform::Platform, stack::REGION};
use serde_json::{Value, json};

use super::App;

/// Parts of the addresses, names and passwords of tests' people: none may get
/// into a log line or an event.
pub const MARKERS: [&str; 3] = ["ada-marker", "Marker-Lovelace", "canary horse battery staple"];

/// A password that is strong enough.
pub const PASSWORD: &str = "canary horse battery staple";

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    /// A header's text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code of a problem.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], self.status);
        assert_eq!(body["request_id"], self.header("x-request-id"));
        (self.status, body["code"].as_str().unwrap().to_owned())
    }

    /// The faults of a 422: pointer and code.
    pub fn faults(&self) -> Vec<(String, String)> {
        assert_eq!(self.problem(), (422, "invalid_fields".to_owned()));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let body = self.json();
        let errors = body["errors"].as_array().unwrap();
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }
}

impl App {
    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.platform.request(request).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// `GET` without a token.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// `GET` with a token.
    pub async fn get_as(&self, token: &str, path: &str) -> Reply {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// `POST` of a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.post_text(path, "application/json", body.to_string()).await
    }

    /// `POST` of anything.
    pub async fn post_text(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Reply {
        let request = Request::builder().method(Method::POST).uri(path);
        self.send(request.header(header::CONTENT_TYPE, content_type).body(body.into()).unwrap()).await
    }

    /// Registers `ada-marker@example.com` and gives the token reply.
    pub async fn register(&self) -> Value {
        self.register_as("ada-marker@example.com").await
    }

    /// Registers somebody and gives the token reply.
    pub async fn register_as(&self, email: &str) -> Value {
        let body = json!({ "email": email, "password": PASSWORD, "name": "Ada Marker-Lovelace" });
        let reply = self.post("/api/v1/auth/register", body).await;
        assert_eq!(reply.status, 201, "{}", reply.json());
        let body = reply.json();
        for token in ["access_token", "refresh_token"] {
            self.lines.keep_secret(body[token].as_str().unwrap());
        }
        body
    }
}

/// The configuration of a client that calls the platform's cloud as nobody's
/// function.
pub fn sdk_config(platform: &Platform) -> SdkConfig {
    let credentials = Credentials::new("tests", "tests", None, None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .http_client(platform.cloud().http_client())
        .build()
}
