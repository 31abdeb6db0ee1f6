//! The platform: the cloud, the functions, the gateway and the pollers of one
//! [`Stack`], in this process. `agora` starts one; each test starts its own, in
//! memory and without sockets.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use axum::body::Body;
use http::{Request, Response};
use shared::{Environment, clock::Clock, random::Random, telemetry::Log};
use tokio::net::TcpListener;

use crate::{
    background::{Background, BackgroundError, Undelivered},
    cloud::{Cloud, CloudError, Mail, connector::sdk_config},
    data::{DataError, Folder},
    functions::{FunctionStartError, Functions},
    gateway::Gateway,
    operator::Operator,
    pages::Pages,
    pollers::Schedules,
    server::{ListenError, Server, listen},
    settings::Settings,
    stack::{Function, Stack, Template, TemplateError},
};

pub use crate::settings::{PORT, parameters};

/// Location of the platform's data.
#[derive(Debug, Clone)]
pub enum Data {
    /// A folder, kept for the next start.
    Folder(PathBuf),
    /// Memory, until the platform stops.
    Memory,
}

/// Options of starting a platform.
pub struct Options {
    /// Template.
    pub template: Template,
    /// Location of the data.
    pub data: Data,
    /// Port of the gateway; `None`: no socket and no schedules, requests come by
    /// [`Platform::request`], schedules by [`Platform::fire`].
    pub port: Option<u16>,
    /// Address of the gateway's port.
    pub host: IpAddr,
    /// Clock.
    pub clock: Clock,
    /// Source of random bytes.
    pub random: Random,
    /// Destination of the functions' canonical lines.
    pub log: Log,
    /// True to apply the limits of a network to callers on this machine too.
    pub strict_limits: bool,
    /// Parameters of the template set by the developer.
    pub settings: Settings,
    /// HTTP client of a function's AWS clients, made from the one that calls the cloud:
    /// the place for faults, delays and permissions.
    pub connect: Connect,
}

/// See [`Options::connect`].
pub type Connect = Arc<dyn Fn(&Function, SharedHttpClient) -> SharedHttpClient + Send + Sync>;

impl Options {
    /// A platform in memory, without sockets, on the machine's clock.
    pub fn memory() -> Result<Self, TemplateError> {
        Ok(Self {
            template: Template::built_in()?,
            data: Data::Memory,
            port: None,
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            clock: Clock::system(),
            random: Random::system(),
            log: Log::from_fn(|_| {}),
            strict_limits: false,
            settings: Settings::default(),
            connect: Arc::new(|_, client| client),
        })
    }

    fn parameters(&self, listener: Option<&TcpListener>) -> BTreeMap<String, String> {
        let mut parameters = parameters(&public_url(listener));
        if self.strict_limits {
            // The template's own default: everywhere.
            parameters.remove("NetworkLimits");
        }
        parameters.extend(self.settings.0.clone());
        parameters
    }
}

/// Errors of starting a platform.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// The template is not valid.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The data folder cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The cloud could not be set up.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The pollers could not be started.
    #[error(transparent)]
    Background(#[from] BackgroundError),
    /// The port is not available.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A function could not be started.
    #[error(transparent)]
    Function(#[from] FunctionStartError),
}

/// A running platform.
pub struct Platform {
    stack: Stack,
    cloud: Cloud,
    gateway: Gateway,
    background: Background,
    schedules: Schedules,
    server: Option<Server>,
    operator: Operator,
    pages: Arc<Pages>,
}

impl Platform {
    /// Starts a platform.
    pub async fn start(options: Options) -> Result<Self, PlatformError> {
        let listener = match options.port {
            Some(port) => Some(listen(SocketAddr::new(options.host, port)).await?),
            None => None,
        };
        let stack = Stack::of(&options.template, &options.parameters(listener.as_ref()))?;
        let folder = open(&options.data, listener.as_ref())?;
        let cloud = Cloud::open(&stack, folder.as_ref(), &options.clock).await?;
        let give = |function: &Function| environment(function, &cloud, &options);
        let functions = Functions::start(&stack, give).await?;
        let gateway = Gateway::new(&stack, functions.services());
        let background = Background::start(&stack, &cloud, folder.as_ref(), &options.clock, &functions)?;
        let mut schedules = Schedules::of(&stack, &functions)?;
        if listener.is_some() {
            schedules.follow(&options.clock);
        }
        let operator = Operator::local(&stack, &cloud, &options.clock, &options.random);
        let random = Random::system();
        let pages = Arc::new(Pages::new(cloud.clone(), operator.clone(), folder.as_ref(), &random)?);
        let server =
            listener.map(|listener| Server::start(listener, router(Arc::clone(&pages), gateway.clone())));
        Ok(Self { stack, cloud, gateway, background, schedules, server, operator, pages })
    }

    /// Address that the gateway listens on, if it does.
    pub fn address(&self) -> Option<SocketAddr> {
        self.server.as_ref().map(Server::address)
    }

    /// Stack of the template.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// The cloud.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// The operator of this platform.
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// Token that a command must send to `/_local/operate`.
    pub(crate) fn operator_token(&self) -> &str {
        self.pages.token()
    }

    /// Answers a request as the gateway does, without a socket.
    pub async fn request(&self, request: Request<Body>) -> Response<Body> {
        self.request_from(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await
    }

    /// Answers a request from `client` as the gateway does, without a socket.
    pub async fn request_from(&self, request: Request<Body>, client: IpAddr) -> Response<Body> {
        Box::pin(respond(&self.pages, &self.gateway, request, Some(client))).await
    }

    /// Starts a function as its schedule does, and waits until it is done.
    ///
    /// # Panics
    ///
    /// If the template has no schedule for it.
    pub async fn fire(&self, function: &str) {
        self.schedules.fire(function).await;
    }

    /// The sent emails, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.cloud.mails()
    }

    /// Waits until all writes have been handled: the stream is read, the queues that
    /// feed functions are empty, no function is running.
    pub async fn settle(&self) {
        self.background.settle().await;
    }

    /// Work that is written and not handled yet.
    pub async fn undelivered(&self) -> Undelivered {
        self.background.undelivered().await
    }

    /// Takes no more requests, finishes the running ones and the work that they caused,
    /// and stops.
    pub async fn shutdown(self) {
        if let Some(server) = self.server {
            server.stop().await;
        }
        self.schedules.stop().await;
        self.background.shutdown().await;
    }
}

fn public_url(listener: Option<&TcpListener>) -> String {
    format!("http://127.0.0.1:{}", listener.and_then(port).unwrap_or(PORT))
}

fn port(listener: &TcpListener) -> Option<u16> {
    listener.local_addr().ok().map(|address| address.port())
}

/// Opens the data folder, if there is one, for a platform with this listener.
pub(crate) fn open(data: &Data, listener: Option<&TcpListener>) -> Result<Option<Folder>, DataError> {
    let Data::Folder(path) = data else { return Ok(None) };
    let folder = Folder::open(path)?;
    if let Some(port) = listener.and_then(port) {
        folder.announce(port)?;
    }
    Ok(Some(folder))
}

/// The local pages before the gateway.
fn router(pages: Arc<Pages>, gateway: Gateway) -> axum::Router {
    crate::server::router(move |request, client| {
        let (pages, gateway) = (Arc::clone(&pages), gateway.clone());
        async move { respond(&pages, &gateway, request, Some(client)).await }
    })
}

async fn respond(
    pages: &Pages,
    gateway: &Gateway,
    request: Request<Body>,
    client: Option<IpAddr>,
) -> Response<Body> {
    match pages.answer(request, client).await {
        Ok(response) => response,
        Err(request) => gateway.call(request, client).await,
    }
}

/// Environment that Lambda would give the function.
fn environment(function: &Function, cloud: &Cloud, options: &Options) -> Environment {
    Environment {
        variables: function.variables.clone().into_iter().collect(),
        aws: sdk_config(&function.id, (options.connect)(function, cloud.http_client())),
        clock: options.clock.clone(),
        random: options.random.clone(),
        log: options.log.clone(),
    }
}
