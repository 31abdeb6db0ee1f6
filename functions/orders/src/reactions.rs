//! Handling of the consumed events.

mod availability;
mod products;
mod users;

use shared::{
    Context, bus::batch::Reactions, identity::ExportJob, table::Table, vocabulary::LOW_STOCK, walk::Walker,
};

use crate::{export, store::Store};

shared::configuration! {
    /// Configuration of the consumer from the template.
    pub struct ConsumerConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Queue of the consumer, for continuations.
        pub queue_url: String = "ORDERS_CONSUMER_QUEUE_URL",
        /// Low-stock threshold: greatest number of a SKU that counts as low stock.
        pub low_stock: u64 = "LOW_STOCK" or LOW_STOCK,
    }
}

/// Types of the consumed events.
pub const EVENT_TYPES: &[&str] = Replicas::EVENT_TYPES;

/// Keeps the replicas of products and accounts.
#[derive(Debug)]
pub(crate) struct Replicas {
    table: Table,
    store: Store,
    walker: Walker,
    context: Context,
    low_stock: u64,
}

impl Replicas {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: ConsumerConfig, context: Context) -> Self {
        let table = Table::new(aws, config.table_name, context.clone());
        let walker = Walker::new(aws, config.queue_url, &context);
        Self { store: Store::new(table.clone()), table, walker, context, low_stock: config.low_stock }
    }
}

shared::reactions! { Replicas, |replicas, envelope, delivery| {
    ProductCreated(event) => replicas.product_changed(&event.product, envelope.aggregate_version),
    ProductUpdated(event) => replicas.product_changed(&event.product, envelope.aggregate_version),
    ProductDeleted(event) => replicas.product_deleted(event.product_id, envelope.aggregate_version),
    OrderCreated(event) | OrderUpdated(event) | OrderConfirmed(event) | OrderCancelled(event)
        | OrderExpired(event) | OrderRefunded(event) => replicas.tell_availabilities(event.variants()),
    StockAdjusted(event) => replicas.tell_availabilities([event.variant_id.clone()]),
    UserCreated(event) => replicas.user_changed(
        event.user_id, &event.status, event.email_verified, envelope.aggregate_version),
    UserUpdated(event) => replicas.user_changed(
        event.user_id, &event.status, event.email_verified, envelope.aggregate_version),
    UserDeleted(event) => replicas.user_deleted(delivery, event.user_id),
    UserExportRequested(event) =>
        export::write(&replicas.table, &replicas.store, &replicas.walker, delivery, &ExportJob::of(event)),
} }
