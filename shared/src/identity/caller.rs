//! Who calls: said in a handler's signature. `Caller` wants a valid token;
//! `MaybeCaller` goes without one, but a bad one is refused, never anonymous.

use axum::extract::{FromRef, FromRequestParts};
use http::{header, request::Parts};

use super::{Keyring, Role, jwks::VerifyError, tokens::AccessClaims};
use crate::{
    http::Problem,
    id::{SessionId, UserId},
    telemetry::Scope,
};

/// A signed-in caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is.
    pub user_id: UserId,
    /// Which of their sessions.
    pub session_id: SessionId,
    /// What they may do.
    pub role: Role,
}

impl From<AccessClaims> for Caller {
    fn from(claims: AccessClaims) -> Self {
        Self { user_id: claims.sub, session_id: claims.sid, role: claims.role }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    Keyring: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        MaybeCaller::from_request_parts(parts, state).await?.0.ok_or_else(Problem::authentication_required)
    }
}

/// A caller who may be anonymous.
#[derive(Debug, Clone)]
pub struct MaybeCaller(pub Option<Caller>);

impl<S> FromRequestParts<S> for MaybeCaller
where
    Keyring: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Some(authorization) = parts.headers.get(header::AUTHORIZATION) else {
            return Ok(Self(None));
        };
        let token = authorization
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(Problem::invalid_token)?;
        match Keyring::from_ref(state).verify(token).await {
            Ok(claims) => {
                let caller = Caller::from(claims);
                if let Some(scope) = Scope::current() {
                    scope.set_actor(caller.user_id.to_string());
                }
                Ok(Self(Some(caller)))
            }
            Err(VerifyError::Invalid) => Err(Problem::invalid_token()),
            Err(VerifyError::Failed(failure)) => Err(failure.into()),
        }
    }
}
