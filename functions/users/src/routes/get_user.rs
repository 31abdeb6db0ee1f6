//! `GET /api/v1/users/{user_id}` and `/api/v1/users/me`

use axum::extract::State;
use shared::{
    http::{Reply, Versioned, problem::NOT_FOUND},
    id::UserId,
    identity::UserView,
};

use crate::{state::Users, subject::Subject};

shared::problems! {
    /// Errors of getting an account.
    pub enum GetUserError {
        NotFound => NOT_FOUND,
    }
}

/// Get an account
///
/// Returns the caller's own account; administrators can get any account.
#[utoipa::path(
    get,
    path = "/api/v1/users/{user_id}",
    params(("user_id" = UserId, Path, description = "The account's id.")),
    security(("bearer" = [])),
    responses(Versioned<Reply<UserView>>, GetUserError),
)]
pub async fn get_user(
    State(users): State<Users>,
    subject: Subject,
) -> Result<Versioned<Reply<UserView>>, GetUserError> {
    let user = users.store.get_user(subject.id).await?.ok_or(GetUserError::NotFound)?;
    Ok(Versioned(user.version, Reply(user.into())))
}
