//! `POST /api/v1/auth/verify`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    http::{Faults, Field, Json, Reply},
    id::{SessionId, TokenId, UserId},
    identity::{jwks::VerifyError, tokens::AccessClaims},
    vocabulary::Role,
};
use utoipa::ToSchema;

use crate::state::Auth;

/// A token that somebody has been shown.
#[derive(Deserialize, ToSchema)]
pub struct VerifyRequest {
    /// An access token.
    #[schema(value_type = String, examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9…"))]
    token: Field<String>,
}

/// What a token is (in the words of RFC 7662). Of one that is not active nothing
/// else is said.
#[derive(Default, Serialize, ToSchema)]
pub struct Introspection {
    /// Whether it is a valid access token.
    #[schema(examples(true))]
    active: bool,
    /// `Bearer`.
    #[schema(examples("Bearer"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// Who made it.
    #[schema(examples("https://agora.example"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    /// Whom it is for.
    #[schema(examples("agora"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<UserId>,
    /// The session that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    /// Its own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<TokenId>,
    /// What its owner may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    /// When it was made, epoch seconds.
    #[schema(examples(1_769_860_800))]
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    /// When it ends, epoch seconds.
    #[schema(examples(1_769_861_400))]
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    /// When its owner last showed the password, epoch seconds.
    #[schema(examples(1_769_860_800))]
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
}

impl From<AccessClaims> for Introspection {
    fn from(claims: AccessClaims) -> Self {
        let AccessClaims { iss, aud, sub, sid, jti, iat, exp, auth_time, role, generation: _ } = claims;
        Self {
            active: true,
            token_type: Some("Bearer"),
            iss: Some(iss),
            aud: Some(aud),
            sub: Some(sub),
            sid: Some(sid),
            jti: Some(jti),
            role: Some(role),
            iat: Some(iat),
            exp: Some(exp),
            auth_time: Some(auth_time),
        }
    }
}

shared::problems! {
    /// Why nothing is said of a token.
    pub enum VerifyTokenError {
        Invalid(Faults),
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
        Ok(claims) => Ok(Reply(claims.into())),
        Err(VerifyError::Invalid) => Ok(Reply(Introspection::default())),
        Err(VerifyError::Failed(failure)) => Err(failure.into()),
    }
}
