//! Revocations of sessions whose access tokens have not expired: one item a revocation,
//! in four partitions in the order of time, and the copy of them that each warm function
//! keeps.
//!
//! The partition follows from the account. So a token is verified with one of them, and a
//! flood of sign-ins and sign-outs of one account stops no account of another partition.
//! A fifth partition has the revocations of earlier releases.
//!
//! A copy older than five seconds is continued when a token of its accounts comes. So a
//! revocation reaches every function within that time, for at most five reads of half a
//! unit in five seconds and instance. The reads are eventually consistent: each begins
//! ten seconds before the end of the last, far more than the lag of a replica. Operations
//! that need certainty read the session itself (`RecentCaller`).
//!
//! A copy that cannot be continued is used for thirty seconds. After that, tokens that
//! were issued before the outage are refused, because they may have been revoked in it.
//! Younger ones are accepted: their sign-in or refresh has just read the account. So a
//! throttled partition stops none of its accounts for longer than a refresh takes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use futures::future::{join, join_all};
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
        schema::{self, Key, REVOCATION_SHARDS},
    },
};

crate::operations! {
    /// Reads the revocations since the last read.
    LIST_REVOCATIONS = "identity.list_revocations": 1 round trip, 0.5 read, 0.0 write;
}

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Revocation {
    /// Id, which begins with the time.
    pub id: RevocationId,
    /// Shard of the account; none for a revocation of an earlier release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<u8>,
    /// Revoked session or sessions.
    pub of: Revoked,
}

impl Revocation {
    /// Revocation of sessions of an account.
    pub fn new(id: RevocationId, owner: UserId, of: Revoked) -> Self {
        Self { id, shard: Some(shard(owner)), of }
    }
}

/// Shard of the revocations of an account. The last byte of an id is random.
pub fn shard(owner: UserId) -> u8 {
    let [.., last] = owner.to_bytes();
    last % REVOCATION_SHARDS
}

/// Revoked session or sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    /// One session.
    Session(SessionId),
    /// All earlier sessions of an account.
    User {
        /// Id of the account.
        id: UserId,
        /// First valid generation.
        min_gen: u32,
        /// Session that stays valid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        except: Option<SessionId>,
    },
    /// Revocation of a later release: of no session or account that this release knows.
    #[serde(untagged)]
    Unknown(Value),
}

/// Time for which a revoked token may still look valid: its lifetime, and the maximum
/// difference of two clocks.
const RELEVANT: Duration = Duration::from_secs(ACCESS_LIFETIME.as_secs() + 60);

impl Entity for Revocation {
    const TYPE: &'static str = "revocation";

    fn key(&self) -> Key {
        key(self.shard, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.id.created_at() + RELEVANT)
    }
}

fn key(shard: Option<u8>, id: RevocationId) -> Key {
    shard.map_or_else(|| schema::former_revocation(id), |shard| schema::revocation(shard, id))
}

/// Age of a copy below which it is not renewed.
const FRESH: Duration = Duration::from_secs(5);

/// Maximum age of a copy that cannot be renewed.
const USABLE: Duration = Duration::from_secs(30);

/// Pause after a failed renewal, in which requests do not wait.
const PAUSE: Duration = Duration::from_secs(1);

/// Overlap of a renewal with the last one. A revocation has its id before it is written,
/// which may take as long as the writer has, the clocks of writers differ, and the read is
/// eventually consistent.
const OVERLAP: Duration = Duration::from_secs(30);

/// Outage: revocations cannot be read, and the copy is too old.
#[derive(Debug)]
pub struct Outage {
    /// Beginning: tokens that were issued before may have been revoked since.
    pub began: Timestamp,
    /// Cause.
    pub failure: Failure,
}

/// A warm function's copies.
#[derive(Debug, Clone)]
pub struct Revocations {
    /// Revocations of earlier releases, which have no shards.
    former: Partition,
    shards: [Partition; REVOCATION_SHARDS as usize],
}

/// A partition, and a warm function's copy of it.
#[derive(Debug, Clone)]
struct Partition {
    table: Table,
    clock: Clock,
    shard: Option<u8>,
    copy: Arc<Mutex<Copy>>,
}

#[derive(Debug, Default)]
struct Copy {
    read_at: Option<Timestamp>,
    /// Time of the first of the successive failed renewals, and of the last attempt.
    failing: Option<(Timestamp, Timestamp)>,
    sessions: HashSet<SessionId>,
    users: HashMap<UserId, Vec<(u32, Option<SessionId>)>>,
    /// Content of the two fields above, in the order of expiry.
    known: HashMap<RevocationId, Revoked>,
}

impl Revocations {
    /// Empty copies.
    pub fn new(table: &Table, clock: &Clock) -> Self {
        let partition = |shard: Option<u8>| Partition {
            table: table.clone(),
            clock: clock.clone(),
            shard,
            copy: Arc::default(),
        };
        let mut shards = 0..REVOCATION_SHARDS;
        Self { former: partition(None), shards: std::array::from_fn(|_| partition(shards.next())) }
    }

    /// Renews all copies that are old.
    pub async fn renew_all(&self) -> Result<(), Outage> {
        let all = self.shards.iter().chain([&self.former]).map(Partition::renew);
        worst(join_all(all).await)
    }

    /// Renews the copies of an account's revocations if they are old. Simultaneous calls
    /// wait for the same reads.
    pub async fn renew(&self, owner: UserId) -> Result<(), Outage> {
        let renewed = join(self.former.renew(), self.shard(owner).renew()).await;
        worst([renewed.0, renewed.1])
    }

    /// Returns true if the copy has a revocation of the token with these claims.
    pub async fn covers(&self, claims: &AccessClaims) -> bool {
        self.former.covers(claims).await || self.shard(claims.sub).covers(claims).await
    }

    /// Adds a revocation of this instance to its own copy, where it is effective
    /// immediately.
    pub async fn note(&self, revocation: Revocation) {
        let partition = revocation.shard.and_then(|shard| self.shards.get(usize::from(shard)));
        partition.unwrap_or(&self.former).note(revocation).await;
    }

    fn shard(&self, owner: UserId) -> &Partition {
        // In range: the shard is a remainder of their number.
        &self.shards[usize::from(shard(owner))]
    }
}

/// The outage that began last: later revocations are unknown.
fn worst(renewed: impl IntoIterator<Item = Result<(), Outage>>) -> Result<(), Outage> {
    let outages = renewed.into_iter().filter_map(Result::err);
    outages.max_by_key(|outage| outage.began).map_or(Ok(()), Err)
}

impl Partition {
    /// Renews the copy if it is old. Simultaneous calls wait for the same read.
    async fn renew(&self) -> Result<(), Outage> {
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
        let first = key(self.shard, RevocationId::earliest(since));
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

    async fn covers(&self, claims: &AccessClaims) -> bool {
        self.copy.lock().await.covers(claims)
    }

    async fn note(&self, revocation: Revocation) {
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
