//! Handling of the consumed events.

mod endings;
mod export;

use shared::{
    Context, bus::batch::Reactions, identity::ExportJob, organizer::Organizer, table::Table, walk::Walker,
};

use crate::store::Store;

shared::configuration! {
    /// Configuration of the consumer from the template.
    pub struct ConsumerConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Queue of the consumer, for continuations.
        pub queue_url: String = "EVENTS_CONSUMER_QUEUE_URL",
    }
}

/// Types of the consumed events.
pub const EVENT_TYPES: &[&str] = Organizers::EVENT_TYPES;

/// Carries out for their events what happens to organizers, and writes the group's part of
/// exports.
#[derive(Debug)]
pub(crate) struct Organizers {
    table: Table,
    store: Store,
    walker: Walker,
    context: Context,
}

impl Organizers {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: ConsumerConfig, context: Context) -> Self {
        let walker = Walker::new(aws, config.queue_url, &context);
        let table = Table::new(aws, config.table_name, context.clone());
        Self { store: Store::new(table.clone()), table, walker, context }
    }
}

shared::reactions! { Organizers, |organizers, envelope, delivery| {
    UserDeleted(event) => organizers.user_deleted(delivery, event.user_id),
    OrganizationDeleted(event) =>
        organizers.organizer_ended(delivery, Organizer::Organization(event.organization_id)),
    OrganizationClosed(event) =>
        organizers.organizer_ended(delivery, Organizer::Organization(event.organization_id)),
    OrganizationBlocked(event) =>
        organizers.organizer_status_changed(delivery, Organizer::Organization(event.organization_id)),
    OrganizationUnblocked(event) =>
        organizers.organizer_status_changed(delivery, Organizer::Organization(event.organization_id)),
    UserExportRequested(event) => organizers.export(delivery, ExportJob::of(event)),
} }
