//! What is done about each event.

mod products;
mod users;

use shared::{
    Context, Failure,
    bus::{DomainEvent, Envelope, batch::Reactions},
    identity::ExportJob,
    table::Table,
};

use crate::{export, store::Store};

shared::configuration! {
    /// What the listener is told by the template.
    pub struct ConsumerConfig {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
        /// How many of a sku count as few.
        pub low_stock: u64 = "LOW_STOCK" or 5,
    }
}

/// The types of events that the listener wants.
pub const LISTENS_TO: &[&str] = Replicas::LISTENS_TO;

/// Keeps what orders need to know of products and people.
#[derive(Debug)]
pub(crate) struct Replicas {
    table: Table,
    store: Store,
    context: Context,
    low_stock: u64,
}

impl Replicas {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: ConsumerConfig, context: Context) -> Self {
        let table = Table::new(aws, config.table_name, context.clone());
        Self { store: Store::new(table.clone()), table, context, low_stock: config.low_stock }
    }
}

impl Reactions for Replicas {
    const LISTENS_TO: &'static [&'static str] = &[
        "product.created",
        "product.updated",
        "product.deleted",
        "user.created",
        "user.updated",
        "user.deleted",
        "user.export_requested",
    ];

    async fn react(&self, envelope: Envelope) -> Result<(), Failure> {
        let version = envelope.aggregate_version;
        match envelope.data {
            DomainEvent::ProductCreated(event) => self.product_changed(&event.product, version).await,
            DomainEvent::ProductUpdated(event) => self.product_changed(&event.product, version).await,
            DomainEvent::ProductDeleted(event) => self.product_deleted(event.product_id, version).await,
            DomainEvent::UserCreated(event) => self.user_changed(event.user_id, event.status, version).await,
            DomainEvent::UserUpdated(event) => self.user_changed(event.user_id, event.status, version).await,
            DomainEvent::UserDeleted(event) => self.user_deleted(event.user_id, version).await,
            DomainEvent::UserExportRequested(event) => {
                let job = ExportJob::new(event.export_id, event.user_id);
                export::write(&self.table, &self.store, &job).await
            }
            DomainEvent::UserEmailChangeRequested(_)
            | DomainEvent::UserPasswordResetRequested(_)
            | DomainEvent::UserEmailVerificationRequested(_)
            | DomainEvent::UserRegistrationRepeated(_)
            | DomainEvent::SessionCreated(_)
            | DomainEvent::SessionRevoked(_)
            | DomainEvent::SessionReuseDetected(_)
            | DomainEvent::CategoryCreated(_)
            | DomainEvent::CategoryUpdated(_)
            | DomainEvent::CategoryMoved(_)
            | DomainEvent::CategoryDeleted(_)
            | DomainEvent::ImportChunkAdded(_)
            | DomainEvent::OrderCreated(_)
            | DomainEvent::OrderUpdated(_)
            | DomainEvent::OrderConfirmed(_)
            | DomainEvent::OrderFulfilled(_)
            | DomainEvent::OrderCompleted(_)
            | DomainEvent::OrderCancelled(_)
            | DomainEvent::OrderExpired(_)
            | DomainEvent::OrderRefunded(_)
            | DomainEvent::OrderDeleted(_) => Ok(()),
        }
    }
}
