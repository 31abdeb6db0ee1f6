//! Account of a request: `/users/me` is the caller's, and so is `/users/{user_id}` with
//! the caller's id. Any other requires an administrator; for other callers it does not
//! exist.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use shared::{
    http::{Problem, problem::NOT_FOUND},
    id::UserId,
    identity::{Caller, Permission},
};

use crate::state::Users;

/// See the [module](self).
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) caller: Caller,
    pub(crate) id: UserId,
}

impl Subject {
    /// True if the caller may change roles and block the account.
    pub(crate) fn is_administered(&self) -> bool {
        self.caller.may(Permission::ManageUsers)
    }
}

impl FromRequestParts<Users> for Subject {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, users: &Users) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, users).await?;
        let parameters =
            RawPathParams::from_request_parts(parts, users).await.map_err(|_| Problem::from(NOT_FOUND))?;
        let named = parameters.iter().find(|(name, _)| *name == "user_id");
        let id = match named {
            None => caller.user_id,
            Some((_, text)) => text.parse().map_err(|_| Problem::from(NOT_FOUND))?,
        };
        if id == caller.user_id || caller.may(Permission::ManageUsers) {
            Ok(Self { caller, id })
        } else {
            Err(Problem::from(NOT_FOUND))
        }
    }
}
