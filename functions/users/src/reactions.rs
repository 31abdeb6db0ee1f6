//! What is done about each event.

use shared::{
    Context, Failure,
    bus::{DomainEvent, Envelope, batch::Reactions},
    identity::ExportJob,
    table::Table,
};

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

impl Reactions for Exports {
    const LISTENS_TO: &'static [&'static str] = &["user.export_requested"];

    async fn react(&self, envelope: Envelope) -> Result<(), Failure> {
        match &envelope.data {
            DomainEvent::UserExportRequested(requested) => {
                let job = ExportJob::new(requested.export_id, requested.user_id);
                export::write(&self.table, &job).await
            }
            DomainEvent::UserCreated(_)
            | DomainEvent::UserUpdated(_)
            | DomainEvent::UserDeleted(_)
            | DomainEvent::UserEmailChangeRequested(_)
            | DomainEvent::UserPasswordResetRequested(_)
            | DomainEvent::UserEmailVerificationRequested(_)
            | DomainEvent::UserRegistrationRepeated(_)
            | DomainEvent::SessionCreated(_)
            | DomainEvent::SessionRevoked(_)
            | DomainEvent::SessionReuseDetected(_)
            | DomainEvent::ProductCreated(_)
            | DomainEvent::ProductUpdated(_)
            | DomainEvent::ProductDeleted(_)
            | DomainEvent::CategoryCreated(_)
            | DomainEvent::CategoryUpdated(_)
            | DomainEvent::CategoryMoved(_)
            | DomainEvent::CategoryDeleted(_)
            | DomainEvent::OrderCreated(_)
            | DomainEvent::OrderUpdated(_)
            | DomainEvent::OrderConfirmed(_)
            | DomainEvent::OrderFulfilled(_)
            | DomainEvent::OrderCompleted(_)
            | DomainEvent::OrderCancelled(_)
            | DomainEvent::OrderExpired(_)
            | DomainEvent::OrderRefunded(_)
            | DomainEvent::OrderDeleted(_)
            | DomainEvent::ImportChunkAdded(_) => Ok(()),
        }
    }
}
