//! Failed attempts at a login: the first few are free, then one must wait, twice as
//! long after each failure.
//!
//! An attempt is counted as a failure before the password is verified, in one
//! conditional write, and is taken back when the password was right. Attempts that are
//! sent at once are therefore limited like those that come one after the other.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Limits, Wait};
use crate::{
    Failure, Refused, UnlessRefused as _,
    clock::Timestamp,
    table::{
        ConditionFailed, Expression, Update,
        item::Entity,
        schema::{self, Key},
    },
};

crate::operations! {
    /// Counts an attempt, or refuses it.
    COUNT_ATTEMPT = "identity.limits.count_attempt": 1 round trip, 0.0 read, 1.0 write;
    /// Takes an attempt back that was no failure.
    TAKE_BACK_ATTEMPT = "identity.limits.take_back_attempt": 1 round trip, 0.0 read, 1.0 write;
}

/// Failures are forgotten when this time has passed without another.
const MEMORY: Duration = Duration::from_mins(30);

/// Wait at the limit; it doubles with each failure more.
const FIRST_DELAY: Duration = Duration::from_secs(30);

const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// Doublings after which the delay is the longest.
const DOUBLINGS: u32 = 5;

/// Conditional writes of one attempt. The second is for an item whose failures are
/// forgotten, the third for one that another attempt has begun meanwhile.
const TRIES: u32 = 3;

/// Failures of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::identity) struct Failures {
    /// Their number, and that of attempts that are being verified.
    count: u32,
    /// Time of the last attempt, epoch milliseconds.
    last: i64,
    /// Time of the attempt before it; 0: none.
    #[serde(default)]
    before: i64,
}

impl Entity for Failures {
    const TYPE: &'static str = "login_failures";

    /// Only ever changed in place.
    fn key(&self) -> Key {
        schema::limit("")
    }
}

/// An attempt that counts as a failure until it is taken back.
#[derive(Debug)]
#[must_use = "a right password must be taken back"]
pub struct CountedAttempt {
    key: String,
    at: Timestamp,
}

/// Wait after `over` failures beyond the limit.
fn delay(over: u32) -> Duration {
    FIRST_DELAY.saturating_mul(1 << over.min(DOUBLINGS)).min(LONGEST_DELAY)
}

impl Failures {
    fn wait(&self, limit: u32, now: Timestamp) -> Option<Wait> {
        let over = self.count.checked_sub(limit)?;
        let passed = now.since(Timestamp::from_millis(self.last));
        let retry_after = delay(over).checked_sub(passed).filter(|left| !left.is_zero())?;
        Some(Wait { limit, retry_after })
    }

    fn are_forgotten(&self, now: Timestamp) -> bool {
        now.since(Timestamp::from_millis(self.last)) >= MEMORY
    }
}

/// Holds where [`Failures::wait`] gives none and the failures are not forgotten.
fn allowed(limit: u32, now: Timestamp) -> Expression {
    let levels: String = (0..=DOUBLINGS)
        .map(|over| {
            let comparison = if over == DOUBLINGS { ">=" } else { "=" };
            format!(" OR (#count {comparison} :count{over} AND #last <= :until{over})")
        })
        .collect();
    let text = format!(
        "attribute_not_exists(#count) OR #count = :zero OR (#last > :forgotten AND (#count < :count0{levels}))"
    );
    let expression =
        Expression::new(text).number(":zero", 0).number(":forgotten", now.before(MEMORY).millis());
    (0..=DOUBLINGS).fold(expression, |expression, over| {
        expression
            .number(&format!(":count{over}"), limit.saturating_add(over))
            .number(&format!(":until{over}"), now.before(delay(over)).millis())
    })
}

impl Limits {
    /// Counts an attempt at the login that `key` names as a failure. Refused, and not
    /// counted, where there were `limit` failures and the wait is not over.
    pub async fn count_attempt(
        &self,
        key: String,
        limit: u32,
        now: Timestamp,
    ) -> Result<CountedAttempt, Refused<Wait>> {
        let operation = self.table.operation(&COUNT_ATTEMPT);
        let again = "#count = if_not_exists(#count, :zero) + :one, #before = if_not_exists(#last, :zero), \
                     #last = :now, #expires_at = :end";
        let first = "#count = :one, #before = :zero, #last = :now, #expires_at = :end";
        let set = |text: &str| {
            Expression::new(text)
                .number(":one", 1)
                .number(":zero", 0)
                .number(":now", now.millis())
                .number(":end", (now + MEMORY).seconds())
        };
        let mut update = Update::set(set(again)).when(allowed(limit, now));
        for _ in 0..TRIES {
            let found = match operation.update::<Failures>(schema::limit(&key), update).await {
                Ok(_) => return Ok(CountedAttempt { key, at: now }),
                Err(Refused::By(ConditionFailed(found))) => found.map(|found| found.entity),
                Err(Refused::Failed(failure)) => return Err(failure.into()),
            };
            update = match found {
                Some(found) if found.are_forgotten(now) => {
                    let same = Expression::new("#last = :seen").number(":seen", found.last);
                    Update::set(set(first)).when(same)
                }
                Some(found) => match found.wait(limit, now) {
                    Some(wait) => return Err(Refused::By(wait)),
                    None => Update::set(set(again)).when(allowed(limit, now)),
                },
                None => Update::set(set(again)).when(allowed(limit, now)),
            };
        }
        Err(Refused::By(Wait { limit, retry_after: FIRST_DELAY }))
    }

    /// Takes an attempt back whose password was right.
    pub async fn take_back(&self, attempt: &CountedAttempt) -> Result<(), Failure> {
        let operation = self.table.operation(&TAKE_BACK_ATTEMPT);
        let counted = || Expression::new("#count >= :one").number(":one", 1);
        // The wait is counted from the last failure.
        let latest = counted().and(" AND #last = :at").number(":at", attempt.at.millis());
        let updates = [
            Update::set(Expression::new("#count = #count - :one, #last = #before")).when(latest),
            Update::set(Expression::new("#count = #count - :one")).when(counted()),
        ];
        for update in updates {
            let updated = operation.update::<Failures>(schema::limit(&attempt.key), update).await;
            if updated.unless_refused()?.is_some() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u32 = 10;

    #[test]
    fn the_delay_begins_at_the_limit_and_doubles_up_to_a_quarter_of_an_hour() {
        let delays: Vec<u64> = (0..7).map(|over| delay(over).as_secs()).collect();
        assert_eq!(delays, [30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(delay(u32::MAX), LONGEST_DELAY);
    }

    #[test]
    fn one_waits_out_the_delay_and_no_longer() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let failures = |count| Failures { count, last: now.millis(), before: 0 };
        let wait = |count, now| failures(count).wait(LIMIT, now).map(|wait| wait.retry_after.as_secs());
        assert_eq!((wait(9, now), wait(10, now), wait(11, now)), (None, Some(30), Some(60)));
        assert_eq!(wait(11, now + Duration::from_mins(1)), None);
    }
}
