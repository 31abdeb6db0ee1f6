//! Connections to the cloud that answer some calls themselves.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorFuture, SharedHttpClient};

use super::between::{answer, between};

/// Wraps `inner`: a call is answered with the status and body that `answers` returns
/// for its body, if any.
pub fn answering(
    inner: SharedHttpClient,
    answers: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static,
) -> SharedHttpClient {
    between(inner, move |request, cloud| {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        match answers(&body) {
            Some((status, body)) => HttpConnectorFuture::ready(Ok(answer(status, body))),
            None => cloud.call(request),
        }
    })
}

/// Wraps `inner`: the first call whose target ends with `operation` is performed, and
/// its answer is lost.
pub fn losing_an_answer(inner: SharedHttpClient, operation: &'static str) -> SharedHttpClient {
    let is_lost = AtomicBool::new(false);
    between(inner, move |request, cloud| {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        if !target.ends_with(operation) || is_lost.swap(true, Ordering::Relaxed) {
            return cloud.call(request);
        }
        HttpConnectorFuture::new(async move {
            cloud.call(request).await?;
            Ok(answer(500, r#"{"__type":"InternalServerError"}"#))
        })
    })
}

/// Wraps `inner`: runs `other` before the first call whose body meets `is_met`.
pub fn interrupting(
    inner: SharedHttpClient,
    is_met: impl Fn(&str) -> bool + Send + Sync + 'static,
    other: impl Future<Output = ()> + Send + 'static,
) -> SharedHttpClient {
    let other: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(other);
    let other = Mutex::new(Some(other));
    between(inner, move |request, cloud| {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        let other = if is_met(&body) { other.lock().unwrap().take() } else { None };
        HttpConnectorFuture::new(async move {
            if let Some(other) = other {
                other.await;
            }
            cloud.call(request).await
        })
    })
}

/// Wraps `inner`: throttles every call while `throttled` is true.
pub fn throttling(inner: SharedHttpClient, throttled: &Arc<AtomicBool>) -> SharedHttpClient {
    let throttled = Arc::clone(throttled);
    let refusal = r#"{"__type":"ThrottlingException"}"#.to_owned();
    answering(inner, move |_| throttled.load(Ordering::Relaxed).then(|| (400, refusal.clone())))
}
