//! Backfill: every item of the table by the jobs, page by page, in steps of about two
//! seconds. What a step has not recorded, the next one repeats: a rewritten item is left
//! alone.

use std::time::Duration;

use futures::future::try_join_all;
use shared::{
    Failure,
    table::item::{Attributes, key_attributes},
};
use tokio::time::Instant;

use super::{
    SchemaError,
    failed::{Failed, REPORTED},
    jobs,
    progress::{Progress, SegmentProgress},
    report::Step,
    rewriting::{Written, next},
    scan::{Scan, key_of},
};

/// Time of a step, after which it begins no page.
const STEP: Duration = Duration::from_secs(2);

/// Time after which the lease is renewed.
const RENEWAL: Duration = Duration::from_secs(10);

/// Attempts at an item that others keep writing.
const ATTEMPTS: usize = 10;

/// Rewrites items for a while.
pub(super) async fn step(scan: &Scan, progress: &Progress, holder: &str) -> Result<Step, SchemaError> {
    progress.hold(holder).await?;
    let began = Instant::now();
    let segments = progress.segments().await?;
    let unfinished = segments.into_iter().filter(|segment| !segment.is_done);
    let runs = unfinished.map(|segment| run(scan, progress, holder, began, segment));
    let steps = try_join_all(runs).await?;
    let mut step = steps.into_iter().fold(Step { is_done: true, ..Step::default() }, Step::and);
    if step.is_done {
        progress.finish(holder).await?;
    }
    step.failures.truncate(REPORTED);
    Ok(step)
}

/// Rewrites the items of a segment.
async fn run(
    scan: &Scan,
    progress: &Progress,
    holder: &str,
    began: Instant,
    mut segment: SegmentProgress,
) -> Result<Step, SchemaError> {
    let mut step = Step::default();
    let mut renewed = began;
    while began.elapsed() < STEP && !segment.is_done {
        let Some(page) = available(scan.page(segment.segment, segment.after()).await)? else {
            return Ok(Step { throttled: true, ..step });
        };
        step.units += page.units;
        for item in page.items {
            if renewed.elapsed() > RENEWAL {
                progress.hold(holder).await?;
                renewed = Instant::now();
            }
            step.scanned += 1;
            if available(rewrite(scan, item, &mut step).await)?.is_none() {
                return Ok(Step { throttled: true, ..step });
            }
        }
        segment = segment.at(page.next);
        progress.save(&segment).await?;
    }
    Ok(Step { is_done: segment.is_done, ..step })
}

/// The result of a call; none if the table has no capacity or does not answer.
fn available<T>(result: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match result {
        Ok(done) => Ok(Some(done)),
        Err(Failure::Unavailable(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Rewrites an item until no job changes it.
async fn rewrite(scan: &Scan, mut item: Attributes, step: &mut Step) -> Result<(), Failure> {
    let mut attempts = 0;
    loop {
        let (job, rewrite) = match next(jobs(), &item) {
            Ok(None) => return Ok(()),
            Ok(Some(next)) => next,
            Err((job, failure)) => {
                step.failures.push(Failed::of(&item, job, failure));
                return Ok(());
            }
        };
        let after = rewrite.item.clone();
        let skipped = match scan.write(&item, rewrite).await {
            Ok(Written::Done(units)) => {
                step.rewritten += 1;
                step.units += units;
                scan.pace.spend(units).await;
                item = after;
                continue;
            }
            Ok(Written::Outdated) if attempts < ATTEMPTS => {
                attempts += 1;
                let Some(now) = scan.get(&item).await? else { return Ok(()) };
                item = now;
                continue;
            }
            Ok(Written::Outdated) => Failed::of(&item, job.name, "others keep writing it"),
            Ok(Written::Present(reason)) => Failed::of(&item, job.name, reason),
            Err(failure @ Failure::Unavailable(_)) => return Err(failure),
            Err(failure) => Failed::of(&item, job.name, failure),
        };
        step.failures.push(skipped);
        return Ok(());
    }
}

impl Scan {
    /// An item as it is now.
    async fn get(&self, item: &Attributes) -> Result<Option<Attributes>, Failure> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        Ok(get.set_key(key_of(item).map(key_attributes)).send().await?.item)
    }
}
