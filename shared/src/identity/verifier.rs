//! Verification of access tokens: signed by a published key, not expired, not revoked.
//! Every group with callers has a verifier. Warm, it costs one round trip in five seconds
//! for the accounts of each shard of revocations, and no other.

use futures::future::join;

use super::{
    Keyring, Revocation, Revocations, Session,
    jwks::VerifyError,
    tokens::{self, AccessClaims},
};
use crate::{
    Context, Failure,
    clock::{Clock, Timestamp},
    table::{Table, item::Stored, schema},
};

crate::operations! {
    /// Reads the session of a caller for [`RecentCaller`](super::RecentCaller).
    GET_SESSION = "identity.get_session": 1 round trip, 1.0 read, 0.0 write;
}

/// See the [module](self).
#[derive(Debug, Clone)]
pub struct Verifier {
    keyring: Keyring,
    revocations: Revocations,
    table: Table,
    clock: Clock,
}

impl Verifier {
    /// Makes a verifier of `issuer`'s tokens that has not read anything yet.
    pub fn new(table: &Table, context: &Context, issuer: &str) -> Self {
        Self {
            keyring: Keyring::new(table.clone(), context.clone(), issuer),
            revocations: Revocations::new(table, &context.clock),
            table: table.clone(),
            clock: context.clock.clone(),
        }
    }

    /// The public keys.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Reads the keys and revocations for the first request.
    pub async fn prime(&self) -> Result<(), Failure> {
        let (keys, revocations) = join(self.keyring.published(), self.revocations.renew_all()).await;
        keys?;
        // A function that starts during an outage serves tokens issued after its
        // start.
        if let Err(outage) = revocations {
            tracing::warn!(failure = %outage.failure, "revocations are not read");
        }
        Ok(())
    }

    /// Verifies an access token and returns its claims.
    pub async fn verify(&self, token: &str) -> Result<AccessClaims, VerifyError> {
        // A text that is not one of our tokens costs no read.
        tokens::key_id(token).ok_or(VerifyError::Invalid)?;
        let claims = self.keyring.verify(token).await?;
        match self.revocations.renew(claims.sub).await {
            Err(outage) if Timestamp::from_millis(claims.iat * 1_000) < outage.began => {
                return Err(VerifyError::Failed(outage.failure));
            }
            Ok(()) | Err(_) => {}
        }
        if self.revocations.covers(&claims).await { Err(VerifyError::Invalid) } else { Ok(claims) }
    }

    /// Reads the current session of a token; `None` if it has ended.
    pub async fn session(&self, claims: &AccessClaims) -> Result<Option<Stored<Session>>, Failure> {
        let key = schema::session(claims.sub, claims.sid);
        let session: Option<Stored<Session>> = self.table.operation(&GET_SESSION).get(key).await?;
        Ok(session.filter(|session| {
            session.entity.generation >= claims.generation && self.clock.now() < session.entity.ends_at
        }))
    }

    /// Adds a revocation by this instance to its copy.
    pub async fn note(&self, revocation: Revocation) {
        self.revocations.note(revocation).await;
    }

    /// Clock.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }
}
