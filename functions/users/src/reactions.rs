//! What is done about each event.

use shared::{Context, bus::batch::Reactions, identity::ExportJob, table::Table};

use crate::export;

shared::configuration! {
    /// What the listener is told by the template.
    pub struct ConsumerConfig {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
    }
}

/// The types of events that the listener wants.
pub const LISTENS_TO: &[&str] = Exports::LISTENS_TO;

/// Writes the group's part of exports.
#[derive(Debug)]
pub(crate) struct Exports {
    table: Table,
}

impl Exports {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: &ConsumerConfig, context: Context) -> Self {
        Self { table: Table::new(aws, config.table_name.clone(), context) }
    }
}

shared::reactions! { Exports, |exports, envelope| {
    UserExportRequested(event) => export::write(&exports.table, &ExportJob::of(event)),
} }
