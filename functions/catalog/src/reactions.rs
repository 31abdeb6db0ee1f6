//! Dispatch of the consumed events; the handling is in the modules.

mod deletion;
mod personal;
mod sellers;

use shared::{
    Context, Failure, Refused,
    bus::{
        batch::{Delivery, Reactions},
        events::{CategoryDeleted, ImportChunkAdded, StockAvailabilityChanged},
    },
    identity::ExportJob,
    table::{Attempt, ConditionFailed, Table, optimistic},
    vocabulary::LOW_STOCK,
    walk::Walker,
};

use crate::{
    imports,
    product::VariantStock,
    store::Store,
    tree::TreeKeeper,
    writer::{ProductWriter, Written},
};

shared::configuration! {
    /// Configuration of the consumer from the template.
    pub struct ConsumerConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Queue of the consumer, for continuations.
        pub queue_url: String = "CATALOG_CONSUMER_QUEUE_URL",
        /// Low-stock threshold: greatest number of a variant that counts as low stock.
        pub low_stock: u64 = "LOW_STOCK" or LOW_STOCK,
        /// Number of changes of the category tree between snapshots.
        pub tree_snapshot_every: u64 = "TREE_SNAPSHOT_EVERY" or 1_000,
    }
}

/// Types of the consumed events.
pub const EVENT_TYPES: &[&str] = Listener::EVENT_TYPES;

/// The group's consumer.
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
        let writer = ProductWriter::new(store.clone(), tree.clone(), context.clock.clone(), config.low_stock);
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

    /// Records the availability of a variant. A deleted product shows none.
    async fn availability_changed(
        &self,
        changed: &StockAvailabilityChanged,
        version: u64,
    ) -> Result<(), Failure> {
        let told = VariantStock {
            id: changed.variant_id.clone(),
            availability: changed.availability.clone(),
            version,
        };
        let told = &told;
        optimistic(|| async move {
            let Some(before) = self.store.get_product(changed.product_id).await? else {
                return Ok(Attempt::Done(()));
            };
            Ok(match self.writer.note_availability(&before, told.clone()).await? {
                Written::Done(()) | Written::Repeated => Attempt::Done(()),
                Written::Outdated | Written::Denied => Attempt::Retry,
            })
        })
        .await
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
    OrganizationBlocked(event) | OrganizationUnblocked(event) | OrganizationClosed(event) =>
        listener.seller_status_changed(delivery, event.organization_id),
    OrganizationDeleted(event) => listener.seller_status_changed(delivery, event.organization_id),
    StockAvailabilityChanged(event) => listener.availability_changed(event, envelope.aggregate_version),
} }

/// A write that lost against a concurrent one is retried by the next delivery.
fn failure<T>(error: Refused<ConditionFailed<T>>) -> Failure {
    match error {
        Refused::By(ConditionFailed(_)) => Failure::unavailable("a concurrent write of this item"),
        Refused::Failed(failure) => failure,
    }
}
