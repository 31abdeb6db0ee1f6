//! What is done about each event: here which, in the modules what.

mod deletion;
mod personal;

use shared::{
    Context, Failure, Refused,
    bus::{
        batch::{Delivery, Reactions},
        events::{CategoryDeleted, ImportChunkAdded},
    },
    identity::ExportJob,
    table::{ConditionFailed, Table},
    walk::Walker,
};

use crate::{imports, store::Store, tree::TreeKeeper, writer::ProductWriter};

shared::configuration! {
    /// What the listener is told by the template.
    pub struct ConsumerConfig {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
        /// The listener's own queue, for continuations.
        pub queue_url: String = "CATALOG_CONSUMER_QUEUE_URL",
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
    walker: Walker,
    tree_snapshot_every: u64,
}

impl Listener {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: &ConsumerConfig, context: Context) -> Self {
        let table = Table::new(aws, config.table_name.clone(), context.clone());
        let store = Store::new(table.clone());
        let tree = TreeKeeper::new(table.clone(), context.clone());
        let writer = ProductWriter::new(store.clone(), tree.clone(), context.clock.clone());
        let walker = Walker::new(aws, config.queue_url.clone(), &context);
        let tree_snapshot_every = config.tree_snapshot_every;
        Self { context, table, store, tree, writer, walker, tree_snapshot_every }
    }

    async fn save_tree(&self) -> Result<(), Failure> {
        self.tree.save_when_due(self.tree_snapshot_every).await
    }

    async fn category_deleted(&self, delivery: &Delivery, deleted: &CategoryDeleted) -> Result<(), Failure> {
        self.clear_up(delivery, deleted).await?;
        self.save_tree().await
    }

    async fn import(&self, added: &ImportChunkAdded) -> Result<(), Failure> {
        imports::run(&self.store, &self.tree, &self.writer, &self.context, added).await
    }
}

shared::reactions! { Listener, |listener, envelope, delivery| {
    UserDeleted(event) => listener.forget(delivery, event.user_id),
    UserExportRequested(event) => listener.export(delivery, &ExportJob::of(event)),
    CategoryCreated(_) | CategoryUpdated(_) | CategoryMoved(_) => listener.save_tree(),
    CategoryDeleted(event) => listener.category_deleted(delivery, event),
    ImportChunkAdded(event) => listener.import(event),
} }

/// A write that others were faster than is tried anew by the next delivery.
fn failure<T>(error: Refused<ConditionFailed<T>>) -> Failure {
    match error {
        Refused::By(ConditionFailed(_)) => Failure::unavailable("somebody else writes this item"),
        Refused::Failed(failure) => failure,
    }
}
