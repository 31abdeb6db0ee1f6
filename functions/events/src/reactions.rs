//! Handling of the consumed events.

mod endings;
mod export;
mod listing;

use shared::{
    Context, bus::batch::Reactions, identity::ExportJob, organizer::Organizer, table::Table, walk::Walker,
};

use tokio::sync::Mutex;

use crate::{agenda::AgendaKeeper, store::Store};

shared::configuration! {
    /// Configuration of the consumer from the template.
    pub struct ConsumerConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Queue of the consumer, for continuations.
        pub queue_url: String = "EVENTS_CONSUMER_QUEUE_URL",
        /// Number of changes of the agenda between snapshots.
        pub agenda_snapshot_every: u64 = "AGENDA_SNAPSHOT_EVERY" or 500,
    }
}

/// Types of the consumed events.
pub const EVENT_TYPES: &[&str] = Listener::EVENT_TYPES;

/// Carries out for their events what happens to organizers, keeps the agenda, and writes the
/// group's part of exports.
#[derive(Debug)]
pub(crate) struct Listener {
    table: Table,
    store: Store,
    agenda: AgendaKeeper,
    snapshot_every: u64,
    /// Held while the agenda's log is written.
    turn: Mutex<()>,
    walker: Walker,
    context: Context,
}

impl Listener {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: ConsumerConfig, context: Context) -> Self {
        let walker = Walker::new(aws, config.queue_url, &context);
        let table = Table::new(aws, config.table_name, context.clone());
        Self {
            store: Store::new(table.clone()),
            agenda: AgendaKeeper::new(table.clone(), context.clone()),
            snapshot_every: config.agenda_snapshot_every,
            turn: Mutex::default(),
            table,
            walker,
            context,
        }
    }
}

shared::reactions! { Listener, |listener, envelope, delivery| {
    UserUpdated(event) =>
        listener.organizer_updated(delivery, Organizer::User(event.user_id), &event.changed),
    UserDeleted(event) => listener.user_deleted(delivery, event.user_id),
    OrganizationUpdated(event) => listener.organizer_updated(
        delivery,
        Organizer::Organization(event.organization_id),
        &event.changed,
    ),
    OrganizationDeleted(event) =>
        listener.organizer_ended(delivery, Organizer::Organization(event.organization_id)),
    OrganizationClosed(event) =>
        listener.organizer_ended(delivery, Organizer::Organization(event.organization_id)),
    OrganizationBlocked(event) =>
        listener.organizer_status_changed(delivery, Organizer::Organization(event.organization_id)),
    OrganizationUnblocked(event) =>
        listener.organizer_status_changed(delivery, Organizer::Organization(event.organization_id)),
    EventUpdated(event) | EventPublished(event) | EventUnpublished(event) | EventCancelled(event)
        | EventPostponed(event) | EventRescheduled(event) | EventCompleted(event) | EventDeleted(event)
        | EventOccurrenceChanged(event) | EventOccurrenceCancelled(event) | EventTransferred(event)
        | EventBlocked(event) | EventUnblocked(event) => listener.list(event, envelope.aggregate_version),
    UserExportRequested(event) => listener.export(delivery, ExportJob::of(event)),
} }
