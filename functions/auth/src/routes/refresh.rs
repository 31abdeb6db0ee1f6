//! `POST /api/v1/auth/refresh`

use axum::extract::State;
use futures::future::join;
use serde::Deserialize;
use shared::{
    Failure, Refused,
    http::{Faults, Field, Json, Reply},
    identity::{Refresh, Revocation, Revoked, Session, User},
    table::{Attempt, ConditionFailed, item::Stored, optimistic},
    vocabulary::RevocationReason,
};
use utoipa::ToSchema;

use crate::{
    problems::{INVALID_REFRESH_TOKEN, REFRESH_TOKEN_REUSED},
    refresh_token::RefreshToken,
    sign_in::TokenReply,
    state::Auth,
};

/// A device that wants to stay signed in.
#[derive(Deserialize, ToSchema)]
pub struct RefreshRequest {
    /// The newest refresh token of the session.
    #[schema(value_type = String, examples("nLc9iwGQpdrMlnR7vM6zAgmgV4cBkKXazJZ0e7zOswIJoFeHAAAAAbx5sXC5jI2vJH9mYgO0v0SOIyT9cbY2NxEPzR0eQ4bA"))]
    refresh_token: Field<String>,
}

shared::problems! {
    /// Why the tokens are not renewed.
    pub enum RefreshError {
        InvalidToken => INVALID_REFRESH_TOKEN,
        Reused => REFRESH_TOKEN_REUSED,
        Invalid(Faults),
    }
}

/// Refresh the tokens
///
/// Gives the session's next tokens. The refresh token counts once; within ten
/// seconds the one before gives the newest again (two tabs, a lost answer), and
/// later, once, the next. A token that was replaced longer ago ends the session.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    request_body = RefreshRequest,
    responses(Reply<TokenReply>, RefreshError),
)]
pub async fn refresh(
    State(auth): State<Auth>,
    Json(body, mut faults): Json<RefreshRequest>,
) -> Result<Reply<TokenReply>, RefreshError> {
    let token = faults.required("/refresh_token", body.refresh_token, Ok::<String, _>);
    let token = faults.done(token)?;
    let token = auth.keys().await?.refresh.read(&token).ok_or(RefreshError::InvalidToken)?;
    let now = auth.context.clock.now();
    let (rotated, user) =
        join(auth.store.rotate_session(token, now), auth.store.get_user(token.user_id)).await;
    let session = match rotated {
        Ok(session) => session,
        Err(Refused::By(ConditionFailed(found))) => not_the_newest(&auth, token, found).await?,
        Err(Refused::Failed(failure)) => return Err(failure.into()),
    };
    let user = user?.filter(|user| lives_in(&session, &user.entity)).ok_or(RefreshError::InvalidToken)?;
    Ok(Reply(TokenReply::new(&auth, &user.entity, &session).await?))
}

/// Whether a session is one of the account as it is now.
fn lives_in(session: &Session, user: &User) -> bool {
    session.generation == user.generation && user.is_active()
}

/// The session that a token gives which is not its newest.
async fn not_the_newest(
    auth: &Auth,
    token: RefreshToken,
    found: Option<Stored<Session>>,
) -> Result<Session, RefreshError> {
    let now = auth.context.clock.now();
    let found = found.ok_or(RefreshError::InvalidToken)?;
    match found.entity.judge(token.counter, now) {
        Refresh::Replay => Ok(found.entity),
        Refresh::Ended => Err(RefreshError::InvalidToken),
        Refresh::Grace => match auth.store.rotate_session_in_grace(token, now).await {
            Ok(session) => Ok(session),
            // It was us: the SDK tries again where an answer got lost.
            Err(Refused::By(ConditionFailed(Some(found))))
                if found.entity.grace_used
                    && found.entity.counter == token.counter.saturating_add(2)
                    && found.entity.used_at == now =>
            {
                Ok(found.entity)
            }
            // Both of two that came at once would be the last: one is too many.
            Err(Refused::By(ConditionFailed(_))) => end(auth, token).await,
            Err(Refused::Failed(failure)) => Err(failure.into()),
        },
        // The newest, where the table says that it is not: it was rotated in
        // between. Its owner has the next, or gets it as a replay.
        Refresh::Rotate => Err(Failure::unavailable("the session was written meanwhile").into()),
        Refresh::Reused => end(auth, token).await,
    }
}

/// Ends the session of a token that somebody else has used.
async fn end(auth: &Auth, token: RefreshToken) -> Result<Session, RefreshError> {
    let of = Revoked::Session(token.session_id);
    let revocation = &Revocation::new(auth.context.ids.next(), token.user_id, of);
    let ended: Result<(), Failure> = optimistic(|| async move {
        let Some(session) = auth.store.get_session(token.user_id, token.session_id).await? else {
            return Ok(Attempt::Done(()));
        };
        auth.store.revoke_session(&session, RevocationReason::TokenReused, revocation).await
    })
    .await;
    ended?;
    auth.verifier.note(revocation.clone()).await;
    Err(RefreshError::Reused)
}
