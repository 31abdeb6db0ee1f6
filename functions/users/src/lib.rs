//! People: accounts as their owners and administrators see them.
//!
//! | module | what it holds |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | what the handlers share |
//! | `subject` | whose account a request is about |
//! | `changes` | what a PUT or PATCH makes of an account |
//! | `store` | how the HTTP side uses the table |
//! | `erasure` | what a deleted account leaves |
//! | `export` | everything that is held about a person: its job and its parts |
//! | `reactions` | one function an event listened to |

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

pub use operations::OPERATIONS as CONSUMER_OPERATIONS;
pub use reactions::{ConsumerConfig, LISTENS_TO};
pub use routes::openapi;
use shared::{Environment, StartError, group::Group, http::Service, lambda::SqsHandler};
use state::Users;
pub use state::{Config, SECRETS};
pub use store::OPERATIONS;

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "users-api")?;
    let users = Users::new(group.clone());
    Ok(group.serve(routes::router().with_state(users.clone()), users.prime()).await)
}

/// The group's listener.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("users-consumer")?;
    let reactions = reactions::Personal::new(&environment.aws, &config, context.clone());
    Ok(SqsHandler::new(context, reactions))
}
