//! The functions: from the logical id in `template.yaml` to what its crate says of
//! it. The one list; `agora write` derives their part of the template from it.

use std::{collections::BTreeMap, time::Duration};

use futures::{
    FutureExt as _, TryFutureExt as _,
    future::{BoxFuture, try_join_all},
};
use shared::{
    Environment, StartError,
    config::{Configuration, Variable},
    http::{Service, documents::Documents},
    lambda::{ScheduleHandler, SqsHandler, StreamHandler},
    secrets::Secret,
    table::units::Operation,
};

use crate::{
    pollers::{Consumers, Invoker, QueueInvoker, ScheduleInvoker, StreamInvoker},
    stack::{Function, Stack},
};

/// A function that has been started, by what wakes it.
pub enum Handler {
    /// Requests.
    Http(Service),
    /// Messages of a queue.
    Queue(SqsHandler),
    /// Records of the table's stream.
    Stream(StreamHandler),
    /// The clock.
    Schedule(ScheduleHandler),
}

/// Starts a function in an environment.
pub type Start = fn(Environment) -> BoxFuture<'static, Result<Handler, StartError>>;

/// What starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Requests.
    Http,
    /// Messages of its queue.
    Queue,
    /// Records of the table's stream.
    Stream,
    /// The clock.
    Schedule,
}

/// All that its crate says of a function. Its part of `template.yaml`, the
/// documents and the tests of budgets are made of it.
pub struct Declared {
    /// Its logical id.
    pub id: &'static str,
    /// What starts it.
    pub kind: Kind,
    /// Starts an instance of it.
    pub start: Start,
    /// Its own variables.
    pub variables: &'static [Variable],
    /// The secrets that it reads.
    pub secrets: &'static [Secret],
    /// What it asks of the table.
    pub operations: &'static [Operation],
    /// The types of events that it listens to.
    pub listens_to: &'static [&'static str],
    /// How often the clock starts it, where it does.
    pub schedule: Option<&'static str>,
    /// What it documents, where it answers requests.
    pub openapi: Option<fn() -> Documents>,
}

impl Declared {
    /// Starts an instance of it.
    pub fn start(&self, environment: Environment) -> BoxFuture<'static, Result<Handler, StartError>> {
        (self.start)(environment)
    }

    /// The name of its binary: `users-api` of `UsersApi`.
    pub fn bin(&self) -> String {
        let mut bin = String::new();
        for letter in self.id.chars() {
            if letter.is_uppercase() && !bin.is_empty() {
                bin.push('-');
            }
            bin.extend(letter.to_lowercase());
        }
        bin
    }

    /// The name of its crate: the first word of its binary's.
    pub fn group(&self) -> String {
        let bin = self.bin();
        bin.split_once('-').map_or(bin.clone(), |(group, _)| group.to_owned())
    }

    const fn new(id: &'static str, kind: Kind, variables: &'static [Variable], start: Start) -> Self {
        Self {
            id,
            kind,
            start,
            variables,
            secrets: &[],
            operations: &[],
            listens_to: &[],
            schedule: None,
            openapi: None,
        }
    }
}

/// A line a function: its logical id, what starts it, its entry point and its
/// configuration; then what else its crate declares.
macro_rules! functions {
    ($($id:ident: $kind:ident($start:path, $config:ty) $(, $field:ident: $value:expr)*;)+) => {
        /// Every function, in the order that documents have.
        pub const FUNCTIONS: &[Declared] = &[$(Declared {
            $($field: $value,)*
            ..Declared::new(
                stringify!($id),
                Kind::$kind,
                <$config as Configuration>::VARIABLES,
                |environment| $start(environment).map_ok(Handler::$kind).boxed(),
            )
        },)+];
    };
}

functions! {
    AuthApi: Http(auth::api, auth::Config), openapi: Some(auth::openapi),
        secrets: &auth::SECRETS, operations: auth::OPERATIONS;
    UsersApi: Http(users::api, users::Config), openapi: Some(users::openapi),
        secrets: &users::SECRETS, operations: users::OPERATIONS;
    // Its operations are those of the listener too: what requests write, imports do.
    CatalogApi: Http(catalog::api, catalog::Config), openapi: Some(catalog::openapi),
        operations: catalog::OPERATIONS;
    CatalogConsumer: Queue(catalog::consumer, catalog::ConsumerConfig), listens_to: catalog::LISTENS_TO;
    UsersConsumer: Queue(users::consumer, users::ConsumerConfig), listens_to: users::LISTENS_TO,
        operations: users::CONSUMER_OPERATIONS;
    OrdersApi: Http(orders::api, orders::Config), openapi: Some(orders::openapi),
        operations: orders::OPERATIONS;
    OrdersConsumer: Queue(orders::consumer, orders::ConsumerConfig), listens_to: orders::LISTENS_TO,
        operations: orders::CONSUMER_OPERATIONS;
    OrdersSweeper: Schedule(orders::sweeper, orders::SweeperConfig), schedule: Some(orders::SCHEDULE);
    Notifications: Queue(notifications::consumer, notifications::Config),
        listens_to: notifications::LISTENS_TO,
        secrets: &notifications::SECRETS, operations: notifications::OPERATIONS;
    Publisher: Stream(publisher::publisher, publisher::Config);
    // The last: its section of the document is the platform's health.
    Web: Http(web::api, web::Config), openapi: Some(web::openapi);
}

/// Why a function could not be started.
#[derive(Debug, thiserror::Error)]
pub enum FunctionStartError {
    /// It refused what the template gives it.
    #[error("template.yaml: Resources.{id}: {error}")]
    Refused {
        /// Its logical id.
        id: String,
        /// What it said.
        error: StartError,
    },
    /// The template has a function that this binary does not.
    #[error(
        "template.yaml: Resources.{0}: there is no such function\nhint: add it to local/src/functions.rs"
    )]
    Unknown(String),
}

/// The started functions, with the time that each has for an invocation.
pub(crate) struct Functions(BTreeMap<String, (Handler, Duration)>);

impl Functions {
    /// Starts every function of `stack` in the environment that `give` gives.
    pub(crate) async fn start(
        stack: &Stack,
        give: impl Fn(&Function) -> Environment,
    ) -> Result<Self, FunctionStartError> {
        let give = &give;
        let starts = stack.functions.values().map(|function| async move {
            let id = function.id.clone();
            let Some(declared) = FUNCTIONS.iter().find(|declared| declared.id == id) else {
                return Err(FunctionStartError::Unknown(id));
            };
            match declared.start(give(function)).await {
                Ok(handler) => Ok((id, (handler, function.timeout))),
                Err(error) => Err(FunctionStartError::Refused { id, error }),
            }
        });
        Ok(Self(try_join_all(starts).await?.into_iter().collect()))
    }

    /// Those that answer requests, by logical id.
    pub(crate) fn services(&self) -> BTreeMap<String, (Service, Duration)> {
        let services = self.0.iter().filter_map(|(id, (handler, timeout))| match handler {
            Handler::Http(service) => Some((id.clone(), (service.clone(), *timeout))),
            Handler::Queue(_) | Handler::Stream(_) | Handler::Schedule(_) => None,
        });
        services.collect()
    }
}

impl Consumers for Functions {
    fn queue(&self, function: &str) -> Option<QueueInvoker> {
        match self.0.get(function)? {
            (Handler::Queue(handler), timeout) => Some(Invoker::queue(handler.clone(), *timeout)),
            (Handler::Http(_) | Handler::Stream(_) | Handler::Schedule(_), _) => None,
        }
    }

    fn stream(&self, function: &str) -> Option<StreamInvoker> {
        match self.0.get(function)? {
            (Handler::Stream(handler), timeout) => Some(Invoker::stream(handler.clone(), *timeout)),
            (Handler::Http(_) | Handler::Queue(_) | Handler::Schedule(_), _) => None,
        }
    }

    fn schedule(&self, function: &str) -> Option<ScheduleInvoker> {
        match self.0.get(function)? {
            (Handler::Schedule(handler), timeout) => Some(Invoker::schedule(handler.clone(), *timeout)),
            (Handler::Http(_) | Handler::Queue(_) | Handler::Stream(_), _) => None,
        }
    }
}
