//! The public keys: one item that only `auth` writes, and a copy in each warm
//! function that verifies tokens.

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{DecodingKey, jwk::Jwk};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::tokens::{self, AccessClaims};
use crate::{
    Context, Failure, UnlessRefused as _,
    clock::Timestamp,
    table::{
        Condition, Table,
        item::{Entity, Stored},
        schema::{self, Key},
    },
};

crate::operations! {
    /// Reads the public keys.
    GET_JWKS = "identity.get_jwks": 1 round trip, 1.0 read, 0.0 write;
    /// Publishes the public keys.
    PUT_JWKS = "identity.put_jwks": 1 round trip, 0.0 read, 2.0 write;
}

/// The published keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Jwks {
    /// Previous, current and next key, as JWKs.
    pub keys: Vec<Jwk>,
}

impl Entity for Jwks {
    const TYPE: &'static str = "jwks";

    fn key(&self) -> Key {
        schema::jwks()
    }
}

impl Jwks {
    /// True if exactly `keys` are published.
    fn holds(&self, keys: &[Jwk]) -> bool {
        self.keys.len() == keys.len() && keys.iter().all(|key| self.keys.contains(key))
    }
}

/// Maximum age of a copy before it is read again.
const FRESH: Duration = Duration::from_mins(1);

/// Minimum pause between reads for a key that the copy does not have: a stream of
/// forged key ids costs one read each five seconds.
const UNKNOWN_KEY_PAUSE: Duration = Duration::from_secs(5);

/// Errors of verifying an access token.
#[derive(Debug)]
pub enum VerifyError {
    /// The token is not ours, or no longer valid.
    Invalid,
    /// The keys cannot be read.
    Failed(Failure),
}

/// A warm function's copy of the public keys. With a fresh copy a request verifies
/// without a round trip.
#[derive(Debug, Clone)]
pub struct Keyring {
    table: Table,
    context: Context,
    issuer: Arc<str>,
    snapshot: Arc<Mutex<Option<Snapshot>>>,
}

#[derive(Debug, Clone)]
struct Snapshot {
    jwks: Option<Stored<Jwks>>,
    keys: Arc<Vec<(String, DecodingKey)>>,
    read_at: Timestamp,
}

impl Keyring {
    /// Makes a keyring that has not read the keys yet.
    pub fn new(table: Table, context: Context, issuer: &str) -> Self {
        tokens::install_crypto();
        Self { table, context, issuer: issuer.into(), snapshot: Arc::default() }
    }

    /// Verifies an access token and returns its claims.
    pub async fn verify(&self, token: &str) -> Result<AccessClaims, VerifyError> {
        let kid = tokens::key_id(token).ok_or(VerifyError::Invalid)?;
        let key = self.key(&kid).await.map_err(VerifyError::Failed)?.ok_or(VerifyError::Invalid)?;
        tokens::verify(token, &key, &self.issuer, self.context.clock.now()).ok_or(VerifyError::Invalid)
    }

    /// The published keys.
    pub async fn published(&self) -> Result<Vec<Jwk>, Failure> {
        let snapshot = self.snapshot_within(FRESH).await?;
        Ok(snapshot.jwks.map(|stored| stored.entity.keys).unwrap_or_default())
    }

    /// Publishes `keys` unless exactly these are published.
    pub async fn publish(&self, keys: &[Jwk]) -> Result<(), Failure> {
        let snapshot = self.snapshot_within(FRESH).await?;
        if snapshot.jwks.as_ref().is_some_and(|stored| stored.entity.holds(keys)) {
            return Ok(());
        }
        let condition = snapshot.jwks.map_or(Condition::New, |stored| Condition::Version(stored.version));
        let jwks = Jwks { keys: keys.to_vec() };
        // Refused if another instance has published since the read, from the same
        // secret.
        self.table.operation(&PUT_JWKS).put(&jwks, condition, Vec::new()).await.unless_refused()?;
        self.snapshot_within(Duration::ZERO).await.map(drop)
    }

    async fn key(&self, kid: &str) -> Result<Option<DecodingKey>, Failure> {
        let find =
            |read: &Snapshot| read.keys.iter().find(|(known, _)| known == kid).map(|(_, key)| key.clone());
        let snapshot = self.snapshot_within(FRESH).await?;
        if let Some(key) = find(&snapshot) {
            return Ok(Some(key));
        }
        Ok(find(&self.snapshot_within(UNKNOWN_KEY_PAUSE).await?))
    }

    /// Returns the copy, read again if it is older than `age`; concurrent callers
    /// wait for the same read.
    async fn snapshot_within(&self, age: Duration) -> Result<Snapshot, Failure> {
        let mut snapshot = self.snapshot.lock().await;
        let now = self.context.clock.now();
        if let Some(fresh) = snapshot.as_ref().filter(|read| now.since(read.read_at) < age) {
            return Ok(fresh.clone());
        }
        let jwks: Option<Stored<Jwks>> = self.table.operation(&GET_JWKS).get(schema::jwks()).await?;
        let keys = jwks.iter().flat_map(|stored| &stored.entity.keys).filter_map(|jwk| {
            let kid = jwk.common.key_id.clone()?;
            Some((kid, DecodingKey::from_jwk(jwk).ok()?))
        });
        let read = Snapshot { keys: Arc::new(keys.collect()), jwks, read_at: now };
        // Not kept: a new stack has no keys before its first sign-in.
        *snapshot = Some(read.clone()).filter(|read| read.jwks.is_some());
        Ok(read)
    }
}
