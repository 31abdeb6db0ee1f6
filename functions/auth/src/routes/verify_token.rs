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

/// Access token to introspect.
#[derive(Deserialize, ToSchema)]
pub struct VerifyRequest {
    /// Access token.
    #[schema(value_type = String, examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9…"))]
    token: Field<String>,
}

/// Introspection result (RFC 7662). For an inactive token, only `active` is present.
#[derive(Default, Serialize, ToSchema)]
pub struct Introspection {
    /// True for a valid access token.
    #[schema(examples(true))]
    active: bool,
    /// Always `Bearer`.
    #[schema(examples("Bearer"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// Issuer.
    #[schema(examples("https://agora.example"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    /// Audience.
    #[schema(examples("agora"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    /// Subject: id of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<UserId>,
    /// Id of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    /// Id of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<TokenId>,
    /// Role of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    /// Time of issue, in epoch seconds.
    #[schema(examples(1_769_860_800))]
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    /// Expiry, in epoch seconds.
    #[schema(examples(1_769_861_400))]
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    /// Time of the last password check, in epoch seconds.
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
    /// Errors of introspecting a token.
    pub enum VerifyTokenError {
        Invalid(Faults),
    }
}

/// Introspect an access token
///
/// Returns the claims of a valid access token. For an invalid or expired token, the reply
/// is 200 with `active: false`.
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
