//! Revocations of sessions before their access tokens expire: one item a revocation, in
//! one partition in the order of time, and the copy of it that each warm function
//! keeps.
//!
//! A copy older than five seconds is renewed from its position, so a revocation reaches
//! every function within that time for one read in five seconds and instance. The read
//! is eventually consistent: each starts ten seconds before the last, far more than the
//! lag of a replica, and code that must be sure reads the session itself
//! (`RecentCaller`).
//!
//! A copy that cannot be renewed is used for thirty seconds. After that, tokens issued
//! before the outage are refused, since they may have been revoked in it. Younger ones
//! verify: their sign-in or refresh has just read the account. So a throttled partition
//! stops a caller for no longer than a refresh takes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use super::tokens::{ACCESS_LIFETIME, AccessClaims};
use crate::{
    Failure,
    clock::{Clock, Timestamp},
    id::{RevocationId, SessionId, UserId},
    table::{
        Query, Table,
        item::Entity,
        schema::{self, Key},
    },
};

crate::operations! {
    /// Reads what has been revoked since the last time.
    LIST_REVOCATIONS = "identity.list_revocations": 1 round trip, 0.5 read, 0.0 write;
}

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Revocation {
    /// Its id, which says when.
    pub id: RevocationId,
    /// Of what.
    pub of: Revoked,
}

/// Revoked session or sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    /// One session.
    Session(SessionId),
    /// All sessions of an account that began before.
    User {
        /// Id of the account.
        id: UserId,
        /// The generation from which on they are good.
        min_gen: u32,
        /// The one that stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        except: Option<SessionId>,
    },
    /// Something that a later release revokes: no session or account of this one.
    #[serde(untagged)]
    Unknown(Value),
}

/// Time for which a revoked token may still look valid: its lifetime, and the maximum
/// difference of two clocks.
const RELEVANT: Duration = Duration::from_secs(ACCESS_LIFETIME.as_secs() + 60);

impl Entity for Revocation {
    const TYPE: &'static str = "revocation";

    fn key(&self) -> Key {
        schema::revocation(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.id.created_at() + RELEVANT)
    }
}

/// Age of a copy below which it is not renewed.
const FRESH: Duration = Duration::from_secs(5);

/// Maximum age of a copy that cannot be renewed.
const USABLE: Duration = Duration::from_secs(30);

/// Pause after a failed renewal: requests meanwhile do not wait.
const PAUSE: Duration = Duration::from_secs(1);

/// Overlap of a renewal with the last one: the clocks of writers may differ.
const OVERLAP: Duration = Duration::from_secs(10);

/// Revocations cannot be read, and the copy is too old to go by.
#[derive(Debug)]
pub struct Outage {
    /// Tokens that were issued before may have been revoked since.
    pub began: Timestamp,
    /// Cause.
    pub failure: Failure,
}

/// A warm function's copy.
#[derive(Debug, Clone)]
pub struct Revocations {
    table: Table,
    clock: Clock,
    copy: Arc<Mutex<Copy>>,
}

#[derive(Debug, Default)]
struct Copy {
    read_at: Option<Timestamp>,
    /// When the renewals began to fail that have failed since, and when one was last
    /// tried.
    failing: Option<(Timestamp, Timestamp)>,
    sessions: HashSet<SessionId>,
    users: HashMap<UserId, Vec<(u32, Option<SessionId>)>>,
    /// All that is in the two above, by when it stops to matter.
    known: HashMap<RevocationId, Revoked>,
}

impl Revocations {
    /// A copy that has read nothing yet.
    pub fn new(table: Table, clock: Clock) -> Self {
        Self { table, clock, copy: Arc::default() }
    }

    /// Renews the copy if it is old; who comes meanwhile waits for the same read.
    pub async fn renew(&self) -> Result<(), Outage> {
        let mut copy = self.copy.lock().await;
        let now = self.clock.now();
        let age = copy.read_at.map(|read_at| now.since(read_at));
        if age.is_some_and(|age| age < FRESH) {
            return Ok(());
        }
        let failure = match copy.failing {
            Some((_, tried_at)) if now.since(tried_at) < PAUSE => {
                Failure::unavailable("the revocations could not be read a moment ago")
            }
            Some(_) | None => match self.read(&mut copy, now).await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            },
        };
        if age.is_some_and(|age| age < USABLE) {
            tracing::warn!(%failure, "revocations are not renewed");
            return Ok(());
        }
        // Revocations after the last read are unknown.
        let began = copy.read_at.or(copy.failing.map(|(began, _)| began)).unwrap_or(now);
        Err(Outage { began, failure })
    }

    async fn read(&self, copy: &mut Copy, now: Timestamp) -> Result<(), Failure> {
        let since = copy.read_at.map_or(now.before(RELEVANT), |read_at| read_at.before(OVERLAP));
        let first = schema::revocation(RevocationId::earliest(since));
        let query = Query::table(first.clone()).from(first.sk).eventually();
        let read = self.table.operation(&LIST_REVOCATIONS).list::<Revocation>(query).await;
        match read {
            Ok(new) => {
                (copy.read_at, copy.failing) = (Some(now), None);
                copy.take(new.into_iter().map(|stored| stored.entity), now);
                Ok(())
            }
            Err(failure) => {
                let began = copy.failing.map_or(now, |(began, _)| began);
                copy.failing = Some((began, now));
                Err(failure)
            }
        }
    }

    /// True if the token of these claims is known to be revoked.
    pub async fn covers(&self, claims: &AccessClaims) -> bool {
        self.copy.lock().await.covers(claims)
    }

    /// Takes note of what this instance has revoked itself: here it counts at
    /// once.
    pub async fn note(&self, revocation: Revocation) {
        self.copy.lock().await.take([revocation], self.clock.now());
    }
}

impl Copy {
    fn take(&mut self, new: impl IntoIterator<Item = Revocation>, now: Timestamp) {
        self.known.extend(new.into_iter().map(|revocation| (revocation.id, revocation.of)));
        self.known.retain(|id, _| now.since(id.created_at()) < RELEVANT);
        self.sessions.clear();
        self.users.clear();
        for revoked in self.known.values() {
            match revoked {
                Revoked::Session(id) => {
                    self.sessions.insert(*id);
                }
                Revoked::User { id, min_gen, except } => {
                    self.users.entry(*id).or_default().push((*min_gen, *except));
                }
                Revoked::Unknown(_) => {}
            }
        }
    }

    fn covers(&self, claims: &AccessClaims) -> bool {
        let user = self.users.get(&claims.sub).is_some_and(|revoked| {
            revoked
                .iter()
                .any(|(min_gen, except)| claims.generation < *min_gen && *except != Some(claims.sid))
        });
        user || self.sessions.contains(&claims.sid)
    }
}
