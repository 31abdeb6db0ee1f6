//! The cloud without functions: `agora cloud` runs it for functions in another process.
//! The pollers hand batches to `cargo lambda watch`.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::body::Body;
use http::Request;
use shared::{clock::Clock, random::Random};

use crate::{
    background::Background,
    cloud::{Cloud, listener},
    operator::Operator,
    pages::{Pages, forbidden, is_local, is_of_a_page},
    platform::{Data, PlatformError, open},
    pollers::{Consumers, Invoker, QueueInvoker, Remote, ScheduleInvoker, Schedules, StreamInvoker},
    server::{Server, listen, router},
    settings::parameters,
    stack::{Stack, Template},
};

/// A running cloud, reached over HTTP.
pub struct CloudPlatform {
    stack: Stack,
    background: Background,
    schedules: Schedules,
    server: Server,
}

impl CloudPlatform {
    /// Starts the cloud of `template` on `port`. Batches go to `functions`;
    /// `public_url` is the address of the functions' routes.
    pub async fn start(
        template: &Template,
        data: &Data,
        port: u16,
        functions: Remote,
        public_url: &str,
    ) -> Result<Self, PlatformError> {
        let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let stack = Stack::of(template, &parameters(public_url))?;
        let folder = open(data, Some(&listener))?;
        let clock = Clock::system();
        let cloud = Cloud::open(&stack, folder.as_ref(), &clock).await?;
        let consumers = Elsewhere { stack: &stack, functions };
        let background = Background::start(&stack, &cloud, folder.as_ref(), &clock, &consumers)?;
        let mut schedules = Schedules::of(&stack, &consumers)?;
        schedules.follow(&clock);
        let operator = Operator::local(&stack, &cloud, &clock, &Random::system());
        let pages = Arc::new(Pages::new(cloud.clone(), operator, folder.as_ref(), &Random::system())?);
        let answer = move |request: Request<Body>, client| {
            let (cloud, pages) = (cloud.clone(), Arc::clone(&pages));
            async move {
                // The cloud accepts any credentials and returns the keys: a web page
                // could have a name of its own resolve here, or send an email blindly.
                if !is_local(&request) {
                    return forbidden();
                }
                match pages.answer(request, Some(client)).await {
                    Ok(response) => response,
                    Err(request) if is_of_a_page(&request) => forbidden(),
                    Err(request) => listener::answer(&cloud, request).await,
                }
            }
        };
        Ok(Self { server: Server::start(listener, router(answer)), stack, background, schedules })
    }

    /// Address that the cloud listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Stack of the template.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// Takes no more calls, finishes the running ones, and stops. Functions may still
    /// be at work: their unfinished messages are delivered again.
    pub async fn shutdown(self) {
        self.server.stop().await;
        self.schedules.stop().await;
        self.background.shutdown().await;
    }
}

/// Functions in another process.
struct Elsewhere<'a> {
    stack: &'a Stack,
    functions: Remote,
}

impl Consumers for Elsewhere<'_> {
    fn queue(&self, function: &str) -> Option<QueueInvoker> {
        let function = self.stack.functions.get(function)?;
        Some(Invoker::remote(self.functions.clone(), &function.bin))
    }

    fn stream(&self, function: &str) -> Option<StreamInvoker> {
        let function = self.stack.functions.get(function)?;
        Some(Invoker::remote(self.functions.clone(), &function.bin))
    }

    fn schedule(&self, function: &str) -> Option<ScheduleInvoker> {
        let function = self.stack.functions.get(function)?;
        Some(Invoker::remote(self.functions.clone(), &function.bin))
    }
}
