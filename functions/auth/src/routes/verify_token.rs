//! `POST /api/v1/auth/verify`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    http::{Faults, Field, Json, Reply},
    id::{SessionId, TokenId, UserId},
    identity::{Role, jwks::VerifyError, tokens::AccessClaims},
};
use utoipa::ToSchema;

use crate::state::Auth;

/// A token that somebody has been shown.
#[derive(Deserialize, ToSchema)]
pub struct VerifyRequest {
    /// An access token.
    #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9…"))]
    token: Field<String>,
}

/// What a token is (in the words of RFC 7662).
#[derive(Serialize, ToSchema)]
pub struct Introspection {
    /// Whether it is a valid access token. If not, nothing else is said.
    active: bool,
    #[serde(flatten)]
    claims: Option<ActiveToken>,
}

/// What a valid access token says.
#[derive(Serialize, ToSchema)]
pub struct ActiveToken {
    /// Always `Bearer`.
    token_type: &'static str,
    /// Who made it.
    iss: String,
    /// Whom it is for.
    aud: String,
    /// Whose it is.
    sub: UserId,
    /// The session that it belongs to.
    sid: SessionId,
    /// Its own id.
    jti: TokenId,
    /// What its owner may do.
    role: Role,
    /// When it was made, epoch seconds.
    iat: i64,
    /// When it ends, epoch seconds.
    exp: i64,
    /// When its owner last showed the password, epoch seconds.
    auth_time: i64,
}

impl From<AccessClaims> for ActiveToken {
    fn from(claims: AccessClaims) -> Self {
        let AccessClaims { iss, aud, sub, sid, jti, iat, exp, auth_time, role, generation: _ } = claims;
        Self { token_type: "Bearer", iss, aud, sub, sid, jti, role, iat, exp, auth_time }
    }
}

shared::problems! {
    /// Why nothing is said of a token.
    pub enum VerifyTokenError {
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
    }
}

/// Look at an access token
///
/// Says what an access token is: valid and whose, or not valid, which is no
/// error.
#[utoipa::path(
    post,
    path = "/api/v1/auth/verify",
    request_body = VerifyRequest,
    responses(Reply<Introspection>, VerifyTokenError),
)]
pub async fn verify_token(
    State(auth): State<Auth>,
    Json(body, mut faults): Json<VerifyRequest>,
) -> Result<Reply<Introspection>, VerifyTokenError> {
    let token = faults.required("/token", body.token, Ok::<String, _>);
    let token = faults.done(token)?;
    match auth.verifier.verify(&token).await {
        Ok(claims) => Ok(Reply(Introspection { active: true, claims: Some(claims.into()) })),
        Err(VerifyError::Invalid) => Ok(Reply(Introspection { active: false, claims: None })),
        Err(VerifyError::Failed(failure)) => Err(failure.into()),
    }
}
