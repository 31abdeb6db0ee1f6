//! `GET /api/v1/auth/me`

use axum::extract::State;
use shared::{
    http::{Reply, problem::INVALID_TOKEN},
    identity::{Caller, UserView},
};

use crate::state::Auth;

shared::problems! {
    /// Errors of getting the own account.
    pub enum GetMeError {
        NoSuchUser => INVALID_TOKEN,
    }
}

/// Get the current account
///
/// Returns the account that the access token belongs to.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me",
    security(("bearer" = [])),
    responses(Reply<UserView>, GetMeError),
)]
pub async fn get_me(State(auth): State<Auth>, caller: Caller) -> Result<Reply<UserView>, GetMeError> {
    let user = auth.store.get_user(caller.user_id).await?;
    user.map(|user| Reply(user.into())).ok_or(GetMeError::NoSuchUser)
}
