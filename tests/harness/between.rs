//! Interception of calls between a function and the cloud: each one is passed on or
//! answered.

use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;

/// Wraps `inner`: each call goes through `meet`, which also gets the wrapped
/// connection.
pub fn between(
    inner: SharedHttpClient,
    meet: impl Fn(HttpRequest, SharedHttpConnector) -> HttpConnectorFuture + Send + Sync + 'static,
) -> SharedHttpClient {
    SharedHttpClient::new(Client { inner, meet: Meet(Arc::new(meet)) })
}

/// Makes an answer in the form of AWS.
pub fn answer(status: u16, body: impl Into<SdkBody>) -> HttpResponse {
    let response = http::Response::builder()
        .status(status)
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.into())
        .unwrap();
    HttpResponse::try_from(response).unwrap()
}

type MeetFn = dyn Fn(HttpRequest, SharedHttpConnector) -> HttpConnectorFuture + Send + Sync;

#[derive(Clone)]
struct Meet(Arc<MeetFn>);

impl fmt::Debug for Meet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meet")
    }
}

#[derive(Debug)]
struct Client {
    inner: SharedHttpClient,
    meet: Meet,
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, meet: self.meet.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    meet: Meet,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        (self.meet.0)(request, self.inner.clone())
    }
}
