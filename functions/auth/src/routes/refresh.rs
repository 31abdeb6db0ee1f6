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

/// Refresh token of a session.
#[derive(Deserialize, ToSchema)]
pub struct RefreshRequest {
    /// Newest refresh token of the session.
    #[schema(value_type = String, examples("nLc9iwGQpdrMlnR7vM6zAgmgV4cBkKXazJZ0e7zOswIJoFeHAAAAAbx5sXC5jI2vJH9mYgO0v0SOIyT9cbY2NxEPzR0eQ4bA"))]
    refresh_token: Field<String>,
}

shared::problems! {
    /// Errors of refreshing tokens.
    pub enum RefreshError {
        InvalidToken => INVALID_REFRESH_TOKEN,
        Reused => REFRESH_TOKEN_REUSED,
        Invalid(Faults),
    }
}

/// Refresh tokens
///
/// Returns the session's next tokens. A refresh token works once. For 10 seconds after
/// a refresh, the previous token returns the newest tokens again (two tabs, a lost
/// reply); after that it rotates once more. Any older token returns 401
/// `refresh_token_reused` and ends the session.
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

/// True if the session belongs to the account's current generation.
fn lives_in(session: &Session, user: &User) -> bool {
    session.generation == user.generation && user.is_active()
}

/// Session of a token that is not the session's newest.
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
            // This request wrote it: the SDK retries if a reply is lost.
            Err(Refused::By(ConditionFailed(Some(found))))
                if found.entity.grace_used
                    && found.entity.counter == token.counter.saturating_add(2)
                    && found.entity.used_at == now =>
            {
                Ok(found.entity)
            }
            // Of two concurrent requests both would use the one grace: a second is
            // reuse.
            Err(Refused::By(ConditionFailed(_))) => end(auth, token).await,
            Err(Refused::Failed(failure)) => Err(failure.into()),
        },
        // The newest counter, although the table refused it: the session was rotated
        // between the write and the read. Its owner has the next token, or gets it as a
        // replay.
        Refresh::Rotate => Err(Failure::unavailable("the session was written concurrently").into()),
        Refresh::Reused => end(auth, token).await,
    }
}

/// Ends the session of a token that was used twice.
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
