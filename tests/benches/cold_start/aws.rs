//! AWS on loopback: the local cloud over TLS, set up from the template. A large part
//! of a function's start is its first handshake, so that is a real one: HTTP/1.1 over
//! TLS, as at AWS's endpoints, with a certificate that the function must verify.
//!
//! It differs from AWS in two ways: the network takes no time, and all services have
//! one host, so that a second service reuses the first one's connection. Concurrent
//! calls have a connection each here too.

use std::{
    collections::BTreeMap,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, request::Parts},
    serve::Listener,
};
use local::{
    cloud::Cloud,
    stack::{Function, REGION, Stack},
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use shared::clock::Clock;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
    server::TlsStream,
};

/// The cloud for functions in other processes.
pub struct Aws {
    /// The stack of the template.
    pub stack: Stack,
    address: SocketAddr,
    certificates: PathBuf,
    calls: Arc<AtomicU32>,
}

impl Aws {
    /// Sets up the template's stack in memory and serves it.
    pub async fn serve(root: &Path) -> Self {
        let parameters = [
            ("Stage", "bench"),
            ("PublicUrl", "https://agora.example"),
            ("MailSender", "agora@agora.example"),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let stack = Stack::read(&root.join("template.yaml"), &parameters.into()).unwrap();
        let cloud = Cloud::open(&stack, None, &Clock::system()).await.unwrap();

        let authority = Authority::new();
        let certificates = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cold-start-roots.pem");
        fs::write(&certificates, authority.roots()).unwrap();

        let tcp = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = tcp.local_addr().unwrap();
        let calls = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&calls);
        let router = Router::new().fallback(async move |parts: Parts, body: Bytes| {
            count.fetch_add(1, Ordering::Relaxed);
            cloud.call(Request::from_parts(parts, body)).await.map(Body::from)
        });
        let listener = TlsListener::new(tcp, authority.server());
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { stack, address, certificates, calls }
    }

    /// The variables that Lambda would set for `function`, with the address of this
    /// cloud.
    pub fn variables(&self, function: &Function) -> BTreeMap<String, String> {
        let mut variables = function.variables.clone();
        let ours = [
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", &function.id),
            ("AWS_SECRET_ACCESS_KEY", "benchmark"),
            ("AWS_SESSION_TOKEN", "benchmark"),
            ("AWS_ENDPOINT_URL", &format!("https://localhost:{}", self.address.port())),
            ("SSL_CERT_FILE", self.certificates.to_str().unwrap()),
        ];
        variables.extend(ours.map(|(name, value)| (name.to_owned(), value.to_owned())));
        variables
    }

    /// Number of calls.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }
}

/// Certificate authority of the cloud.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(parameters, key), certificate }
    }

    /// The roots that a function includes, and ours: reading them is a part of its
    /// start.
    fn roots(&self) -> String {
        shared::roots::AMAZON.to_owned() + &self.certificate.pem()
    }

    /// TLS acceptor of a server named `localhost`.
    fn server(&self) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Connections with finished handshakes, which run concurrently.
struct TlsListener {
    address: SocketAddr,
    accepted: mpsc::UnboundedReceiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    fn new(tcp: TcpListener, tls: TlsAcceptor) -> Self {
        let address = tcp.local_addr().unwrap();
        let (sender, accepted) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (stream, peer) = tcp.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let (handshake, sender) = (tls.accept(stream), sender.clone());
                tokio::spawn(async move {
                    // A sandbox may end during its handshake.
                    if let Ok(stream) = handshake.await {
                        let _ = sender.send((stream, peer));
                    }
                });
            }
        });
        Self { address, accepted }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.accepted.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
