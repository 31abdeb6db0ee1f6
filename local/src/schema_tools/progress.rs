//! Progress of a backfill in each segment, and the lease by which one run at a time
//! rewrites items. Both are items of the table, so that the next run continues.

use std::time::Duration;

use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use shared::{
    Context, Failure, Refused, UnlessRefused as _,
    clock::Timestamp,
    table::{
        Condition, ConditionFailed, Expression, Table,
        item::{Entity, Reader, Stored},
        schema::{self, Key},
    },
};

use super::{SchemaError, jobs, scan::SEGMENTS};

shared::operations! {
    /// Takes or renews the lease.
    PUT_LEASE = "local.schema.put_lease": 1 round trip, 0.0 read, 1.0 write;
    /// Reads the lease.
    GET_LEASE = "local.schema.get_lease": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the progress in a segment.
    GET_PROGRESS = "local.schema.get_progress": 1 round trip, 1.0 read, 0.0 write;
    /// Records the progress in a segment.
    PUT_PROGRESS = "local.schema.put_progress": 1 round trip, 0.0 read, 1.0 write;
    /// Removes the lease or the progress in a segment.
    REMOVE = "local.schema.remove": 1 round trip, 0.0 read, 1.0 write;
}

/// Entities of the schema tools.
pub const ENTITIES: &[Reader] = &[Reader::of::<Lease>(), Reader::of::<SegmentProgress>()];

/// Validity of a lease: longer than the longest pause between two renewals.
const LEASE: Duration = Duration::from_mins(1);

/// Permission to rewrite items.
#[derive(Debug, Serialize, Deserialize)]
struct Lease {
    /// Random name of the run.
    holder: String,
    /// Time until which no other run begins.
    until: Timestamp,
}

impl Entity for Lease {
    const TYPE: &'static str = "backfill_lease";

    fn key(&self) -> Key {
        schema::backfill_lease()
    }
}

/// Progress in a segment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SegmentProgress {
    pub(super) segment: u32,
    /// Names of the jobs: with other jobs, the segment begins again.
    jobs: Vec<String>,
    /// Key of the last item.
    after: Option<(String, String)>,
    /// True at the end of the segment.
    pub(super) is_done: bool,
}

impl SegmentProgress {
    fn begin(segment: u32) -> Self {
        let jobs = jobs().map(|job| job.name.to_owned()).collect();
        Self { segment, jobs, after: None, is_done: false }
    }

    /// Position to continue from.
    pub(super) fn after(&self) -> Option<Key> {
        self.after.clone().map(|(pk, sk)| Key { pk, sk })
    }

    /// The progress with a further page.
    pub(super) fn at(self, next: Option<Key>) -> Self {
        Self { is_done: next.is_none(), after: next.map(|key| (key.pk, key.sk)), ..self }
    }
}

impl Entity for SegmentProgress {
    const TYPE: &'static str = "backfill_progress";

    fn key(&self) -> Key {
        schema::backfill_progress(self.segment)
    }
}

/// The stored progress of the table.
pub(super) struct Progress {
    table: Table,
    context: Context,
}

impl Progress {
    pub(super) fn new(table: Table, context: Context) -> Self {
        Self { table, context }
    }

    /// Takes or renews the lease of a run.
    pub(super) async fn hold(&self, holder: &str) -> Result<(), SchemaError> {
        let now = self.context.clock.now();
        let lease = Lease { holder: holder.to_owned(), until: now + LEASE };
        let free = Expression::new("attribute_not_exists(#pk) OR #holder = :holder OR #until < :now")
            .text(":holder", holder)
            .text(":now", now);
        let access = self.table.operation(&PUT_LEASE);
        match access.put(&lease, Condition::When(free), Vec::new()).await {
            Ok(()) => Ok(()),
            Err(Refused::By(ConditionFailed(_))) => Err(SchemaError::Busy),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    }

    /// Ends the lease of a run, if it has it.
    pub(super) async fn release(&self, holder: &str) -> Result<(), Failure> {
        let own = Expression::new("#holder = :holder").text(":holder", holder);
        let removal = self.table.operation(&REMOVE).transaction::<()>();
        let removal = removal.remove(schema::backfill_lease(), Condition::When(own)).or(());
        removal.commit().await.unless_refused().map(drop)
    }

    /// Progress in every segment; from the beginning for segments without one.
    pub(super) async fn segments(&self) -> Result<Vec<SegmentProgress>, Failure> {
        try_join_all((0..SEGMENTS).map(|segment| async move {
            let begin = SegmentProgress::begin(segment);
            let stored: Option<Stored<SegmentProgress>> =
                self.table.operation(&GET_PROGRESS).get(begin.key()).await?;
            let stored = stored.map(|stored| stored.entity).filter(|stored| stored.jobs == begin.jobs);
            Ok(stored.unwrap_or(begin))
        }))
        .await
    }

    /// Records the progress in a segment.
    pub(super) async fn save(&self, progress: &SegmentProgress) -> Result<(), Failure> {
        let access = self.table.operation(&PUT_PROGRESS);
        access.put(progress, Condition::Any, Vec::new()).await.unless_refused().map(drop)
    }

    /// Removes the progress and the lease of a finished run.
    pub(super) async fn finish(&self, holder: &str) -> Result<(), Failure> {
        for segment in 0..SEGMENTS {
            self.table.operation(&REMOVE).remove(schema::backfill_progress(segment)).await?;
        }
        self.release(holder).await
    }

    /// State of a backfill that is not finished; none without one.
    pub(super) async fn summary(&self) -> Result<Option<String>, Failure> {
        let lease: Option<Stored<Lease>> =
            self.table.operation(&GET_LEASE).get(schema::backfill_lease()).await?;
        let now = self.context.clock.now();
        let is_running = lease.is_some_and(|lease| now < lease.entity.until);
        let segments = self.segments().await?;
        let begun = segments.iter().any(|segment| segment.is_done || segment.after.is_some());
        let done = segments.iter().filter(|segment| segment.is_done).count();
        let state = if is_running { "is running" } else { "was stopped" };
        Ok((is_running || begun)
            .then(|| format!("A backfill {state}; {done} of {SEGMENTS} segments are finished.")))
    }
}
