//! Invocation of a function with a batch: in this process, or over HTTP in `cargo
//! lambda watch`.

use std::{sync::Arc, time::Duration};

use aws_lambda_events::{
    dynamodb,
    sqs::{SqsBatchResponse, SqsEvent},
    streams::DynamoDbEventResponse,
};
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy, rt::TokioExecutor};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use shared::lambda::{Invocation, ScheduleHandler, SqsHandler, StreamHandler};
use tokio::{net::TcpStream, time::Instant};

/// Poll interval for a host that is not up.
const PATIENCE: Duration = Duration::from_millis(500);

/// Errors of an invocation.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// The function panicked.
    #[error("the function panicked: {0}")]
    Panicked(String),
    /// The function exceeded its time limit.
    #[error("the function exceeded its time limit")]
    TimedOut,
    /// The host reported an error, or could not be reached.
    #[error("the function's host reported: {0}")]
    Host(String),
}

/// Hands batches to one function.
pub struct Invoker<E, R> {
    call: Arc<dyn Fn(E) -> BoxFuture<'static, Result<R, FunctionError>> + Send + Sync>,
    remote: Option<Remote>,
}

impl<E, R> Clone for Invoker<E, R> {
    fn clone(&self) -> Self {
        Self { call: self.call.clone(), remote: self.remote.clone() }
    }
}

impl Invoker<SqsEvent, SqsBatchResponse> {
    /// Calls a handler in this process.
    pub fn queue(handler: SqsHandler, timeout: Duration) -> Self {
        Self::in_process(timeout, move |event, invocation| {
            let handler = handler.clone();
            Box::pin(async move { handler.call(event, invocation).await })
        })
    }
}

impl Invoker<dynamodb::Event, DynamoDbEventResponse> {
    /// Calls a handler in this process.
    pub fn stream(handler: StreamHandler, timeout: Duration) -> Self {
        Self::in_process(timeout, move |event, invocation| {
            let handler = handler.clone();
            Box::pin(async move { handler.call(event, invocation).await })
        })
    }
}

impl Invoker<Value, ()> {
    /// Calls a handler in this process. A failure is in its log line, and is retried by
    /// the next schedule.
    pub fn schedule(handler: ScheduleHandler, timeout: Duration) -> Self {
        Self::in_process(timeout, move |_, invocation| {
            let handler = handler.clone();
            Box::pin(async move { handler.call(invocation).await.unwrap_or_default() })
        })
    }
}

impl<E: Send + 'static, R: Send + 'static> Invoker<E, R> {
    fn in_process(
        timeout: Duration,
        call: impl Fn(E, Invocation) -> BoxFuture<'static, R> + Send + Sync + 'static,
    ) -> Self {
        let call = move |event| -> BoxFuture<'static, Result<R, FunctionError>> {
            let invocation = Invocation { deadline: Instant::now() + timeout, client_address: None };
            let call = call(event, invocation);
            Box::pin(async move {
                // In a task of its own, a panic ends the invocation alone.
                match tokio::time::timeout(timeout, tokio::spawn(call)).await {
                    Ok(Ok(answer)) => Ok(answer),
                    Ok(Err(error)) => Err(FunctionError::Panicked(error.to_string())),
                    Err(_) => Err(FunctionError::TimedOut),
                }
            })
        };
        Self { call: Arc::new(call), remote: None }
    }
}

impl<E: Serialize + Send + Sync + 'static, R: DeserializeOwned + Default + Send + 'static> Invoker<E, R> {
    /// Posts to the function `bin` at `remote`.
    pub fn remote(remote: Remote, bin: &str) -> Self {
        let bin = bin.to_owned();
        let host = remote.clone();
        let call = move |event: E| -> BoxFuture<'static, Result<R, FunctionError>> {
            let (host, bin) = (host.clone(), bin.clone());
            Box::pin(async move {
                let event = serde_json::to_vec(&event).map_err(host_fault)?;
                answer(&host.post(&bin, event).await?)
            })
        };
        Self { call: Arc::new(call), remote: Some(remote) }
    }
}

impl<E, R> Invoker<E, R> {
    /// Resolves when the function can be called: at once in this process.
    pub(super) async fn ready(&self) {
        if let Some(remote) = &self.remote {
            remote.is_up().await;
        }
    }

    /// Hands over a batch.
    pub(crate) async fn call(&self, event: E) -> Result<R, FunctionError> {
        (self.call)(event).await
    }

    /// Number of batches that the function may get at the same time, up to `wanted`.
    pub(super) fn concurrency(&self, wanted: usize) -> usize {
        // `cargo lambda watch` builds and starts one process for each function, and two
        // concurrent first calls have been seen to block each other.
        if self.remote.is_some() { 1 } else { wanted }
    }
}

/// As in Lambda, an empty reply means success.
fn answer<R: DeserializeOwned + Default>(body: &[u8]) -> Result<R, FunctionError> {
    match body.trim_ascii() {
        b"" | b"null" | b"{}" => Ok(R::default()),
        body => serde_json::from_slice(body).map_err(host_fault),
    }
}

fn host_fault(error: impl std::fmt::Display) -> FunctionError {
    FunctionError::Host(error.to_string())
}

/// A host of functions that speaks Lambda's invoke API.
#[derive(Clone)]
pub struct Remote {
    address: String,
    client: legacy::Client<legacy::connect::HttpConnector, Full<Bytes>>,
}

/// An address that is not `http://host:port`.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not of the form http://127.0.0.1:9000")]
pub struct NotAnAddress(String);

impl Remote {
    /// The host at `url`: `http://127.0.0.1:9000`.
    pub fn at(url: &str) -> Result<Self, NotAnAddress> {
        let uri: Uri = url.parse().map_err(|_| NotAnAddress(url.to_owned()))?;
        match (uri.scheme_str(), uri.authority(), uri.port()) {
            (Some("http"), Some(authority), Some(_)) => Ok(Self {
                address: authority.to_string(),
                client: legacy::Client::builder(TokioExecutor::new()).build_http(),
            }),
            _ => Err(NotAnAddress(url.to_owned())),
        }
    }

    /// Resolves when the host takes connections, without a time limit.
    async fn is_up(&self) {
        while TcpStream::connect(&self.address).await.is_err() {
            tokio::time::sleep(PATIENCE).await;
        }
    }

    /// Posts an event. No timeout: the first call waits for a build.
    async fn post(&self, bin: &str, event: Vec<u8>) -> Result<Bytes, FunctionError> {
        let event = Bytes::from(event);
        loop {
            let request =
                Request::post(format!("http://{}/2015-03-31/functions/{bin}/invocations", self.address))
                    .header(http::header::CONTENT_TYPE, "application/json")
                    .body(Full::new(event.clone()))
                    .map_err(host_fault)?;
            let response = match self.client.request(request).await {
                // Not up, or no longer: the batch waits for it.
                Err(error) if error.is_connect() => {
                    self.is_up().await;
                    continue;
                }
                response => response.map_err(host_fault)?,
            };
            let status = response.status();
            let failed = response.headers().contains_key("x-amz-function-error");
            let body = response.into_body().collect().await.map_err(host_fault)?.to_bytes();
            return if status.is_success() && !failed {
                Ok(body)
            } else {
                Err(FunctionError::Host(format!("{status} {}", String::from_utf8_lossy(&body))))
            };
        }
    }
}
