//! Accounts: registration, sign-in, sessions, and the keys that access tokens
//! are signed with.
//!
//! | module | content |
//! |---|---|
//! | `routes` | one endpoint a file |
//! | `state` | shared by the handlers: configuration, store, keys |
//! | `store` | table operations of the group |
//! | `refresh_token` | a session's refresh tokens |
//! | `sign_in` | result of a sign-in: a session, and the token reply |
//! | `password_check` | a password against a login, within the limits |
//! | `mail_requests` | limits on emails that anyone can request |

mod mail_requests;
mod operations;
mod password_check;
mod problems;
mod refresh_token;
mod routes;
mod sign_in;
mod state;
mod store;

pub use operations::OPERATIONS;
pub use routes::openapi;
use shared::{Environment, StartError, group::Group, http::Service};
use state::Auth;
pub use state::{Config, SECRETS};

/// The group's HTTP side.
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let group = Group::open(&environment, "auth-api")?;
    let auth = Auth::new(group.clone());
    Ok(group.serve(routes::router().with_state(auth.clone()), auth.prime()).await)
}
