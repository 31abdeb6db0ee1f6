//! Completion of past events, the next dates of series without end, and the age of the
//! agenda's log. What a run misses, the next one finds.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use shared::{
    Context, Failure,
    bus::{DomainEvent, events::EventChanged},
    id::EventId,
    table::{Attempt, Table, optimistic, schema::EVENT_DUE_SHARDS},
    vocabulary::{ActorKind, EventStatus},
};

use crate::{
    agenda::AgendaKeeper,
    event::{Change, Event},
    operations::REMOVE_FROM_AGENDA_LOG,
    store::{Store, Writing},
};

shared::configuration! {
    /// Configuration of the sweeper from the template.
    pub struct SweeperConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
    }
}

/// Schedule of the sweeper.
pub const SCHEDULE: &str = "rate(15 minutes)";

/// Number of events in a read.
const PAGE: usize = 100;

/// Number of events changed at the same time.
const CONCURRENCY: usize = 8;

/// Age at which a snapshot of the agenda is replaced. The texts of events that are deleted or
/// no longer listed leave the log an hour later: within a day.
const SNAPSHOT_AGE: Duration = Duration::from_hours(12);

/// Completes events.
#[derive(Debug, Clone)]
pub(crate) struct Sweeper {
    store: Store,
    agenda: AgendaKeeper,
    context: Context,
}

impl Sweeper {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: SweeperConfig, context: Context) -> Self {
        let table = Table::new(aws, config.table_name, context.clone());
        let agenda = AgendaKeeper::new(table.clone(), context.clone());
        Self { store: Store::new(table), agenda, context }
    }

    /// Looks at all events that are due, and at the agenda's log.
    pub(crate) async fn sweep(&self) -> Result<(), Failure> {
        // One event that cannot be changed does not stop the others: the first failure
        // is reported after all have been tried.
        let shards = stream::iter(0..EVENT_DUE_SHARDS).then(|shard| self.shard(shard));
        let done: Vec<Result<(), Failure>> = shards.collect().await;
        let tidied = self.agenda.tidy(SNAPSHOT_AGE, &REMOVE_FROM_AGENDA_LOG).await;
        done.into_iter().chain([tidied]).collect()
    }

    async fn shard(&self, shard: u8) -> Result<(), Failure> {
        let now = self.context.clock.now();
        let mut after: Option<String> = None;
        let mut failed = Ok(());
        loop {
            let events = self.store.list_due_events(shard, now, after, PAGE).await?;
            after = events.last().map(|event| event.sort.clone()).filter(|_| events.len() == PAGE);
            let ids = events.into_iter().map(|event| event.id);
            let done = stream::iter(ids).map(|id| self.look_at(id)).buffer_unordered(CONCURRENCY);
            let done: Vec<Result<(), Failure>> = done.collect().await;
            failed = failed.and(done.into_iter().collect());
            if after.is_none() {
                return failed;
            }
        }
    }

    async fn look_at(&self, id: EventId) -> Result<(), Failure> {
        optimistic(|| async move {
            let Some(before) = self.store.get_event(id).await? else { return Ok(Attempt::Done(())) };
            let now = self.context.clock.now();
            // The list lags: the event may have been changed since.
            if before.entity.due_at.is_none_or(|due| now < due) {
                return Ok(Attempt::Done(()));
            }
            let (after, publish): (_, fn(EventChanged) -> DomainEvent) = match before.entity.due(now) {
                Some(next) if now < next => {
                    // Its dates of another month enter the search.
                    (Event { due_at: Some(next), ..before.entity.clone() }, DomainEvent::EventUpdated)
                }
                _ => (completed(&before.entity, now), DomainEvent::EventCompleted),
            };
            let changed = after.changed(Some(&before.entity), Change::default(), ActorKind::System);
            let writing = Writing { checks: Vec::new(), account: None, events: vec![publish(changed)] };
            Attempt::of(self.store.replace_event(&before, &after, writing).await)
        })
        .await
    }
}

fn completed(before: &Event, now: shared::clock::Timestamp) -> Event {
    let status = EventStatus::Completed.into();
    Event { status, sequence: before.sequence + 1, updated_at: now, ..before.clone() }
}
