//! `POST /api/v1/auth/logout`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    http::{Faults, Field, Json, NoContent},
    identity::{Caller, accounts},
    table::{Attempt, optimistic},
    vocabulary::RevocationReason,
};
use utoipa::ToSchema;

use super::revoke_session;
use crate::state::Auth;

/// Sessions to end.
#[derive(Deserialize, ToSchema)]
pub struct LogoutRequest {
    /// `true` ends all sessions of the account, `false` or absent only this one.
    #[schema(value_type = Option<bool>, examples(false))]
    everywhere: Field<bool>,
}

shared::problems! {
    /// Errors of signing out.
    pub enum LogoutError {
        Invalid(Faults),
    }
}

/// Sign out
///
/// Ends this session, or all sessions of the account. Their access tokens are refused
/// by every service within five seconds.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    security(("bearer" = [])),
    request_body = LogoutRequest,
    responses(NoContent, LogoutError),
)]
pub async fn logout(
    State(auth): State<Auth>,
    caller: Caller,
    Json(body, mut faults): Json<LogoutRequest>,
) -> Result<NoContent, LogoutError> {
    let everywhere = faults.optional("/everywhere", body.everywhere, Ok::<bool, _>);
    let everywhere = faults.done(everywhere)?;
    if everywhere.unwrap_or_default() {
        end_all(&auth, &caller).await?;
    } else {
        revoke_session::end(&auth, caller.user_id, caller.session_id, RevocationReason::LoggedOut).await?;
    }
    Ok(NoContent)
}

/// Ends every session of the caller.
async fn end_all(auth: &Auth, caller: &Caller) -> Result<(), Failure> {
    let revocation = optimistic(|| async {
        let Some(before) = auth.store.get_user(caller.user_id).await? else {
            return Ok::<_, Failure>(Attempt::Done(None));
        };
        let mut after = before.entity.clone();
        after.generation += 1;
        let revocation = accounts::revoke_older_sessions(&after, None, &auth.context.ids);
        let written = auth.store.revoke_sessions(&before, &after, &revocation).await?;
        Ok(written.map(|()| Some(revocation)))
    })
    .await?;
    if let Some(revocation) = revocation {
        auth.verifier.note(revocation).await;
    }
    Ok(())
}
