//! A connection to the cloud that answers some calls itself.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
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

/// `inner`, but for the calls that `answer` has a status and a body for: it is
/// given their bodies.
pub fn answering(
    inner: SharedHttpClient,
    answer: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static,
) -> SharedHttpClient {
    SharedHttpClient::new(Client { inner, answer: Answer(Arc::new(answer)) })
}

/// `inner`, but for the time that `throttled` is true.
pub fn throttling(inner: SharedHttpClient, throttled: &Arc<AtomicBool>) -> SharedHttpClient {
    let throttled = Arc::clone(throttled);
    let refusal = r#"{"__type":"ThrottlingException"}"#.to_owned();
    answering(inner, move |_| throttled.load(Ordering::Relaxed).then(|| (400, refusal.clone())))
}

type AnswerFn = dyn Fn(&str) -> Option<(u16, String)> + Send + Sync;

#[derive(Clone)]
struct Answer(Arc<AnswerFn>);

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer")
    }
}

#[derive(Debug)]
struct Client {
    inner: SharedHttpClient,
    answer: Answer,
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, answer: self.answer.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    answer: Answer,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        let Some((status, body)) = (self.answer.0)(&body) else { return self.inner.call(request) };
        let response = http::Response::builder()
            .status(status)
            .header("content-type", "application/x-amz-json-1.0")
            .body(SdkBody::from(body))
            .unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::try_from(response).unwrap()))
    }
}
