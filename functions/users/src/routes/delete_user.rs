//! `DELETE /api/v1/users/{user_id}` and `/api/v1/users/me`

use axum::extract::State;
use shared::{
    Refused,
    http::{IfMatch, NoContent, Problem, Stale},
    id::UserId,
    identity::{Revocation, Revoked},
    table::{Attempt, optimistic},
};

use crate::{problems::LAST_ADMIN, state::Users, store::ChangeRefusal, subject::Subject};

shared::problems! {
    /// Why an account stays.
    pub enum DeleteUserError {
        LastAdministrator => LAST_ADMIN,
        Stale(Stale),
    }
}

/// Delete an account
///
/// For good: what is known of the person is erased, every device is signed out,
/// and the address may register anew. Wants a recent password.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{user_id}",
    params(("user_id" = UserId, Path, description = "The account's id.")),
    security(("bearer" = ["recent_authentication"])),
    responses(NoContent, DeleteUserError),
)]
pub async fn delete_user(
    State(users): State<Users>,
    subject: Subject,
    if_match: IfMatch,
) -> Result<NoContent, Problem> {
    subject.caller.must_be_recent(&users.verifier).await?;
    let (users, id, if_match) = (&users, subject.id, &if_match);
    let revocation: Result<Option<Revocation>, DeleteUserError> = optimistic(|| async move {
        let Some(user) = users.store.get_user(id).await? else { return Ok(Attempt::Done(None)) };
        if_match.check(user.version)?;
        let of = Revoked::User { id, min_gen: user.entity.generation + 1, except: None };
        let revocation = Revocation { id: users.context.ids.next(), of };
        let mailbox = users.address_key().await?.mailbox(&user.entity.email);
        let now = users.context.clock.now();
        match users.store.delete_user(&user, &mailbox, &revocation, now).await {
            Ok(()) => Ok(Attempt::Done(Some(revocation))),
            Err(Refused::By(ChangeRefusal::Outdated)) => Ok(Attempt::Retry),
            Err(Refused::By(ChangeRefusal::LastAdministrator)) => Err(DeleteUserError::LastAdministrator),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await;
    if let Some(revocation) = revocation? {
        users.verifier.note(revocation).await;
    }
    Ok(NoContent)
}
