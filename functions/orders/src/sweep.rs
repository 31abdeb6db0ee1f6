//! Expiry of reservations: once a minute, the stock of overdue orders is released. A
//! missed order is found by the next run.

use futures::{StreamExt as _, stream};
use shared::{
    Context, Failure, Refused,
    id::OrderId,
    table::{Attempt, Table, optimistic, schema::EXPIRY_SHARDS},
    vocabulary::OrderStatus,
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

/// Number of orders in a read.
const PAGE: usize = 100;

/// Number of orders expired at the same time.
const CONCURRENCY: usize = 8;

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
        // One order that cannot be expired does not stop the others: the first failure
        // is reported after all have been tried.
        let shards = stream::iter(0..EXPIRY_SHARDS).then(|shard| self.shard(shard));
        let done: Vec<Result<(), Failure>> = shards.collect().await;
        done.into_iter().collect()
    }

    async fn shard(&self, shard: u8) -> Result<(), Failure> {
        let now = self.context.clock.now();
        let mut after: Option<String> = None;
        let mut failed = Ok(());
        loop {
            let orders = self.store.list_expired(shard, now, after.as_deref(), PAGE).await?;
            let last = orders.last().map(|order| order.sort.clone());
            let is_last = orders.len() < PAGE;
            let ids = orders.into_iter().map(|order| order.id);
            let done = stream::iter(ids).map(|id| self.expire(id)).buffer_unordered(CONCURRENCY);
            let done: Vec<Result<(), Failure>> = done.collect().await;
            failed = failed.and(done.into_iter().collect());
            match last {
                Some(last) if !is_last => after = Some(last),
                Some(_) | None => return failed,
            }
        }
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
