//! `PUT /api/v1/users/{user_id}` and `/api/v1/users/me`

use axum::extract::State;
use shared::{
    http::{Client, IfMatch, Json, Problem, Reply, Versioned},
    id::UserId,
    identity::UserView,
};

use super::change_user::{ChangeUserError, change};
use crate::{
    changes::{Method, UpdateUserRequest},
    state::Users,
    subject::Subject,
};

/// Replace an account
///
/// Removes the name, profile and preferences that the body does not name; email
/// address, role and status stay. Changing the email address, role or status has the
/// same requirements as in PATCH.
#[utoipa::path(
    put,
    path = "/api/v1/users/{user_id}",
    params(("user_id" = UserId, Path, description = "The account's id.")),
    security(("bearer" = ["recent_authentication"])),
    request_body = UpdateUserRequest,
    responses(Versioned<Reply<UserView>>, ChangeUserError),
)]
pub async fn replace_user(
    State(users): State<Users>,
    subject: Subject,
    client: Client,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateUserRequest>,
) -> Result<Versioned<Reply<UserView>>, Problem> {
    let user = change(&users, &subject, &client, &if_match, (body, faults), Method::Replace).await?;
    Ok(Versioned(user.version, Reply(user.into())))
}
