//! The API in the hands of the shopkeeper.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::DemoError;
use crate::{
    client::{Client, ClientError},
    seed::{PASSWORD, people::SHOPKEEPER},
};

/// A platform's API, and a token for it.
pub(super) struct Shop<'a> {
    client: &'a Client,
    token: Mutex<String>,
}

/// What was answered, and to what.
pub(super) struct Answer {
    request: String,
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Answer {
    /// For answers that should not come.
    pub(super) fn unexpected(self) -> DemoError {
        let code = self.body["code"].as_str().unwrap_or_default().to_owned();
        DemoError::Unexpected { request: self.request, status: self.status, code }
    }
}

impl<'a> Shop<'a> {
    /// Logs in.
    pub(super) async fn open(client: &'a Client) -> Result<Self, DemoError> {
        let token = Mutex::new(log_in(client).await?);
        Ok(Self { client, token })
    }

    /// Reads.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, DemoError> {
        self.ask(Method::GET, path, &Value::Null).await
    }

    /// Makes.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Answer, DemoError> {
        self.ask(Method::POST, path, body).await
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Answer, DemoError> {
        let token = self.token.lock().await.clone();
        let answer = send(self.client, method.clone(), path, Some(&token), body).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // A token lives for ten minutes; of many requests one logs in anew.
        let mut current = self.token.lock().await;
        if *current == token {
            *current = log_in(self.client).await?;
        }
        let token = current.clone();
        drop(current);
        send(self.client, method, path, Some(&token), body).await
    }
}

async fn log_in(client: &Client) -> Result<String, DemoError> {
    let body = json!({ "email": SHOPKEEPER, "password": PASSWORD });
    let answer = send(client, Method::POST, "/api/v1/auth/login", None, &body).await?;
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
) -> Result<Answer, DemoError> {
    let named = format!("{method} {path}");
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
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
    Ok(Answer { request: named, status: response.status(), body })
}
