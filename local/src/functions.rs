//! The functions: from the logical id in `template.yaml` to the declarations of its
//! crate. This is the one list; `agora write` derives their part of the template from
//! it.

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

/// A started function, by its trigger.
pub enum Handler {
    /// HTTP requests.
    Http(Service),
    /// Messages of a queue.
    Queue(SqsHandler),
    /// Records of the table's stream.
    Stream(StreamHandler),
    /// A schedule.
    Schedule(ScheduleHandler),
}

/// Starts a function in an environment.
pub type Start = fn(Environment) -> BoxFuture<'static, Result<Handler, StartError>>;

/// Trigger of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// HTTP requests.
    Http,
    /// Messages of its queue.
    Queue,
    /// Records of the table's stream.
    Stream,
    /// A schedule.
    Schedule,
}

/// Declarations of a function in its crate. Its part of `template.yaml`, the documents
/// and the tests of budgets are derived from them.
pub struct Declared {
    /// Logical id.
    pub id: &'static str,
    /// Trigger.
    pub kind: Kind,
    /// Starts an instance of it.
    pub start: Start,
    /// Variables of its own.
    pub variables: &'static [Variable],
    /// Secrets that it reads.
    pub secrets: &'static [Secret],
    /// Table operations of the group: with its API, or its only function.
    pub operations: &'static [Operation],
    /// Types of consumed events.
    pub listens_to: &'static [&'static str],
    /// Schedule expression, if it has one.
    pub schedule: Option<&'static str>,
    /// OpenAPI documents of an HTTP function.
    pub openapi: Option<fn() -> Documents>,
}

impl Declared {
    /// Starts an instance of it.
    pub fn start(&self, environment: Environment) -> BoxFuture<'static, Result<Handler, StartError>> {
        (self.start)(environment)
    }

    /// Name of its binary: `users-api` for `UsersApi`.
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

    /// Name of its crate: the first word of the binary's name.
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

/// A line for each function: its logical id, trigger, entry point and configuration,
/// then the other declarations of its crate.
macro_rules! functions {
    ($($id:ident: $kind:ident($start:path, $config:ty) $(, $field:ident: $value:expr)*;)+) => {
        /// All functions, in the order of the documents.
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
    CatalogApi: Http(catalog::api, catalog::Config), openapi: Some(catalog::openapi),
        operations: catalog::OPERATIONS;
    CatalogConsumer: Queue(catalog::consumer, catalog::ConsumerConfig), listens_to: catalog::EVENT_TYPES;
    UsersConsumer: Queue(users::consumer, users::ConsumerConfig), listens_to: users::EVENT_TYPES;
    OrdersApi: Http(orders::api, orders::Config), openapi: Some(orders::openapi),
        operations: orders::OPERATIONS;
    OrdersConsumer: Queue(orders::consumer, orders::ConsumerConfig), listens_to: orders::EVENT_TYPES;
    OrdersSweeper: Schedule(orders::sweeper, orders::SweeperConfig), schedule: Some(orders::SCHEDULE);
    Notifications: Queue(notifications::consumer, notifications::Config),
        listens_to: notifications::EVENT_TYPES,
        secrets: &notifications::SECRETS, operations: notifications::OPERATIONS;
    OrganizationsApi: Http(organizations::api, organizations::Config), openapi: Some(organizations::openapi),
        secrets: &organizations::SECRETS, operations: organizations::OPERATIONS;
    OrganizationsConsumer: Queue(organizations::consumer, organizations::ConsumerConfig),
        listens_to: organizations::EVENT_TYPES;
    EventsApi: Http(events::api, events::Config), openapi: Some(events::openapi),
        operations: events::OPERATIONS;
    EventsSearch: Http(events::search, events::SearchConfig), openapi: Some(events::search_openapi);
    EventsConsumer: Queue(events::consumer, events::ConsumerConfig), listens_to: events::EVENT_TYPES;
    EventsSweeper: Schedule(events::sweeper, events::SweeperConfig), schedule: Some(events::SCHEDULE);
    Publisher: Stream(publisher::publisher, publisher::Config);
    // The last: its section of the document is the platform's health.
    Web: Http(web::api, web::Config), openapi: Some(web::openapi);
}

/// Errors of starting a function.
#[derive(Debug, thiserror::Error)]
pub enum FunctionStartError {
    /// The function refused its environment.
    #[error("template.yaml: Resources.{id}: {error}")]
    Refused {
        /// Logical id.
        id: String,
        /// Error of the function.
        error: StartError,
    },
    /// The template has a function that this binary lacks.
    #[error(
        "template.yaml: Resources.{0}: the code has no such function\nhint: add it to local/src/functions.rs"
    )]
    Unknown(String),
}

/// The started functions, with their time limits.
pub(crate) struct Functions(BTreeMap<String, (Handler, Duration)>);

impl Functions {
    /// Starts every function of `stack` in the environment that `give` returns.
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

    /// The HTTP functions, by logical id.
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
