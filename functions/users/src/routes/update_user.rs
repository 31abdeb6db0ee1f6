//! `PATCH /api/v1/users/{user_id}` and `/api/v1/users/me`

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

/// Update an account
///
/// Applies a JSON merge patch (RFC 7396). A new email address requires a recent
/// authentication and stays pending until it is confirmed. Changing role or status
/// requires an administrator with a recent authentication, and signs out all devices of
/// the account.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{user_id}",
    params(("user_id" = UserId, Path, description = "The account's id.")),
    security(("bearer" = ["recent_authentication"])),
    request_body = UpdateUserRequest,
    responses(Versioned<Reply<UserView>>, ChangeUserError),
)]
pub async fn update_user(
    State(users): State<Users>,
    subject: Subject,
    client: Client,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateUserRequest>,
) -> Result<Versioned<Reply<UserView>>, Problem> {
    let user = change(&users, &subject, &client, &if_match, (body, faults), Method::Merge).await?;
    Ok(Versioned(user.version, Reply(user.into())))
}
