//! The time of a login with hashes of other systems.
//!
//! An imported hash is verified at its own cost until its owner has logged in, while an
//! unknown address is checked against a hash of our own cost: the time of an answer would
//! tell who has an account. So the kinds and costs of imported hashes are noted, and every
//! verification, whoever's address it is, takes as long as the dearest of them.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use argon2::Params;
use serde::{Deserialize, Serialize};

use super::{HashCost, argon2id, readable_argon2, readable_bcrypt};
use crate::{
    Failure,
    table::{
        Attempt, Condition, Table,
        item::{Entity, Reader},
        optimistic,
        schema::{self, Key},
    },
};

crate::operations! {
    /// Reads the kinds of hashes that were imported.
    GET_IMPORTED_HASHES = "identity.password.get_imported_hashes": 1 round trip, 1.0 read, 0.0 write;
    /// Notes a kind of hash that was not imported before.
    PUT_IMPORTED_HASHES = "identity.password.put_imported_hashes": 1 round trip, 0.0 read, 1.0 write;
}

pub(in crate::identity) const IMPORTED_HASHES: Reader = Reader::of::<ImportedHashes>();

/// Room above the measured time: a machine is not equally fast at all times.
const MARGIN: f64 = 1.5;

/// The kind of a hash, with what determines its cost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Scheme {
    /// bcrypt.
    Bcrypt {
        /// Logarithm of its rounds.
        cost: u32,
    },
    /// argon2 of any variant.
    Argon2 {
        /// Memory, KiB.
        memory_kib: u32,
        /// Passes over it.
        iterations: u32,
        /// Lanes.
        parallelism: u32,
    },
}

impl Scheme {
    /// The scheme of a hash that [is acceptable](super::is_acceptable_hash).
    pub fn of(hash: &str) -> Option<Self> {
        let bcrypt = || readable_bcrypt(hash).map(|parts| Self::Bcrypt { cost: parts.get_cost() });
        readable_argon2(hash).map(|(_, cost)| cost.into()).or_else(bcrypt)
    }

    /// Time of one verification here and now. It blocks.
    fn measure(&self) -> Duration {
        let began = Instant::now();
        match *self {
            Self::Bcrypt { cost } => drop(bcrypt::hash_with_salt("", cost, [0; 16])),
            Self::Argon2 { memory_kib, iterations, parallelism } => {
                if let Ok(params) = Params::new(memory_kib, iterations, parallelism, None) {
                    drop(argon2id::hash("", &[0; 16], &params));
                }
            }
        }
        began.elapsed()
    }
}

impl From<HashCost> for Scheme {
    fn from(HashCost { memory_kib, iterations, parallelism }: HashCost) -> Self {
        Self::Argon2 { memory_kib, iterations, parallelism }
    }
}

/// The schemes of the hashes that were imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedHashes {
    schemes: BTreeSet<Scheme>,
}

impl Entity for ImportedHashes {
    const TYPE: &'static str = "imported_hashes";

    fn key(&self) -> Key {
        schema::imported_hashes()
    }
}

impl ImportedHashes {
    /// Reads them from the table.
    pub async fn read(table: &Table) -> Result<Self, Failure> {
        let stored = table.operation(&GET_IMPORTED_HASHES).get(schema::imported_hashes()).await?;
        Ok(stored.map(|stored| stored.entity).unwrap_or_default())
    }

    /// The least time that a verification takes, measured on this machine; `None` where
    /// nothing was imported and every hash is of `own` cost.
    pub async fn least_time(&self, own: HashCost) -> Result<Option<Duration>, Failure> {
        if self.schemes.is_empty() {
            return Ok(None);
        }
        let mut schemes = self.schemes.clone();
        schemes.insert(own.into());
        let measure = move || schemes.iter().map(Scheme::measure).max();
        let dearest = tokio::task::spawn_blocking(measure).await.map_err(Failure::internal)?;
        Ok(dearest.map(|dearest| dearest.mul_f64(MARGIN)))
    }
}

/// Notes the schemes of hashes that are about to be imported.
pub async fn note_imported(table: &Table, schemes: BTreeSet<Scheme>) -> Result<(), Failure> {
    let (schemes, key) = (&schemes, schema::imported_hashes());
    optimistic(|| async {
        let before = table.operation(&GET_IMPORTED_HASHES).get::<ImportedHashes>(key.clone()).await?;
        let (mut after, condition) = match before {
            Some(before) => (before.entity, Condition::Version(before.version)),
            None => (ImportedHashes::default(), Condition::New),
        };
        if schemes.is_subset(&after.schemes) {
            return Ok::<_, Failure>(Attempt::Done(()));
        }
        after.schemes.extend(schemes.iter().cloned());
        Attempt::of(table.operation(&PUT_IMPORTED_HASHES).put(&after, condition, Vec::new()).await)
    })
    .await
}
