//! Events: public happenings of organisations and of people.
//!
//! | module | content |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | shared by the handlers |
//! | `access` | access of callers to an event |
//! | `body` | the event in requests |
//! | `view` | views of events and occurrences |
//! | `event` | the stored event |
//! | `schedule` | when an event takes place: rules, zones, exceptions |
//! | `transitions` | allowed transitions of an event: the one table |
//! | `categories` | the list of categories |
//! | `writer` | changes by callers: read, judged and written |
//! | `store` | table operations |
//! | `reactions` | one function for each consumed event |

mod access;
mod body;
mod categories;
pub mod event;
mod operations;
mod problems;
mod reactions;
mod routes;
pub mod schedule;
mod state;
mod store;
mod transitions;
mod view;
mod writer;

pub use operations::OPERATIONS;
pub use reactions::{ConsumerConfig, EVENT_TYPES};
pub use routes::openapi;
use shared::{Environment, StartError, group::Group, http::Service, lambda::SqsHandler};
pub use state::Config;
use state::Events;
pub use store::ENTITIES;

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "events-api")?;
    let events = Events::new(group.clone());
    Ok(group.serve(routes::router().with_state(events.clone()), events.verifier.prime()).await)
}

/// The group's consumer.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("events-consumer")?;
    let organizers = reactions::Organizers::new(&environment.aws, config, context.clone());
    Ok(SqsHandler::new(context, organizers))
}
