//! Completion of past events, the next dates of series without end, and the age of the
//! agenda's log. What a run misses, the next one finds.

use std::time::Duration;

use shared::{
    Context, Failure,
    bus::{DomainEvent, events::EventChanged},
    id::EventId,
    sweep::{PAGE, sweep},
    table::{Attempt, Table, optimistic, schema::EVENT_DUE_SHARDS},
    vocabulary::{ActorKind, EventStatus},
    walk::Page,
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
        let list = |shard, now, after| async move {
            let events = self.store.list_due_events(shard, now, after, PAGE).await?;
            Ok(Page::of(events, PAGE, |event| event.sort.clone()))
        };
        let clock = &self.context.clock;
        let done = sweep(clock, EVENT_DUE_SHARDS, list, |event| self.look_at(event.id)).await;
        done.and(self.agenda.tidy(SNAPSHOT_AGE, &REMOVE_FROM_AGENDA_LOG).await)
    }

    async fn look_at(&self, id: EventId) -> Result<(), Failure> {
        optimistic(|| async move {
            let Some(before) = self.store.get_event(id).await? else { return Ok(Attempt::Done(())) };
            let now = self.context.clock.now();
            // The list lags: the event may have been changed since.
            if before.entity.due_at.is_none_or(|due| now < due) {
                return Ok(Attempt::Done(()));
            }
            let writing = |after: &Event, publish: fn(EventChanged) -> DomainEvent| {
                let changed = after.changed(Some(&before.entity), Change::default(), ActorKind::System);
                Writing { checks: Vec::new(), account: None, events: vec![publish(changed)] }
            };
            Attempt::of(match before.entity.due(now) {
                Some(next) if next <= now => {
                    let after = completed(&before.entity, now);
                    let writing = writing(&after, DomainEvent::EventCompleted);
                    self.store.replace_event(&before, &after, writing).await
                }
                // Its dates of another month enter the search.
                next => {
                    let writing = writing(&before.entity, DomainEvent::EventUpdated);
                    self.store.put_due_at(&before, next, writing).await
                }
            })
        })
        .await
    }
}

fn completed(before: &Event, now: shared::clock::Timestamp) -> Event {
    let status = EventStatus::Completed.into();
    Event { status, sequence: before.sequence + 1, updated_at: now, ..before.clone() }
}
