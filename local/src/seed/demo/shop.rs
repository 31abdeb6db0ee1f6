//! The API as used by one account: the shopkeeper, or a customer.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shared::id::UserId;
use tokio::sync::Mutex;

use super::DemoError;
use crate::{
    client::{Client, ClientError},
    seed::PASSWORD,
};

/// A platform's API, and a token for it.
pub(super) struct Shop<'a> {
    client: &'a Client,
    email: String,
    token: Mutex<String>,
}

/// A reply, and its request.
pub(super) struct Answer {
    request: String,
    pub(super) status: StatusCode,
    pub(super) body: Value,
    /// True for a replayed reply.
    pub(super) is_replayed: bool,
}

impl Answer {
    /// Error of an unexpected reply.
    pub(super) fn unexpected(self) -> DemoError {
        let code = self.body["code"].as_str().unwrap_or_default().to_owned();
        DemoError::Unexpected { request: self.request, status: self.status, code }
    }
}

impl<'a> Shop<'a> {
    /// Signs in.
    pub(super) async fn open(client: &'a Client, email: String) -> Result<Self, DemoError> {
        let token = Mutex::new(log_in(client, &email).await?);
        Ok(Self { client, email, token })
    }

    /// Address of the account.
    pub(super) fn email(&self) -> &str {
        &self.email
    }

    /// Id of the account.
    pub(super) async fn user_id(&self) -> Result<UserId, DemoError> {
        let me = self.get("/api/v1/auth/me").await?;
        let id = me.body["id"].as_str().and_then(|id| id.parse().ok());
        id.ok_or_else(|| me.unexpected())
    }

    /// Sends a GET.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, DemoError> {
        self.ask(Method::GET, path, &Value::Null, None).await
    }

    /// Sends a POST.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Answer, DemoError> {
        self.ask(Method::POST, path, body, None).await
    }

    /// Sends a POST with an idempotency key.
    pub(super) async fn post_once(&self, path: &str, body: &Value, key: &str) -> Result<Answer, DemoError> {
        self.ask(Method::POST, path, body, Some(key)).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> Result<Answer, DemoError> {
        let token = self.token.lock().await.clone();
        let answer = send(self.client, method.clone(), path, Some(&token), body, key).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // A token lives for ten minutes; one of many requests signs in again.
        let mut current = self.token.lock().await;
        if *current == token {
            *current = log_in(self.client, &self.email).await?;
        }
        let token = current.clone();
        drop(current);
        send(self.client, method, path, Some(&token), body, key).await
    }
}

async fn log_in(client: &Client, email: &str) -> Result<String, DemoError> {
    let body = json!({ "email": email, "password": PASSWORD });
    let answer = send(client, Method::POST, "/api/v1/auth/login", None, &body, None).await?;
    match answer.body["access_token"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => Err(answer.unexpected()),
    }
}

async fn send(
    client: &Client,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: &Value,
    key: Option<&str>,
) -> Result<Answer, DemoError> {
    let named = format!("{method} {path}");
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from(body.to_string())
    };
    let request = request.body(body).map_err(|error| ClientError::Refused(error.to_string()))?;
    let response = client.request(request).await?;
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    let is_replayed = response.headers().contains_key("idempotent-replayed");
    Ok(Answer { request: named, status: response.status(), body, is_replayed })
}
