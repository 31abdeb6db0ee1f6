//! `DELETE /api/v1/users/{user_id}` and `/api/v1/users/me`

use axum::extract::State;
use shared::{
    Refused,
    http::{IfMatch, NoContent, Problem, Stale, problem::FORBIDDEN},
    id::UserId,
    identity::{Authority, Revocation, Revoked},
    table::{Attempt, optimistic},
};

use crate::{problems::LAST_ADMIN, state::Users, store::ChangeRefusal, subject::Subject};

shared::problems! {
    /// Errors of deleting an account.
    pub enum DeleteUserError {
        Forbidden => FORBIDDEN,
        LastAdministrator => LAST_ADMIN,
        Stale(Stale),
    }
}

/// Delete an account
///
/// Deletes the account permanently: personal data is erased, all devices are signed
/// out, and the address can register again. Requires a recent authentication.
/// Idempotent: returns 204 if the account does not exist.
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
    let recent = &subject.caller.must_be_recent(&users.verifier).await?;
    let (users, subject, if_match) = (&users, &subject, &if_match);
    let id = subject.id;
    let revocation: Result<Option<Revocation>, DeleteUserError> = optimistic(|| async move {
        let Some(user) = users.store.get_user(id).await? else { return Ok(Attempt::Done(None)) };
        if_match.check(user.version)?;
        let of = Revoked::User { id, min_gen: user.entity.generation + 1, except: None };
        let revocation = Revocation::new(users.context.ids.next(), id, of);
        let mailbox = users.address_key().await?.mailbox(&user.entity.email);
        let now = users.context.clock.now();
        let authority = if id == subject.caller.user_id {
            None
        } else {
            let authority = Authority::judge(&subject.caller, recent, Some(&user.entity));
            Some(authority.ok_or(DeleteUserError::Forbidden)?)
        };
        match users.store.delete_user(&user, &mailbox, &revocation, now, authority).await {
            Ok(()) => Ok(Attempt::Done(Some(revocation))),
            Err(Refused::By(ChangeRefusal::Outdated)) => Ok(Attempt::Retry),
            Err(Refused::By(ChangeRefusal::LastAdministrator)) => Err(DeleteUserError::LastAdministrator),
            Err(Refused::By(ChangeRefusal::AuthorityLost)) => Err(DeleteUserError::Forbidden),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await;
    if let Some(revocation) = revocation? {
        users.verifier.note(revocation).await;
    }
    Ok(NoContent)
}
