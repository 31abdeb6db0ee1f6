//! Handling of the consumed events.

use shared::{Context, bus::batch::Reactions, identity::ExportJob, table::Table, walk::Walker};

use crate::{erasure, export};

shared::configuration! {
    /// Configuration of the consumer from the template.
    pub struct ConsumerConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Queue of the consumer, for continuations.
        pub queue_url: String = "USERS_CONSUMER_QUEUE_URL",
    }
}

/// Types of the consumed events.
pub const EVENT_TYPES: &[&str] = Personal::EVENT_TYPES;

/// Writes the group's part of exports, and erases the data of deleted accounts.
#[derive(Debug)]
pub(crate) struct Personal {
    table: Table,
    walker: Walker,
}

impl Personal {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: &ConsumerConfig, context: Context) -> Self {
        Self {
            walker: Walker::new(aws, config.queue_url.clone(), &context),
            table: Table::new(aws, config.table_name.clone(), context),
        }
    }
}

shared::reactions! { Personal, |personal, envelope, delivery| {
    UserExportRequested(event) =>
        export::write(&personal.table, &personal.walker, delivery, &ExportJob::of(event)),
    UserDeleted(event) => erasure::erase(&personal.table, &personal.walker, delivery, event.user_id),
} }
