//! `PATCH /api/v1/users/{user_id}` and `/api/v1/users/me`

use axum::extract::State;
use shared::{
    http::{IfMatch, Json, Problem, Reply, Versioned},
    id::UserId,
    identity::UserView,
};

use super::change_user::{ChangeUserError, change};
use crate::{
    changes::{ChangeUserRequest, Method},
    state::Users,
    subject::Subject,
};

/// Change an account
///
/// A JSON merge patch. Another address wants a recent password, is confirmed by a
/// mail, and counts from then on; role and status are an administrator's, want a
/// recent password too, and sign the account out everywhere.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{user_id}",
    params(("user_id" = UserId, Path, description = "The account's id.")),
    security(("bearer" = ["recent_authentication"])),
    request_body = ChangeUserRequest,
    responses(Versioned<Reply<UserView>>, ChangeUserError),
)]
pub async fn update_user(
    State(users): State<Users>,
    subject: Subject,
    if_match: IfMatch,
    Json(body, faults): Json<ChangeUserRequest>,
) -> Result<Versioned<Reply<UserView>>, Problem> {
    let user = change(&users, &subject, &if_match, (body, faults), Method::Merge).await?;
    Ok(Versioned(user.version, Reply(user.into())))
}
