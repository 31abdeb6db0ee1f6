//! Removal of entries that a snapshot includes: what the state no longer shows leaves the
//! log too.

use std::{ops::RangeInclusive, time::Duration};

use futures::{TryStreamExt as _, stream};

use super::{Entry, Keeper, State};
use crate::{
    Failure,
    table::{
        Query,
        item::{Entity as _, Stored},
        units::Operation,
    },
};

/// Age of a snapshot whose entries may go. A writer that has read the log before they went
/// has ended by then: it can no longer take a number that has become free.
const SETTLED: Duration = Duration::from_hours(1);

/// Number of entries in a read.
const PAGE: usize = 100;

/// Number of entries removed at the same time.
const CONCURRENCY: usize = 8;

impl<S: State> Keeper<S> {
    /// Removes the entries before the latest snapshot if that is an hour old, and writes a
    /// new one if it is older than `age` and lacks entries. An entry that no snapshot
    /// needs thus stays for `age` and the time between two calls, and an hour.
    ///
    /// The snapshot's last entry stays: an instance that lacks it and those before it sees
    /// the gap.
    pub async fn tidy(&self, age: Duration, remove: &'static Operation) -> Result<(), Failure> {
        let now = self.context.clock.now();
        let head = self.head().await?.map(|stored| stored.entity);
        // Those of earlier releases have no time.
        let is_older = |than: Duration| {
            let written_at = head.as_ref().and_then(|head| head.written_at);
            written_at.is_none_or(|written_at| now.since(written_at) >= than)
        };
        let number = head.as_ref().map_or(0, |head| head.number);
        if is_older(SETTLED) {
            self.trim(number, remove).await?;
        }
        if is_older(age) && !self.read_page(number + 1..=number + 1, 1).await?.is_empty() {
            self.save_when_due(1).await?;
        }
        Ok(())
    }

    /// Removes the entries before `number`.
    async fn trim(&self, number: u64, remove: &'static Operation) -> Result<(), Failure> {
        let Some(last) = number.checked_sub(1) else { return Ok(()) };
        loop {
            let covered = self.read_page(0..=last, PAGE).await?;
            if covered.is_empty() {
                return Ok(());
            }
            stream::iter(covered.into_iter().map(Ok))
                .try_for_each_concurrent(CONCURRENCY, async |entry| {
                    self.table.operation(remove).remove(entry.key()).await
                })
                .await?;
        }
    }

    /// Up to `limit` entries with numbers in a range.
    async fn read_page(&self, numbers: RangeInclusive<u64>, limit: usize) -> Result<Vec<Entry<S>>, Failure> {
        let [first, last] = [*numbers.start(), *numbers.end()].map(S::LAYOUT.entry.1);
        let query = Query::table(first.clone()).from(first.sk).to(last.sk).limit(limit);
        let entries: Vec<Stored<Entry<S>>> = self.table.operation(S::LAYOUT.follow).list(query).await?;
        Ok(entries.into_iter().map(|stored| stored.entity).collect())
    }
}
