//! Limits on attempts, the same for all instances: the counts are in the table. If the
//! table cannot be read, nothing is let through.
//!
//! An unknown address is counted like a known one: the key is an HMAC of the request's
//! value.

mod failures;

use std::{collections::BTreeMap, net::IpAddr, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::AddressKey;
use crate::{
    Failure, Refused, UnlessRefused as _,
    bus::DomainEvent,
    clock::Timestamp,
    http::{
        Limited, Problem,
        problem::{Named, Refusal},
    },
    table::{
        ConditionFailed, Expression, Table, Transaction, Update,
        item::{Entity, Reader},
        schema::{self, Key},
        units::Operation,
    },
};

pub use failures::CountedAttempt;

crate::operations! {
    /// Counts something that may be done so often in a time, or refuses it.
    TAKE = "identity.limits.take": 1 round trip, 0.0 read, 1.0 write;
    /// Takes back what was counted.
    GIVE_BACK = "identity.limits.give_back": 1 round trip, 0.0 read, 1.0 write;
}

/// So many in a time, whenever that begins: the moments of the last ones are
/// kept (`t1` is the newest), and one more moves them on in one write.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Number of attempts.
    pub count: u32,
    /// Window of time.
    pub window: Duration,
}

/// Limit in an hour: the table keeps the moment of each attempt.
#[derive(Debug, Clone, Copy)]
pub struct PerHour(pub u32);

impl FromStr for PerHour {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(count @ 1..=MAX_TIMES) => Ok(Self(count)),
            _ => Err("is no number from 1 to 50"),
        }
    }
}

impl PerHour {
    /// `factor` times as many, as far as the table keeps moments.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        Self(self.0.saturating_mul(factor).min(MAX_TIMES))
    }
}

/// Callers whose network counts against the limits of a network or a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkLimits {
    /// All callers.
    Everywhere,
    /// All callers but those on this machine: its developer.
    NotLoopback,
}

impl FromStr for NetworkLimits {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "everywhere" => Ok(Self::Everywhere),
            "not-loopback" => Ok(Self::NotLoopback),
            _ => Err("is none of everywhere, not-loopback"),
        }
    }
}

impl NetworkLimits {
    /// True if a caller's network counts.
    #[must_use]
    pub fn count(self, address: Option<IpAddr>) -> bool {
        self == Self::Everywhere || !address.is_some_and(|address| address.is_loopback())
    }
}

/// Limit of the emails that callers of one site request, to any addresses and for any
/// purpose.
const MAILS_OF_A_SITE: Limit = Limit { count: 50, window: Duration::from_hours(1) };

/// Maximum number of times that an item keeps.
const MAX_TIMES: u32 = 50;

impl Limit {
    /// The update that counts an attempt, on the condition that the limit allows it.
    fn count_at(self, now: Timestamp) -> Update {
        let oldest = format!("#t{}", self.count);
        let shifted =
            (2..=self.count).map(|place| format!(", #t{place} = if_not_exists(#t{}, :never)", place - 1));
        let set = Expression::new(format!("#t1 = :now, #expires_at = :end{}", shifted.collect::<String>()))
            .number(":now", now.millis())
            .number(":end", (now + self.window).seconds());
        let set = if self.count > 1 { set.number(":never", 0) } else { set };
        let condition = Expression::new(format!("attribute_not_exists({oldest}) OR {oldest} <= :cutoff"))
            .number(":cutoff", now.before(self.window).millis());
        Update::set(set).when(condition)
    }
}

impl From<PerHour> for Limit {
    fn from(PerHour(count): PerHour) -> Self {
        Self { count, window: Duration::from_hours(1) }
    }
}

/// Refusal with the time to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Attempts that the limit allows.
    pub limit: u32,
    /// Time until the next attempt.
    pub retry_after: Duration,
}

impl Refusal for Wait {
    const NAMED: Named = Limited::NAMED;

    fn explain(self, problem: Problem) -> Problem {
        let seconds = u64::try_from(self.retry_after.as_millis().div_ceil(1_000).max(1)).unwrap_or(u64::MAX);
        Limited { retry_after_seconds: seconds, limit: self.limit, remaining: 0, reset_seconds: seconds }
            .explain(problem)
    }
}

/// Times of the last attempts.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct AttemptTimes {
    /// `t1`, `t2` and so on in epoch milliseconds, beside the item's own.
    #[serde(flatten)]
    attributes: BTreeMap<String, serde_json::Value>,
}

pub(super) const MOMENTS: Reader = Reader::of::<AttemptTimes>();
pub(super) const ATTEMPTS: &[Operation] = failures::OPERATIONS;
pub(super) const FAILURES: Reader = Reader::of::<failures::Failures>();

impl Entity for AttemptTimes {
    const TYPE: &'static str = "limit";

    /// Only ever changed in place.
    fn key(&self) -> Key {
        schema::limit("")
    }
}

/// The counts in the table.
#[derive(Debug, Clone)]
pub struct Limits {
    table: Table,
}

impl Limits {
    /// The counts in `table`.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Counts one of what `key` names, and commits `events` with it; refuses it
    /// where there were too many. The work is the same either way.
    pub async fn take(
        &self,
        key: &str,
        limit: Limit,
        now: Timestamp,
        events: Vec<DomainEvent>,
    ) -> Result<(), Refused<Wait>> {
        let update = limit.count_at(now).announce(events);
        match self.table.operation(&TAKE).update::<AttemptTimes>(schema::limit(key), update).await {
            Ok(_) => Ok(()),
            Err(Refused::By(ConditionFailed(found))) => {
                let oldest = found
                    .and_then(|found| found.entity.attributes.get(&format!("t{}", limit.count))?.as_i64());
                let passed = now.since(Timestamp::from_millis(oldest.unwrap_or_default()));
                let retry_after = limit.window.saturating_sub(passed);
                Err(Refused::By(Wait { limit: limit.count, retry_after }))
            }
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    }

    /// Counts an email that a caller at `address` requests, against the limit of the site.
    pub async fn take_mail_of_site(
        &self,
        key: &AddressKey,
        callers: NetworkLimits,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Refused<Wait>> {
        if !callers.count(address) {
            return Ok(());
        }
        self.take(&format!("mails.{}", key.site(address)), MAILS_OF_A_SITE, now, Vec::new()).await
    }

    /// Adds to a transaction a count of `key`, which fails with `refusal` beyond the limit.
    pub fn take_with<'t, E>(
        transaction: Transaction<'t, E>,
        key: &str,
        limit: Limit,
        now: Timestamp,
        refusal: E,
    ) -> Transaction<'t, E> {
        transaction.update::<AttemptTimes>(schema::limit(key), limit.count_at(now)).or(refusal)
    }

    /// Takes back what [`take`](Self::take) has counted last: it was none of what is
    /// limited.
    pub async fn give_back(&self, key: &str, limit: Limit) -> Result<(), Failure> {
        let shifted: Vec<String> = (1..=limit.count)
            .map(|place| match place {
                last if last == limit.count => format!("#t{last} = :never"),
                place => format!("#t{place} = if_not_exists(#t{}, :never)", place + 1),
            })
            .collect();
        let set = Expression::new(shifted.join(", ")).number(":never", 0);
        let update = Update::set(set).when(Expression::new("attribute_exists(#t1)"));
        let operation = self.table.operation(&GIVE_BACK);
        operation.update::<AttemptTimes>(schema::limit(key), update).await.unless_refused().map(drop)
    }
}
