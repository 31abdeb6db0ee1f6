//! The [Lambda Runtime
//! API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) for one
//! sandbox: the function polls it for events of the benchmark.

use std::{
    net::SocketAddr,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
    serve::ListenerExt as _,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::AbortHandle,
};

/// Deadline of an invocation.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The API for one sandbox. It ends when it is dropped.
pub struct RuntimeApi {
    address: SocketAddr,
    calls: mpsc::UnboundedReceiver<(Instant, Call)>,
    server: AbortHandle,
}

/// A call of the function.
pub enum Call {
    /// The function is ready for the next event, which is sent here.
    Next(oneshot::Sender<Bytes>),
    /// The function's answer to the event.
    Response(Bytes),
    /// The function or its start has failed.
    Error(Bytes),
}

type Calls = mpsc::UnboundedSender<(Instant, Call)>;

impl RuntimeApi {
    /// Listens on a free port.
    pub async fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, calls) = mpsc::unbounded_channel();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(error))
            .with_state(sender);
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        let server = tokio::spawn(async { axum::serve(listener, router).await }).abort_handle();
        Self { address, calls, server }
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The function's next call and its time; `None` if none comes within an
    /// invocation's time.
    pub async fn call(&mut self) -> Option<(Instant, Call)> {
        tokio::time::timeout(TIMEOUT, self.calls.recv()).await.ok().flatten()
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(calls): State<Calls>) -> Response {
    let (sender, event) = oneshot::channel();
    let _ = calls.send((Instant::now(), Call::Next(sender)));
    let Ok(event) = event.await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + TIMEOUT;
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:benchmark".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned(),
        ),
    ];
    (headers, event).into_response()
}

async fn response(State(calls): State<Calls>, body: Bytes) -> StatusCode {
    let _ = calls.send((Instant::now(), Call::Response(body)));
    StatusCode::ACCEPTED
}

async fn error(State(calls): State<Calls>, body: Bytes) -> StatusCode {
    let _ = calls.send((Instant::now(), Call::Error(body)));
    StatusCode::ACCEPTED
}
