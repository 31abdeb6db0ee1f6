//! The time of a login with hashes of other systems.
//!
//! An imported hash is verified at its own cost until its owner has logged in, while
//! an unknown address is checked against a hash of our own cost: the time of an
//! answer would reveal which addresses have an account. So the kinds and costs of
//! imported hashes are noted, and every verification, of a known or unknown address,
//! takes as long as the most expensive of them.

use std::time::{Duration, Instant};

use argon2::Params;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{HashCost, argon2id, readable_argon2, readable_bcrypt};
use crate::{
    Failure,
    table::{
        Table,
        item::{Entity, Reader},
        schema::{self, Key},
    },
};

crate::operations! {
    /// Reads the kinds of hashes that were imported.
    GET_IMPORTED_HASHES = "identity.password.get_imported_hashes": 1 round trip, 1.0 read, 0.0 write;
}

pub(in crate::identity) const IMPORTED_HASHES: Reader = Reader::of::<ImportedHashes>();

/// Margin above the measured time: the speed of a machine varies.
const MARGIN: f64 = 1.5;

/// The kind of a hash, with the parameters of its cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// A scheme of a later release; this one cannot verify its hashes.
    #[serde(untagged)]
    Unknown(Value),
}

impl Scheme {
    /// The scheme of a hash that [is acceptable](super::is_acceptable_hash).
    pub fn of(hash: &str) -> Option<Self> {
        let bcrypt = || readable_bcrypt(hash).map(|parts| Self::Bcrypt { cost: parts.get_cost() });
        readable_argon2(hash).map(|(_, cost)| cost.into()).or_else(bcrypt)
    }

    /// Measures one verification on this machine. It blocks.
    fn measure(&self) -> Duration {
        let began = Instant::now();
        match self {
            Self::Bcrypt { cost } => drop(bcrypt::hash_with_salt("", *cost, [0; 16])),
            Self::Argon2 { memory_kib, iterations, parallelism } => {
                if let Ok(params) = Params::new(*memory_kib, *iterations, *parallelism, None) {
                    drop(argon2id::hash("", &[0; 16], &params));
                }
            }
            Self::Unknown(_) => {}
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
    schemes: Vec<Scheme>,
}

impl Entity for ImportedHashes {
    const TYPE: &'static str = "imported_hashes";

    fn key(&self) -> Key {
        schema::imported_hashes()
    }
}

impl ImportedHashes {
    /// Reads the schemes from the table.
    pub async fn read(table: &Table) -> Result<Self, Failure> {
        let stored = table.operation(&GET_IMPORTED_HASHES).get(schema::imported_hashes()).await?;
        Ok(stored.map(|stored| stored.entity).unwrap_or_default())
    }

    /// The schemes.
    pub fn schemes(&self) -> &[Scheme] {
        &self.schemes
    }

    /// Adds schemes. True if one is new.
    pub fn add(&mut self, schemes: impl IntoIterator<Item = Scheme>) -> bool {
        let known = self.schemes.len();
        for scheme in schemes {
            if !self.schemes.contains(&scheme) {
                self.schemes.push(scheme);
            }
        }
        self.schemes.len() > known
    }

    /// Measures the minimum time of a verification on this machine; `None` if nothing
    /// was imported and every hash has `own` cost.
    pub async fn least_time(&self, own: HashCost) -> Result<Option<Duration>, Failure> {
        if self.schemes.is_empty() {
            return Ok(None);
        }
        let mut schemes = self.schemes.clone();
        schemes.push(own.into());
        let measure = move || schemes.iter().map(Scheme::measure).max();
        let dearest = tokio::task::spawn_blocking(measure).await.map_err(Failure::internal)?;
        Ok(dearest.map(|dearest| dearest.mul_f64(MARGIN)))
    }
}
