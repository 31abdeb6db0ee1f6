//! A connection to the cloud that throttles while a switch is on.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;

/// `inner`, but for the time that `throttled` is true.
pub fn throttling(inner: SharedHttpClient, throttled: &Arc<AtomicBool>) -> SharedHttpClient {
    SharedHttpClient::new(Client { inner, throttled: Arc::clone(throttled) })
}

#[derive(Debug)]
struct Client {
    inner: SharedHttpClient,
    throttled: Arc<AtomicBool>,
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, throttled: Arc::clone(&self.throttled) })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    throttled: Arc<AtomicBool>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if !self.throttled.load(Ordering::Relaxed) {
            return self.inner.call(request);
        }
        let response = http::Response::builder()
            .status(400)
            .header("x-amzn-errortype", "ThrottlingException")
            .body(SdkBody::from(r#"{"__type":"ThrottlingException"}"#))
            .unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::try_from(response).unwrap()))
    }
}
