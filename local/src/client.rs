//! A platform that runs, as another process of its developer reaches it.

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy, rt::TokioExecutor};

use crate::operator::Command;

/// Where the local page is that takes an operator's commands, and the header that
/// it wants: no page on the web may send one without being asked first.
pub(crate) const PAGE: &str = "operate";
pub(crate) const HEADER: &str = "x-agora-operator";

/// Why a running platform did not do it.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It said so.
    #[error("{0}")]
    Refused(String),
    /// It could not be asked.
    #[error("the platform on port {0} does not answer: {1}")]
    Unreachable(u16, String),
}

/// Has the platform on `port` do it; `None` where none listens.
pub async fn operate(port: u16, command: &Command) -> Result<Option<String>, ClientError> {
    let unreachable = |error: &dyn std::fmt::Display| ClientError::Unreachable(port, error.to_string());
    let body = serde_json::to_vec(command).map_err(|error| unreachable(&error))?;
    let request = Request::post(format!("http://127.0.0.1:{port}/_local/{PAGE}"))
        .header(HEADER, "1")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| unreachable(&error))?;
    let client = legacy::Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let response = match client.request(request).await {
        Ok(response) => response,
        Err(error) if error.is_connect() => return Ok(None),
        Err(error) => return Err(unreachable(&error)),
    };
    let status = response.status();
    let body = response.into_body().collect().await.map_err(|error| unreachable(&error))?.to_bytes();
    let text = String::from_utf8_lossy(&body).trim().to_owned();
    if status.is_success() { Ok(Some(text)) } else { Err(ClientError::Refused(text)) }
}
