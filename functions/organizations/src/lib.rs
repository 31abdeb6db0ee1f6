//! Organisations: members with roles, and invitations.
//!
//! | module | content |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | shared by the handlers |
//! | `access` | access of callers to an organisation |
//! | `body` | the profile in requests |
//! | `view` | views of organisations, members and invitations |
//! | `organization`, `rows` | the profile, its slug, its places in lists |
//! | `store` | table operations |
//! | `reactions` | one function for each consumed event: ends of memberships, exports |

mod access;
mod body;
mod operations;
pub mod organization;
mod problems;
mod reactions;
mod routes;
mod rows;
mod state;
mod store;
mod view;

pub use operations::OPERATIONS;
pub use reactions::{ConsumerConfig, EVENT_TYPES};
pub use routes::openapi;
use shared::{Environment, StartError, group::Group, http::Service, lambda::SqsHandler};
use state::Organizations;
pub use state::{Config, SECRETS};
pub use store::ENTITIES;

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "organizations-api")?;
    let organizations = Organizations::new(group.clone());
    Ok(group.serve(routes::router().with_state(organizations.clone()), organizations.verifier.prime()).await)
}

/// The group's consumer.
#[expect(clippy::unused_async, reason = "an entry point: others wait for something here")]
pub async fn consumer(environment: Environment) -> Result<SqsHandler, StartError> {
    let (config, context) = environment.open::<ConsumerConfig>("organizations-consumer")?;
    let memberships = reactions::Memberships::new(&environment.aws, config, context.clone());
    Ok(SqsHandler::new(context, memberships))
}
