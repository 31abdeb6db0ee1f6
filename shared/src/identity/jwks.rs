//! The public keys: one item that only `auth` writes, and the copy that each
//! warm function verifies tokens with.

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
    /// Previous, current and next, as JWKs.
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

/// Maximum age of a copy before it is reread.
const FRESH: Duration = Duration::from_mins(1);

/// Minimum time between rereads for an unknown key: a stream of forged key ids costs a
/// read each five seconds.
const UNKNOWN_KEY_PAUSE: Duration = Duration::from_secs(5);

/// Reasons for a token without claims.
#[derive(Debug)]
pub enum VerifyError {
    /// It is none of ours, or not any more.
    Invalid,
    /// The keys cannot be read.
    Failed(Failure),
}

/// A warm function's copy of the public keys. A request that finds it fresh
/// verifies without a round trip.
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
    /// A keyring that has read nothing yet.
    pub fn new(table: Table, context: Context, issuer: &str) -> Self {
        tokens::install_crypto();
        Self { table, context, issuer: issuer.into(), snapshot: Arc::default() }
    }

    /// The claims of a valid access token.
    pub async fn verify(&self, token: &str) -> Result<AccessClaims, VerifyError> {
        let kid = tokens::key_id(token).ok_or(VerifyError::Invalid)?;
        let key = self.key(&kid).await.map_err(VerifyError::Failed)?.ok_or(VerifyError::Invalid)?;
        tokens::verify(token, &key, &self.issuer, self.context.clock.now()).ok_or(VerifyError::Invalid)
    }

    /// The published keys.
    pub async fn published(&self) -> Result<Vec<Jwk>, Failure> {
        let snapshot = self.not_older_than(FRESH).await?;
        Ok(snapshot.jwks.map(|stored| stored.entity.keys).unwrap_or_default())
    }

    /// Publishes `keys` where others are published, or none.
    pub async fn publish(&self, keys: &[Jwk]) -> Result<(), Failure> {
        let snapshot = self.not_older_than(FRESH).await?;
        if snapshot.jwks.as_ref().is_some_and(|stored| stored.entity.holds(keys)) {
            return Ok(());
        }
        let condition = snapshot.jwks.map_or(Condition::New, |stored| Condition::Version(stored.version));
        let jwks = Jwks { keys: keys.to_vec() };
        // Refused where another instance has published meanwhile, from the same secret.
        self.table.operation(&PUT_JWKS).put(&jwks, condition, Vec::new()).await.unless_refused()?;
        self.not_older_than(Duration::ZERO).await.map(drop)
    }

    async fn key(&self, kid: &str) -> Result<Option<DecodingKey>, Failure> {
        let find =
            |read: &Snapshot| read.keys.iter().find(|(known, _)| known == kid).map(|(_, key)| key.clone());
        let snapshot = self.not_older_than(FRESH).await?;
        if let Some(key) = find(&snapshot) {
            return Ok(Some(key));
        }
        Ok(find(&self.not_older_than(UNKNOWN_KEY_PAUSE).await?))
    }

    /// The copy, read anew if it is older; who comes meanwhile waits for the
    /// same read.
    async fn not_older_than(&self, age: Duration) -> Result<Snapshot, Failure> {
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
        // A new stack has no keys before its first sign-in: that is not to be
        // remembered.
        *snapshot = Some(read.clone()).filter(|read| read.jwks.is_some());
        Ok(read)
    }
}
