//! How often something may be tried, the same for all instances: the counts are
//! in the table. Where it cannot be asked, nothing is let through.
//!
//! An unknown address is counted like a known one: what is counted is an HMAC of
//! what was sent.

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    Failure, Refused, UnlessRefused as _,
    bus::DomainEvent,
    clock::Timestamp,
    http::{
        Limited, Problem,
        problem::{Named, Refusal},
    },
    table::{
        ConditionFailed, Expression, Table, Update,
        item::{Entity, Reader},
        schema::{self, Key},
    },
};

crate::operations! {
    /// Counts something that may be done so often in a time, or refuses it.
    TAKE = "identity.limits.take": 1 round trip, 0.0 read, 1.0 write;
    /// Reads how often a login has failed.
    GET_FAILURES = "identity.limits.get_failures": 1 round trip, 1.0 read, 0.0 write;
    /// Counts a failed login.
    COUNT_FAILURE = "identity.limits.count_failure": 1 round trip, 0.0 read, 1.0 write;
}

/// So many in a time, whenever that begins: the moments of the last ones are
/// kept (`t1` is the newest), and one more moves them on in one write.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// How many.
    pub count: u32,
    /// In which time.
    pub window: Duration,
}

/// How often something may be done in an hour: the table keeps a moment of each.
#[derive(Debug, Clone, Copy)]
pub struct PerHour(pub u32);

impl FromStr for PerHour {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(count @ 1..=MOST_MOMENTS) => Ok(Self(count)),
            _ => Err("is no number from 1 to 50"),
        }
    }
}

impl PerHour {
    /// `factor` times as many, as far as the table keeps moments.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        Self(self.0.saturating_mul(factor).min(MOST_MOMENTS))
    }
}

/// Moments that an item keeps.
const MOST_MOMENTS: u32 = 50;

impl From<PerHour> for Limit {
    fn from(PerHour(count): PerHour) -> Self {
        Self { count, window: Duration::from_hours(1) }
    }
}

/// What a caller is told who must wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How many are allowed.
    pub limit: u32,
    /// When the next one is.
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

/// When something was done, the last times.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Moments {
    /// `t1`, `t2` and so on in epoch milliseconds, beside the item's own.
    #[serde(flatten)]
    attributes: BTreeMap<String, serde_json::Value>,
}

pub(super) const MOMENTS: Reader = Reader::of::<Moments>();
pub(super) const FAILURES: Reader = Reader::of::<Failures>();

impl Entity for Moments {
    const TYPE: &'static str = "limit";

    /// Only ever changed in place.
    fn key(&self) -> Key {
        schema::limit("")
    }
}

/// How often a login has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// How often.
    count: u32,
    /// Since when, epoch milliseconds.
    since: i64,
    /// When last, epoch milliseconds.
    last: i64,
}

impl Entity for Failures {
    const TYPE: &'static str = "login_failures";

    /// Only ever changed in place.
    fn key(&self) -> Key {
        schema::limit("")
    }
}

/// In which time failed logins are counted, and the longest that one must wait.
const FAILURE_WINDOW: Duration = Duration::from_mins(15);

/// What one must wait at the limit; it doubles with each failure more.
const FIRST_DELAY: Duration = Duration::from_secs(30);

impl Failures {
    /// How long one must wait since the last failure.
    fn delay(&self, limit: u32) -> Duration {
        match self.count.checked_sub(limit) {
            None => Duration::ZERO,
            Some(over) => FIRST_DELAY.saturating_mul(1 << over.min(10)).min(FAILURE_WINDOW),
        }
    }

    /// Whether they count no more.
    fn are_over(&self, limit: u32, now: Timestamp) -> bool {
        let delay = self.delay(limit);
        let since = if delay.is_zero() { self.since } else { self.last };
        now.since(Timestamp::from_millis(since)) >= FAILURE_WINDOW + delay
    }

    /// What a login must wait.
    pub fn wait(&self, limit: u32, now: Timestamp) -> Option<Wait> {
        let passed = now.since(Timestamp::from_millis(self.last));
        let retry_after = self.delay(limit).checked_sub(passed).filter(|left| !left.is_zero())?;
        Some(Wait { limit, retry_after })
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
        let oldest = format!("#t{}", limit.count);
        let shifted =
            (2..=limit.count).map(|place| format!(", #t{place} = if_not_exists(#t{}, :never)", place - 1));
        let set = Expression::new(format!("#t1 = :now, #expires_at = :end{}", shifted.collect::<String>()))
            .number(":now", now.millis())
            .number(":end", (now + limit.window).seconds());
        let set = if limit.count > 1 { set.number(":never", 0) } else { set };
        let condition = Expression::new(format!("attribute_not_exists({oldest}) OR {oldest} <= :cutoff"))
            .number(":cutoff", now.before(limit.window).millis());
        let update = Update::set(set).when(condition).announce(events);
        match self.table.operation(&TAKE).update::<Moments>(schema::limit(key), update).await {
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

    /// How often the login that `key` names has failed.
    pub async fn failures(&self, key: &str) -> Result<Option<Failures>, Failure> {
        let stored = self.table.operation(&GET_FAILURES).get(schema::limit(key)).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Counts a failed login, given what was read before. Of those that fail at
    /// once each is counted.
    pub async fn count_failure(
        &self,
        key: &str,
        limit: u32,
        before: Option<Failures>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let end = now + FAILURE_WINDOW + FAILURE_WINDOW;
        let operation = self.table.operation(&COUNT_FAILURE);
        if let Some(over) = before.filter(|before| before.are_over(limit, now)) {
            let set = Expression::new("#count = :one, #since = :now, #last = :now, #expires_at = :end")
                .number(":one", 1)
                .number(":now", now.millis())
                .number(":end", end.seconds());
            let unchanged = Expression::new("#since = :seen").number(":seen", over.since);
            let update = Update::set(set).when(unchanged);
            // Refused where another failure has begun the new count meanwhile.
            if operation.update::<Failures>(schema::limit(key), update).await.unless_refused()?.is_some() {
                return Ok(());
            }
        }
        let set = "#count = if_not_exists(#count, :zero) + :one, #since = if_not_exists(#since, :now), \
                   #last = :now, #expires_at = :end";
        let set = Expression::new(set)
            .number(":one", 1)
            .number(":zero", 0)
            .number(":now", now.millis())
            .number(":end", end.seconds());
        match operation.update::<Failures>(schema::limit(key), Update::set(set)).await {
            Ok(_) => Ok(()),
            Err(Refused::By(ConditionFailed(_))) => Err(Failure::internal("no condition was made")),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u32 = 10;

    fn failures(count: u32) -> (Failures, Timestamp) {
        let now = Timestamp::from_millis(1_700_000_000_000);
        (Failures { count, since: now.millis(), last: now.millis() }, now)
    }

    #[test]
    fn the_delay_begins_at_the_limit_and_grows_to_the_window() {
        let delays: Vec<u64> = (9..16).map(|count| failures(count).0.delay(LIMIT).as_secs()).collect();
        assert_eq!(delays, [0, 30, 60, 120, 240, 480, 900]);
        assert_eq!(failures(u32::MAX).0.delay(LIMIT), FAILURE_WINDOW);
    }

    #[test]
    fn one_waits_out_the_delay_and_no_longer() {
        let (failures, now) = failures(11);
        assert_eq!(failures.wait(LIMIT, now).map(|wait| wait.retry_after.as_secs()), Some(60));
        assert!(failures.wait(LIMIT, now + Duration::from_mins(1)).is_none());
    }

    #[test]
    fn failures_are_forgotten_after_the_window_and_the_delay() {
        let (few, now) = failures(9);
        assert!(!few.are_over(LIMIT, now + Duration::from_secs(899)));
        assert!(few.are_over(LIMIT, now + FAILURE_WINDOW));
        let (many, now) = failures(10);
        assert!(!many.are_over(LIMIT, now + FAILURE_WINDOW));
        assert!(many.are_over(LIMIT, now + FAILURE_WINDOW + FIRST_DELAY));
    }
}
