//! Support for this folder's unit tests: routes of their own inside the middleware.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Body, handler::Handler};
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::time::Instant;
use utoipa::openapi::HttpMethod;

use super::{Service, endpoints::mount_at};
use crate::{
    Context,
    clock::{Clock, Timestamp},
    config::AllowedOrigins,
    id::Ids,
    invocation::Invocation,
    random::Random,
    telemetry::Log,
};

/// The response, and the cause in the log.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub cause: Option<String>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }
}

/// A router with one route.
pub fn route<H, T>(method: &HttpMethod, path: &str, handler: H) -> Router
where
    H: Handler<T, ()>,
    T: 'static,
{
    mount_at(Router::new(), method, path, handler)
}

/// The answer to a request without a body.
pub async fn get(router: &Router, path: &str) -> Answer {
    ask(router, Request::get(path).body(Body::empty()).unwrap()).await
}

/// The answer to a request.
pub async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let clock = Clock::from_fn(|| Timestamp::from_millis(1_700_000_000_000));
    let cause = Arc::new(Mutex::new(None));
    let logged = Arc::clone(&cause);
    let context = Context {
        function: "things-api",
        stage: "test".to_owned(),
        ids: Ids::new(clock.clone(), Random::system()),
        clock,
        random: Random::system(),
        log: Log::from_fn(move |line| logged.lock().unwrap().clone_from(&line.cause)),
    };
    let service = Service::new(router.clone(), context, AllowedOrigins::default());
    let deadline = Instant::now() + std::time::Duration::from_secs(5);
    let response = service.call(request, Invocation { deadline, client_address: None }).await;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let cause = cause.lock().unwrap().take();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        cause,
    }
}
