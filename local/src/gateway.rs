//! API Gateway's HTTP API: finds the function of a request by the template's routes,
//! and calls it as Lambda would.

mod routes;

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use axum::body::Body;
use http::{Request, Response, StatusCode, header::CONTENT_TYPE};
use shared::{http::Service, lambda::Invocation};
use tokio::time::Instant;

use crate::stack::Stack;

pub use routes::Routes;

/// The gateway. Clones share it.
#[derive(Clone)]
pub struct Gateway {
    routes: Arc<Routes>,
    functions: Arc<BTreeMap<String, (Service, Duration)>>,
}

impl Gateway {
    /// A gateway with the routes of `stack` to `functions`, given by logical id with
    /// their time limits.
    pub(crate) fn new(stack: &Stack, functions: BTreeMap<String, (Service, Duration)>) -> Self {
        Self { routes: Arc::new(Routes::of(stack)), functions: Arc::new(functions) }
    }

    /// Answers a request from `client`.
    pub async fn call(&self, request: Request<Body>, client: Option<IpAddr>) -> Response<Body> {
        let function = self.routes.find(request.method(), request.uri().path());
        match function.and_then(|id| self.functions.get(id)) {
            Some((service, timeout)) => {
                let invocation = Invocation { deadline: Instant::now() + *timeout, client_address: client };
                // Boxed: it would be a part of the futures of all callers.
                Box::pin(service.call(request, invocation)).await
            }
            None => not_found(),
        }
    }
}

/// Reply of an HTTP API without a matching route, not even `$default`.
fn not_found() -> Response<Body> {
    let mut response = Response::new(Body::from(r#"{"message":"Not Found"}"#));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    response
}
