//! Accounts: registration, sign-in, sessions, and the keys that access tokens
//! are signed with.
//!
//! | module | what it holds |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | what the handlers share: configuration, store, keys |
//! | `store` | how the group uses the table |
//! | `tokens` | the token reply: an access and a refresh token of a session |

mod routes;
mod state;
mod store;
mod tokens;

pub use routes::openapi;
use shared::{Environment, StartError, http::Service};
use state::Auth;
pub use state::{Config, SECRETS};
pub use store::OPERATIONS;

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let (config, context) = environment.open::<Config>("auth-api")?;
    let origins = config.allowed_origins.clone();
    let auth = Auth::new(&environment.aws, config, context.clone());
    shared::lambda::prime(&context, auth.keys()).await;
    Ok(Service::new(routes::router().with_state(auth), context, origins))
}
