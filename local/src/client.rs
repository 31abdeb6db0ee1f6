//! A platform that runs, as another process of its developer reaches it.

use std::net::Ipv4Addr;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy, rt::TokioExecutor};
use tokio::net::TcpStream;

use crate::operator::{Command, Outcome};

/// Where the local page is that takes an operator's commands, and the header that
/// it wants: no page on the web may send one without being asked first.
pub(crate) const PAGE: &str = "operate";
pub(crate) const HEADER: &str = "x-agora-operator";

/// The most that a command may be long: a hundred rows of an import.
pub(crate) const LARGEST_COMMAND: usize = 1024 * 1024;

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

/// Whether anybody listens on `port` of this machine.
pub async fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
}

/// Has the platform on `port` do it.
pub async fn operate(port: u16, command: &Command) -> Result<Outcome, ClientError> {
    let unreachable = |error: &dyn std::fmt::Display| ClientError::Unreachable(port, error.to_string());
    let body = serde_json::to_vec(command).map_err(|error| unreachable(&error))?;
    let request = Request::post(format!("http://127.0.0.1:{port}/_local/{PAGE}"))
        .header(HEADER, "1")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| unreachable(&error))?;
    let client = legacy::Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let response = client.request(request).await.map_err(|error| unreachable(&error))?;
    let status = response.status();
    let body = response.into_body().collect().await.map_err(|error| unreachable(&error))?.to_bytes();
    if status.is_success() {
        serde_json::from_slice(&body).map_err(|error| unreachable(&error))
    } else {
        Err(ClientError::Refused(String::from_utf8_lossy(&body).trim().to_owned()))
    }
}
