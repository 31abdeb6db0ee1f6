//! Replies in AWS' JSON protocols.

use bytes::Bytes;
use http::{Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::BodyExt as _;
use serde::Serialize;

/// A refused call.
#[derive(Debug)]
pub(super) struct Fault {
    kind: &'static str,
    message: String,
}

impl Fault {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn unknown_operation(what: &str) -> Self {
        Self::new("UnknownOperationException", format!("the local cloud has no {what}"))
    }

    pub(super) fn malformed(error: &serde_json::Error) -> Self {
        Self::new("SerializationException", error.to_string())
    }

    pub(super) fn into_response(self) -> Response<Bytes> {
        let Self { kind, message } = self;
        let body = serde_json::json!({ "__type": kind, "message": message });
        let mut response = text(StatusCode::BAD_REQUEST, body.to_string());
        // SES' protocol has the error type in a header, the others have it in the body.
        response.headers_mut().insert("x-amzn-errortype", http::HeaderValue::from_static(kind));
        response
    }
}

/// Reply to a call: its result or its error.
pub(super) fn reply<T: Serialize>(result: Result<T, Fault>) -> Response<Bytes> {
    match result.map(|value| serde_json::to_string(&value)) {
        Ok(Ok(body)) => text(StatusCode::OK, body),
        Ok(Err(error)) => Fault::malformed(&error).into_response(),
        Err(fault) => fault.into_response(),
    }
}

/// A reply with this JSON text.
pub(super) fn text(status: StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}

/// A complete reply of rustack's.
pub(super) async fn whole<B>(response: Response<B>) -> Response<Bytes>
where
    B: http_body::Body<Data = Bytes, Error: std::fmt::Debug>,
{
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => Response::from_parts(parts, body.to_bytes()),
        Err(error) => Fault::new("InternalFailure", format!("{error:?}")).into_response(),
    }
}
