//! Expiry of reservations: once a minute, the stock of overdue orders is released. A
//! missed order is found by the next run.

use shared::{
    Context, Failure, Refused,
    id::OrderId,
    sweep::{PAGE, sweep},
    table::{Attempt, Table, optimistic, schema::EXPIRY_SHARDS},
    vocabulary::OrderStatus,
    walk::Page,
};

use crate::{lifecycle::Move, plan::StockPolicy, store::Store};

shared::configuration! {
    /// Configuration of the sweeper from the template.
    pub struct SweeperConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
    }
}

/// Schedule of the sweeper.
pub const SCHEDULE: &str = "rate(1 minute)";

/// Expires orders.
#[derive(Debug, Clone)]
pub(crate) struct Sweeper {
    store: Store,
    context: Context,
}

impl Sweeper {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: SweeperConfig, context: Context) -> Self {
        Self { store: Store::new(Table::new(aws, config.table_name, context.clone())), context }
    }

    /// Expires all overdue orders.
    pub(crate) async fn sweep(&self) -> Result<(), Failure> {
        let list = |shard, now, after: Option<String>| async move {
            let orders = self.store.list_expired(shard, now, after.as_deref(), PAGE).await?;
            Ok(Page::of(orders, PAGE, |order| order.sort.clone()))
        };
        sweep(&self.context.clock, EXPIRY_SHARDS, list, |order| self.expire(order.id)).await
    }

    async fn expire(&self, id: OrderId) -> Result<(), Failure> {
        optimistic(|| async move {
            let Some(order) = self.store.get_order(id).await? else { return Ok(Attempt::Done(())) };
            let now = self.context.clock.now();
            // The list lags: the order may have been confirmed or cancelled since.
            if order.entity.card.status != OrderStatus::Reserved || now < order.entity.reserved_until {
                return Ok(Attempt::Done(()));
            }
            match Move::by_system(OrderStatus::Expired, now)
                .make(&self.store, &order, StockPolicy::FIRST)
                .await
            {
                Ok(expired) => Ok(expired.map(drop)),
                Err(Refused::Failed(failure)) => Err(failure),
                Err(Refused::By(_)) => Err(Failure::internal("a reserved order cannot be expired")),
            }
        })
        .await
    }
}
