//! What is done about each event.

use shared::{Context, bus::batch::Reactions, identity::ExportJob, table::Table, walk::Walker};

use crate::export;

shared::configuration! {
    /// What the listener is told by the template.
    pub struct ConsumerConfig {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
        /// The listener's own queue, for continuations.
        pub queue_url: String = "USERS_CONSUMER_QUEUE_URL",
    }
}

/// The types of events that the listener wants.
pub const LISTENS_TO: &[&str] = Exports::LISTENS_TO;

/// Writes the group's part of exports.
#[derive(Debug)]
pub(crate) struct Exports {
    table: Table,
    walker: Walker,
}

impl Exports {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: &ConsumerConfig, context: Context) -> Self {
        Self {
            walker: Walker::new(aws, config.queue_url.clone(), &context),
            table: Table::new(aws, config.table_name.clone(), context),
        }
    }
}

shared::reactions! { Exports, |exports, envelope, delivery| {
    UserExportRequested(event) =>
        export::write(&exports.table, &exports.walker, delivery, &ExportJob::of(event)),
} }
