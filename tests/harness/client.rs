//! Requests of callers, without sockets.

use std::net::{IpAddr, Ipv4Addr};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::{SdkConfig, region::Region};
use axum::body::Body;
use http::{HeaderMap, Method, Request, header, request};
use http_body_util::BodyExt as _;
use local::{platform::Platform, stack::REGION};
use serde_json::{Value, json};

use super::{App, document::judge, parameters::Api};

/// A password that is strong enough.
pub const PASSWORD: &str = "canary horse battery staple";

/// A reply.
#[derive(Debug)]
#[must_use = "an answer that nobody looks at may be a refusal: `granted()` holds it to a success"]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    /// Fails if the reply is an error.
    pub fn granted(self) {
        assert!(self.status < 400, "{}: {}", self.status, String::from_utf8_lossy(&self.bytes));
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    /// The text of a header; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code of a problem.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], self.status);
        // A caller's `X-Request-Id` appears in the header only.
        assert!(body["request_id"].as_str().unwrap().starts_with("req_"));
        (self.status, body["code"].as_str().unwrap().to_owned())
    }

    /// The faults of a 422, as pointer and code.
    pub fn faults(&self) -> Vec<(String, String)> {
        assert_eq!(self.problem(), (422, "invalid_fields".to_owned()));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let body = self.json();
        let errors = body["errors"].as_array().unwrap();
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }
}

impl App {
    /// Sends a request unchanged.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        self.send_from(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await
    }

    /// Sends a request from a network address. The tokens in the reply become
    /// canaries.
    async fn send_from(&self, request: Request<Body>, address: IpAddr) -> Reply {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let (parts, body) = self.platform.request_from(request, address).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let reply = Reply { status: parts.status.as_u16(), headers: parts.headers, bytes };
        self.errors.sees(|| format!("{method} {path}"), reply.status);
        judge(&method, &path, &reply);
        if reply.status >= 400 {
            self.canary.sees("a problem", String::from_utf8_lossy(&reply.bytes));
        } else if let Ok(body) = serde_json::from_slice::<Value>(&reply.bytes) {
            for token in ["access_token", "refresh_token"].iter().filter_map(|name| body[name].as_str()) {
                self.canary.keep_secret(token);
            }
        }
        reply
    }

    /// Begins a request.
    pub fn request(&self, method: Method, path: &str) -> Call<'_> {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Call { app: self, request: Request::builder().method(method).uri(path), body: Body::empty(), address }
    }

    /// Sends a `GET` without a token.
    pub async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path).send().await
    }

    /// Sends a `GET` with a token.
    pub async fn get_as(&self, token: &str, path: &str) -> Reply {
        self.request(Method::GET, path).token(token).send().await
    }

    /// Sends a `POST` of a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.request(Method::POST, path).json(&body).send().await
    }

    /// Sends a `POST` of a JSON body with a token.
    pub async fn post_as(&self, token: &str, path: &str, body: Value) -> Reply {
        self.request(Method::POST, path).token(token).json(&body).send().await
    }

    /// Sends a `DELETE` with a token.
    pub async fn delete_as(&self, token: &str, path: &str) -> Reply {
        self.request(Method::DELETE, path).token(token).send().await
    }

    /// Sends a `POST` of any body.
    pub async fn post_text(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Reply {
        let call = self.request(Method::POST, path).header("content-type", content_type);
        Call { body: body.into(), ..call }.send().await
    }

    /// Registers `ada-marker@example.com` and returns the token reply.
    pub async fn register(&self) -> Value {
        self.register_as("ada-marker@example.com").await
    }

    /// Registers a user and returns the token reply.
    pub async fn register_as(&self, email: &str) -> Value {
        let body = json!({ "email": email, "password": PASSWORD, "name": "Ada Marker-Lovelace" });
        let reply = self.post("/api/v1/auth/register", body).await;
        assert_eq!(reply.status, 201, "{}", reply.json());
        reply.json()
    }

    /// Registers a user, makes them an administrator, and returns their token reply.
    pub async fn administrator(&self, email: &str) -> Value {
        // Boxed: the futures of the callers are large themselves.
        Box::pin(self.register_as(email)).await;
        let operator = self.platform.operator();
        let accounts = Box::pin(operator.accounts()).await.unwrap();
        Box::pin(accounts.grant_administrator(&email.parse().unwrap())).await.unwrap();
        Box::pin(self.log_in(email)).await
    }

    /// Logs a user in and returns the token reply.
    pub async fn log_in(&self, email: &str) -> Value {
        let reply = self.post("/api/v1/auth/login", json!({ "email": email, "password": PASSWORD })).await;
        assert_eq!(reply.status, 200, "{}", reply.json());
        reply.json()
    }
}

impl Api for App {
    async fn ask(&self, request: Request<String>) -> (u16, String, Value) {
        let reply = self.send(request.map(Body::from)).await;
        let body = serde_json::from_slice(&reply.bytes).unwrap_or_default();
        (reply.status, reply.header("location").to_owned(), body)
    }

    async fn settle(&self) {
        self.platform.settle().await;
    }
}

/// A request being built.
pub struct Call<'a> {
    app: &'a App,
    request: request::Builder,
    body: Body,
    address: IpAddr,
}

impl Call<'_> {
    /// Adds an access token.
    pub fn token(self, token: &str) -> Self {
        self.header(header::AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sets a JSON body, whose personal fields become canaries. Those of the catalogue and
    /// of the profiles of organisations are public.
    pub fn json(self, body: &Value) -> Self {
        let path = self.request.uri_ref().map_or("", http::Uri::path);
        let is_public = ["/api/v1/categor", "/api/v1/product"].iter().any(|public| path.starts_with(public))
            || (path.starts_with("/api/v1/organizations") && !path.contains("/invitations"));
        if !is_public {
            self.app.canary.keep_personal(body);
        }
        let body = body.to_string().into();
        Self { body, ..self.header("content-type", "application/json") }
    }

    /// Sets a body of another media type.
    pub fn text(self, content_type: &str, body: &str) -> Self {
        let body = body.to_owned().into();
        Self { body, ..self.header("content-type", content_type) }
    }

    /// Sets the network address of the client.
    pub fn from(mut self, address: &str) -> Self {
        self.address = address.parse().unwrap();
        self
    }

    /// Sends the request.
    pub async fn send(self) -> Reply {
        let request = self.request.body(self.body).unwrap();
        self.app.send_from(request, self.address).await
    }
}

/// The configuration of a client that calls the platform's cloud without a function's
/// policy.
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
