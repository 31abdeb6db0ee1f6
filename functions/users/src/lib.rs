//! Users: accounts as their owners and administrators see them.
//!
//! | module | content |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | shared by the handlers |
//! | `subject` | the account of a request |
//! | `changes` | changes of an account by PUT and PATCH |
//! | `store` | table operations of the HTTP side |
//! | `erasure` | erasure of a deleted account's data |
//! | `export` | personal data of a person: job and parts |
//! | `reactions` | one function for each consumed event |

mod changes;
mod erasure;
mod export;
mod operations;
mod problems;
mod reactions;
mod routes;
mod state;
mod store;
mod subject;

pub use operations::OPERATIONS;
pub use reactions::{ConsumerConfig, EVENT_TYPES};
pub use routes::openapi;
use shared::{Environment, StartError, group::Group, http::Service, lambda::SqsHandler};
use state::Users;
pub use state::{Config, SECRETS};

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "users-api")?;
    let users = Users::new(group.clone());
    Ok(group.serve(routes::router().with_state(users.clone()), users.prime()).await)
}

/// The group's consumer.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("users-consumer")?;
    let reactions = reactions::Personal::new(&environment.aws, &config, context.clone());
    Ok(SqsHandler::new(context, reactions))
}
