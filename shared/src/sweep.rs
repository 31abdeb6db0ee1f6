//! Scheduled work on everything that is due: each shard of a list by time, page by page.
//!
//! A sweep keeps no position: what a run misses, the next one finds. The work on an item
//! must judge it again, because lists lag and runs may overlap. Lists that a message begins
//! and that take more than one delivery are walks ([`crate::walk`]).

use futures::{StreamExt as _, stream};

use crate::{
    Failure,
    clock::{Clock, Timestamp},
    walk::Page,
};

/// Number of items in a read.
pub const PAGE: usize = 100;

/// Number of items in work at the same time.
const CONCURRENCY: usize = 8;

/// Runs `each` with every item of a list in `shards` shards. `list` gets a shard, the time
/// until which items are due, and the position of the last item. An item that fails does not
/// stop the others: the first failure is reported after all have been tried.
pub async fn sweep<T, C, L, E>(
    clock: &Clock,
    shards: u8,
    list: impl Fn(u8, Timestamp, Option<C>) -> L,
    each: impl Fn(T) -> E,
) -> Result<(), Failure>
where
    L: Future<Output = Result<Page<T, C>, Failure>>,
    E: Future<Output = Result<(), Failure>>,
{
    let mut done = Ok(());
    for shard in 0..shards {
        let now = clock.now();
        done = done.and(pages(|after| list(shard, now, after), &each).await);
    }
    done
}

async fn pages<T, C, L, E>(list: impl Fn(Option<C>) -> L, each: impl Fn(T) -> E) -> Result<(), Failure>
where
    L: Future<Output = Result<Page<T, C>, Failure>>,
    E: Future<Output = Result<(), Failure>>,
{
    let (mut after, mut done) = (None, Ok(()));
    loop {
        let Page { items, next } = list(after).await?;
        let tried = stream::iter(items).map(&each).buffer_unordered(CONCURRENCY);
        let tried: Vec<Result<(), Failure>> = tried.collect().await;
        done = done.and(tried.into_iter().collect());
        if next.is_none() {
            return done;
        }
        after = next;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Sweeps two shards of 250 numbers each. Those in `broken` fail; returns the others.
    async fn swept(broken: &[usize]) -> (Result<(), Failure>, Vec<usize>) {
        let clock = Clock::from_fn(|| Timestamp::from_millis(0));
        let done = RefCell::new(Vec::new());
        let list = async |shard: u8, _, after: Option<usize>| {
            let first = usize::from(shard) * 1000;
            let from = after.map_or(first, |last| last + 1);
            Ok(Page::of((from..first + 250).take(PAGE).collect(), PAGE, |number| *number))
        };
        let each = async |number: usize| {
            if broken.contains(&number) {
                return Err(Failure::internal("broken"));
            }
            done.borrow_mut().push(number);
            Ok(())
        };
        let result = sweep(&clock, 2, list, each).await;
        let mut done = done.into_inner();
        done.sort_unstable();
        (result, done)
    }

    #[tokio::test]
    async fn each_item_of_every_shard_and_page_is_tried() {
        let (result, done) = swept(&[]).await;
        result.expect("no failure");
        let all: Vec<usize> = (0..250).chain(1000..1250).collect();
        assert_eq!(done, all);
    }

    #[tokio::test]
    async fn an_item_that_fails_does_not_stop_the_others() {
        let (result, done) = swept(&[7, 1000]).await;
        result.expect_err("the first failure");
        assert_eq!(done.len(), 498);
    }
}
