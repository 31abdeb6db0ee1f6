//! A caller: sends a request to one of a function's instances, and may get an answer.

use axum::body::Body;
use http::{Method, Request};
use http_body_util::BodyExt as _;
use local::functions::Handler;
use serde_json::Value;

use super::platform::{INSTANCES, Platform, mortal};
use crate::seeded::Dice;

/// A request.
#[derive(Debug, Clone)]
pub struct Ask {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

/// A reply.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub location: String,
}

impl Answer {
    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl Ask {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Value::Null }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { body, ..Self::new(Method::POST, path) }
    }

    pub fn body(self, body: Value) -> Self {
        Self { body, ..self }
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sends the request to any instance. There is no answer if the instance dies
    /// before, or the answer gets lost.
    pub async fn send(self, platform: &Platform, dice: &mut Dice) -> Option<Answer> {
        let instance = dice.below(INSTANCES);
        let lifetime = platform.lifetime(dice);
        let lost = platform.aws.faults.are_on() && dice.happens(40);
        let what = format!("{} {}", self.method, self.path.split('?').next().unwrap());
        let answer = self.ask(platform, instance, lifetime).await;
        if answer.is_some() && lost {
            platform.aws.faults.count("reply lost");
            platform.aws.trace.write(format_args!("{what}: lost on its way back"));
            return None;
        }
        let (status, code) = answer.as_ref().map_or((0, ""), |answer| (answer.status, answer.code()));
        platform.aws.trace.write(format_args!("{what} of instance {instance}: {status} {code}"));
        answer
    }

    /// Sends the request to one instance, which dies after `lifetime` polls.
    pub async fn ask(self, platform: &Platform, number: usize, lifetime: Option<usize>) -> Option<Answer> {
        let path = self.path.split('?').next().unwrap_or_default();
        let function = platform.routes.find(&self.method, path).unwrap().to_owned();
        let instance = platform.instance(&function, number).await;
        let Handler::Http(service) = &*instance else { panic!("{function} answers no requests") };
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let body = if self.body.is_null() {
            Body::empty()
        } else {
            request = request.header("content-type", "application/json");
            Body::from(self.body.to_string())
        };
        let call = service.call(request.body(body).unwrap(), platform.invocation(&function));
        let Some(response) = mortal(call, lifetime).await else {
            platform.aws.faults.count("function killed");
            platform.kill(&function, number);
            return None;
        };
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let location = parts.headers.get("location").map(|value| value.to_str().unwrap().to_owned());
        Some(Answer {
            status: parts.status.as_u16(),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            location: location.unwrap_or_default(),
        })
    }
}
