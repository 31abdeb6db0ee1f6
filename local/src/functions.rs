//! The functions: from the logical id in `template.yaml` to what its crate says of
//! it. The one list; tests hold it equal to the template.

use std::{collections::BTreeMap, time::Duration};

use futures::{
    FutureExt as _, TryFutureExt as _,
    future::{BoxFuture, try_join_all},
};
use shared::{
    Environment, StartError,
    config::Configuration as _,
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

/// All that its crate says of a function. What the tests hold equal to the
/// template, and what is made for people to read, comes from here.
pub struct Declared {
    /// Its logical id.
    pub id: &'static str,
    /// Starts an instance of it.
    pub start: Start,
    /// The names of its own variables.
    pub variables: &'static [&'static str],
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

    const fn new(id: &'static str, variables: &'static [&'static str], start: Start) -> Self {
        Self {
            id,
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

/// Every function, in the order that documents have.
pub const FUNCTIONS: &[Declared] = &[
    Declared {
        openapi: Some(web::openapi),
        ..Declared::new("Web", web::Config::VARIABLES, |environment| {
            web::api(environment).map_ok(Handler::Http).boxed()
        })
    },
    Declared {
        secrets: &auth::SECRETS,
        operations: auth::OPERATIONS,
        openapi: Some(auth::openapi),
        ..Declared::new("AuthApi", auth::Config::VARIABLES, |environment| {
            auth::api(environment).map_ok(Handler::Http).boxed()
        })
    },
    Declared {
        secrets: &users::SECRETS,
        operations: users::OPERATIONS,
        openapi: Some(users::openapi),
        ..Declared::new("UsersApi", users::Config::VARIABLES, |environment| {
            users::api(environment).map_ok(Handler::Http).boxed()
        })
    },
    Declared {
        // Those of the listener too: what is written by requests is also written
        // by imports.
        operations: catalog::OPERATIONS,
        openapi: Some(catalog::openapi),
        ..Declared::new("CatalogApi", catalog::Config::VARIABLES, |environment| {
            catalog::api(environment).map_ok(Handler::Http).boxed()
        })
    },
    Declared {
        listens_to: catalog::LISTENS_TO,
        ..Declared::new("CatalogConsumer", catalog::ConsumerConfig::VARIABLES, |environment| {
            catalog::consumer(environment).map_ok(Handler::Queue).boxed()
        })
    },
    Declared {
        operations: users::CONSUMER_OPERATIONS,
        listens_to: users::LISTENS_TO,
        ..Declared::new("UsersConsumer", users::ConsumerConfig::VARIABLES, |environment| {
            users::consumer(environment).map_ok(Handler::Queue).boxed()
        })
    },
    Declared {
        operations: orders::OPERATIONS,
        openapi: Some(orders::openapi),
        ..Declared::new("OrdersApi", orders::Config::VARIABLES, |environment| {
            orders::api(environment).map_ok(Handler::Http).boxed()
        })
    },
    Declared {
        operations: orders::CONSUMER_OPERATIONS,
        listens_to: orders::LISTENS_TO,
        ..Declared::new("OrdersConsumer", orders::ConsumerConfig::VARIABLES, |environment| {
            orders::consumer(environment).map_ok(Handler::Queue).boxed()
        })
    },
    Declared {
        schedule: Some(orders::SCHEDULE),
        ..Declared::new("OrdersSweeper", orders::SweeperConfig::VARIABLES, |environment| {
            orders::sweeper(environment).map_ok(Handler::Schedule).boxed()
        })
    },
    Declared {
        secrets: &notifications::SECRETS,
        operations: notifications::OPERATIONS,
        listens_to: notifications::LISTENS_TO,
        ..Declared::new("Notifications", notifications::Config::VARIABLES, |environment| {
            notifications::consumer(environment).map_ok(Handler::Queue).boxed()
        })
    },
    Declared::new("Publisher", publisher::Config::VARIABLES, |environment| {
        publisher::publisher(environment).map_ok(Handler::Stream).boxed()
    }),
];

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
