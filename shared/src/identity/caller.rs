//! Callers, as extractors in a handler's signature. `Caller` requires a valid access
//! token; `MaybeCaller` accepts a request without one, but refuses an invalid one;
//! `RecentCaller` requires recent authentication.

use axum::extract::{FromRef, FromRequestParts};
use http::{header, request::Parts};

use super::{Verifier, jwks::VerifyError, tokens::AccessClaims};
use crate::vocabulary::Role;
use crate::{
    http::{
        Problem,
        problem::{AUTHENTICATION_REQUIRED, INSUFFICIENT_USER_AUTHENTICATION, INVALID_TOKEN, RECENT},
    },
    id::{SessionId, UserId},
    telemetry::Scope,
};

/// A signed-in caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Id of the account.
    pub user_id: UserId,
    /// Id of the session.
    pub session_id: SessionId,
    /// Role; only [`Caller::may`] judges it.
    pub(super) role: Role,
    /// All claims of the token.
    pub claims: AccessClaims,
}

impl From<AccessClaims> for Caller {
    fn from(claims: AccessClaims) -> Self {
        Self { user_id: claims.sub, session_id: claims.sid, role: claims.role, claims }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    Verifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        MaybeCaller::from_request_parts(parts, state).await?.0.ok_or_else(|| AUTHENTICATION_REQUIRED.into())
    }
}

/// A caller who may be anonymous.
#[derive(Debug, Clone)]
pub struct MaybeCaller(pub Option<Caller>);

impl<S> FromRequestParts<S> for MaybeCaller
where
    Verifier: FromRef<S>,
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
            .ok_or(INVALID_TOKEN)?;
        match Verifier::from_ref(state).verify(token).await {
            Ok(claims) => {
                let caller = Caller::from(claims);
                if let Some(scope) = Scope::current() {
                    scope.set_actor(caller.user_id.to_string());
                }
                Ok(Self(Some(caller)))
            }
            Err(VerifyError::Invalid) => Err(INVALID_TOKEN.into()),
            Err(VerifyError::Failed(failure)) => Err(failure.into()),
        }
    }
}

/// A caller with recent authentication, whose session exists at the time of the
/// request: for actions that cannot be undone.
#[derive(Debug, Clone)]
pub struct RecentCaller(pub Caller);

impl<S> FromRequestParts<S> for RecentCaller
where
    Verifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.must_be_recent(&Verifier::from_ref(state)).await?;
        Ok(Self(caller))
    }
}

/// Proof of recent authentication.
#[derive(Debug)]
pub struct Recent(());

impl Caller {
    /// Refuses a caller without recent authentication: for a handler that requires it
    /// for some requests only.
    pub async fn must_be_recent(&self, verifier: &Verifier) -> Result<Recent, Problem> {
        let session = verifier.session(&self.claims).await?.ok_or(INVALID_TOKEN)?;
        if verifier.clock().now().since(session.entity.authenticated_at) > RECENT {
            return Err(INSUFFICIENT_USER_AUTHENTICATION.into());
        }
        Ok(Recent(()))
    }
}
