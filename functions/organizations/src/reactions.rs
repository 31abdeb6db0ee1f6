//! Handling of the consumed events.

mod endings;
mod export;

use shared::{Context, bus::batch::Reactions, identity::ExportJob, table::Table, walk::Walker};

use crate::store::Store;

shared::configuration! {
    /// Configuration of the consumer from the template.
    pub struct ConsumerConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Queue of the consumer, for continuations.
        pub queue_url: String = "ORGANIZATIONS_CONSUMER_QUEUE_URL",
    }
}

/// Types of the consumed events.
pub const EVENT_TYPES: &[&str] = Memberships::EVENT_TYPES;

/// Ends memberships and invitations, and writes the group's part of exports.
#[derive(Debug)]
pub(crate) struct Memberships {
    table: Table,
    store: Store,
    walker: Walker,
    context: Context,
}

impl Memberships {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: ConsumerConfig, context: Context) -> Self {
        let walker = Walker::new(aws, config.queue_url, &context);
        let table = Table::new(aws, config.table_name, context.clone());
        Self { store: Store::new(table.clone()), table, walker, context }
    }
}

shared::reactions! { Memberships, |memberships, envelope, delivery| {
    UserDeleted(event) => memberships.user_deleted(delivery, event.user_id),
    OrganizationDeleted(event) => memberships.organization_deleted(delivery, event.organization_id),
    OrganizationClosed(event) => memberships.organization_closed(delivery, event.organization_id),
    UserExportRequested(event) => memberships.export(delivery, ExportJob::of(event)),
} }
