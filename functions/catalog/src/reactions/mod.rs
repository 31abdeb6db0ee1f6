//! What is done about each event: here which, in the modules what.

mod deletion;
mod personal;

use shared::{
    Context, Failure,
    bus::{DomainEvent, Envelope, batch::Reactions, events::ImportChunkAdded},
    identity::ExportJob,
    table::{Table, WriteError},
};

use crate::{imports, store::Store, tree::TreeKeeper, writer::ProductWriter};

shared::configuration! {
    /// What the listener is told by the template.
    pub struct ConsumerConfig {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
        /// After how many changes the tree of categories is drawn together.
        pub tree_snapshot_every: u64 = "TREE_SNAPSHOT_EVERY" or 1_000,
    }
}

/// The types of events that the listener wants.
pub const LISTENS_TO: &[&str] = Listener::LISTENS_TO;

/// The group's listener.
#[derive(Debug)]
pub(crate) struct Listener {
    context: Context,
    table: Table,
    store: Store,
    tree: TreeKeeper,
    writer: ProductWriter,
    tree_snapshot_every: u64,
}

impl Listener {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: &ConsumerConfig, context: Context) -> Self {
        let table = Table::new(aws, config.table_name.clone(), context.clone());
        let store = Store::new(table.clone());
        let tree = TreeKeeper::new(table.clone(), context.clone());
        let writer = ProductWriter::new(store.clone(), tree.clone(), context.clock.clone());
        Self { table, store, tree, writer, tree_snapshot_every: config.tree_snapshot_every, context }
    }

    async fn import(&self, added: &ImportChunkAdded) -> Result<(), Failure> {
        imports::run(&self.store, &self.tree, &self.writer, &self.context, added).await
    }
}

impl Reactions for Listener {
    const LISTENS_TO: &'static [&'static str] = &[
        "user.deleted",
        "user.export_requested",
        "category.created",
        "category.updated",
        "category.moved",
        "category.deleted",
        "import.chunk_added",
    ];

    async fn react(&self, envelope: Envelope) -> Result<(), Failure> {
        match &envelope.data {
            DomainEvent::UserDeleted(event) => self.forget(event.user_id).await,
            DomainEvent::UserExportRequested(event) => {
                self.export(&ExportJob::new(event.export_id, event.user_id)).await
            }
            DomainEvent::CategoryCreated(_)
            | DomainEvent::CategoryUpdated(_)
            | DomainEvent::CategoryMoved(_) => self.tree.save_when_due(self.tree_snapshot_every).await,
            DomainEvent::CategoryDeleted(event) => {
                self.clear_up(&envelope, event).await?;
                self.tree.save_when_due(self.tree_snapshot_every).await
            }
            DomainEvent::ImportChunkAdded(event) => self.import(event).await,
            DomainEvent::UserCreated(_)
            | DomainEvent::UserUpdated(_)
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

/// A write that others were faster than is tried anew by the next delivery.
fn failure<T>(error: WriteError<T>) -> Failure {
    match error {
        WriteError::ConditionFailed(_) => Failure::unavailable("somebody else writes this item"),
        WriteError::Failed(failure) => failure,
    }
}
