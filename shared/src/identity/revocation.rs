//! What has been revoked before its access tokens end: one item a revocation, in
//! the order of time in one of four partitions, and the copy of it that each warm
//! function keeps.
//!
//! The account decides which partition: a token is verified by one of them, and
//! whoever fills it, by signing in and out without end, stops no account of the
//! others. One more is read that earlier releases have filled.
//!
//! A copy older than five seconds is renewed from where it was when a token of its
//! accounts comes, so a revocation reaches every function within that time for at most
//! five reads of half a unit in five seconds and instance. The read is eventually consistent: each looks ten seconds further back
//! than the last, which a replica's lag does not come near, and what must be sure
//! reads the session itself (`RecentCaller`).
//!
//! A copy that cannot be renewed is used for thirty seconds. Then tokens that were
//! issued before the outage are refused, since they may have been revoked in it.
//! Younger ones verify: their sign-in or refresh has just read the account. So a
//! partition that is throttled stops none of its accounts for longer than a refresh
//! takes.

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
    /// Reads what has been revoked since the last time.
    LIST_REVOCATIONS = "identity.list_revocations": 1 round trip, 0.5 read, 0.0 write;
}

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Revocation {
    /// Its id, which says when.
    pub id: RevocationId,
    /// Shard of the account; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<u8>,
    /// Of what.
    pub of: Revoked,
}

impl Revocation {
    /// Revokes something of an account.
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

/// A warm function's copies.
#[derive(Debug, Clone)]
pub struct Revocations {
    /// Of what earlier releases have written, which do not know of shards.
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
    /// When the renewals began to fail that have failed since, and when one was last
    /// tried.
    failing: Option<(Timestamp, Timestamp)>,
    sessions: HashSet<SessionId>,
    users: HashMap<UserId, Vec<(u32, Option<SessionId>)>>,
    /// All that is in the two above, by when it stops to matter.
    known: HashMap<RevocationId, Revoked>,
}

impl Revocations {
    /// Copies that have read nothing yet.
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

    /// Renews the copies that tell of an account if they are old; who comes meanwhile
    /// waits for the same reads.
    pub async fn renew(&self, owner: UserId) -> Result<(), Outage> {
        let renewed = join(self.former.renew(), self.shard(owner).renew()).await;
        worst([renewed.0, renewed.1])
    }

    /// Whether the token of these claims has been revoked, as far as is known.
    pub async fn covers(&self, claims: &AccessClaims) -> bool {
        self.former.covers(claims).await || self.shard(claims.sub).covers(claims).await
    }

    /// Takes note of what this instance has revoked itself of an account: here it counts
    /// at once.
    pub async fn note(&self, revocation: Revocation) {
        let partition = revocation.shard.and_then(|shard| self.shards.get(usize::from(shard)));
        partition.unwrap_or(&self.former).note(revocation).await;
    }

    fn shard(&self, owner: UserId) -> &Partition {
        // In range: the shard is a remainder of their number.
        &self.shards[usize::from(shard(owner))]
    }
}

/// The outage that began last: what was revoked since is not known.
fn worst(renewed: impl IntoIterator<Item = Result<(), Outage>>) -> Result<(), Outage> {
    let outages = renewed.into_iter().filter_map(Result::err);
    outages.max_by_key(|outage| outage.began).map_or(Ok(()), Err)
}

impl Partition {
    /// Renews the copy if it is old; who comes meanwhile waits for the same read.
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
