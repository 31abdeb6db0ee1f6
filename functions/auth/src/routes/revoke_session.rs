//! `DELETE /api/v1/auth/sessions/{session_id}`

use axum::extract::State;
use shared::{
    Failure,
    http::{IfMatch, NoContent, Path, Stale},
    id::{SessionId, UserId},
    identity::{Caller, Revocation, Revoked},
    table::{Attempt, optimistic},
    vocabulary::RevocationReason,
};

use crate::state::Auth;

shared::problems! {
    /// Errors of ending a session.
    pub enum RevokeSessionError {
        Stale(Stale),
    }
}

/// Revoke a session
///
/// Signs out one of the caller's devices. Idempotent: returns 204 if the caller has no
/// such session.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/sessions/{session_id}",
    params(("session_id" = SessionId, Path, description = "The session's id.")),
    security(("bearer" = [])),
    responses(NoContent, RevokeSessionError),
)]
pub async fn revoke_session(
    State(auth): State<Auth>,
    caller: Caller,
    Path(session): Path<SessionId>,
    if_match: IfMatch,
) -> Result<NoContent, RevokeSessionError> {
    if let Err(stale) = if_match.check_unversioned()
        && auth.store.get_session(caller.user_id, session).await?.is_some()
    {
        return Err(stale.into());
    }
    end(&auth, caller.user_id, session, RevocationReason::LoggedOut).await?;
    Ok(NoContent)
}

/// Ends a session, if the user has it.
pub(super) async fn end(
    auth: &Auth,
    user: UserId,
    session: SessionId,
    reason: RevocationReason,
) -> Result<(), Failure> {
    let of = Revoked::Session(session);
    let revocation = &Revocation::new(auth.context.ids.next(), user, of);
    let ended = optimistic(|| async move {
        let Some(found) = auth.store.get_session(user, session).await? else {
            return Ok::<_, Failure>(Attempt::Done(false));
        };
        let revoked = auth.store.revoke_session(&found, reason, revocation).await?;
        Ok(revoked.map(|()| true))
    })
    .await?;
    if ended {
        auth.verifier.note(revocation.clone()).await;
    }
    Ok(())
}
