//! The listeners of the gateway and the cloud: on the loopback interface, stopped
//! without cutting off a request.

use std::{
    future::{Future, IntoFuture as _},
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Request, Response};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

/// Maximum time of running requests once the server stops: longer than any HTTP
/// function.
const LAST_REQUESTS: Duration = Duration::from_secs(15);

/// Errors of listening on a port.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another process listens on it.
    #[error("port {0} is in use\nhint: choose another with --port")]
    InUse(u16),
    /// The system refused it.
    #[error("cannot listen on {address}: {reason}\nhint: choose another with --host or --port")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// Error of the system.
        reason: io::Error,
    },
}

/// Binds an address; port 0 is any free one.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|reason| match reason.kind() {
        io::ErrorKind::AddrInUse => ListenError::InUse(address.port()),
        _ => ListenError::Refused { address, reason },
    })
}

/// A router that passes every request to `answer`, with the client's address. axum
/// clones `answer` three times for each, so its content is shared.
pub(crate) fn router<F>(answer: impl Fn(Request<Body>, IpAddr) -> F + Clone + Send + Sync + 'static) -> Router
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    Router::new()
        .fallback(move |ConnectInfo(client): ConnectInfo<SocketAddr>, request| answer(request, client.ip()))
}

/// A running server.
pub(crate) struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, router: Router) -> Self {
        let address = listener.local_addr().unwrap_or_else(|_| SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let (stop, stopped) = oneshot::channel();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serve = axum::serve(listener, service).with_graceful_shutdown(async {
            // A server whose handle is dropped stops too.
            let _ = stopped.await;
        });
        let task = tokio::spawn(async {
            if let Err(error) = serve.into_future().await {
                tracing::error!(%error, "the server ended");
            }
        });
        Self { address, stop, task }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests and finishes the running ones.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        if timeout(LAST_REQUESTS, self.task).await.is_err() {
            tracing::warn!("a request did not end in time");
        }
    }
}
