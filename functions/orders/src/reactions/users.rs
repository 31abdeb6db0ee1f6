//! Customers, from the events of accounts; and the orders of a deleted account.

use shared::{
    Failure, Refused,
    bus::batch::Delivery,
    id::{OrderId, UserId},
    membership::OrganizationCheck,
    table::{Attempt, item::Stored, optimistic},
    vocabulary::{Open, OrderStatus, Status},
    walk::CONCURRENCY,
};
use tokio::sync::Mutex;

use super::Replicas;
use crate::{
    buyer::BuyerStatus,
    lifecycle::{CleanUp, Move},
    order::Order,
    plan::StockPolicy,
    store::ListedOrder,
};

impl Replicas {
    /// Records the permission of a customer to order.
    pub(super) async fn user_changed(
        &self,
        user_id: UserId,
        status: &Open<Status>,
        email_verified: bool,
        user_version: u64,
    ) -> Result<(), Failure> {
        let status = match status.known() {
            Some(Status::Active) => BuyerStatus::Active,
            Some(Status::Blocked) => BuyerStatus::Blocked,
            None => return Err(Failure::internal(format!("account status {status} is not known here"))),
        };
        self.store.put_buyer(user_id, user_version, status, email_verified).await
    }

    /// Cancels the orders of a deleted account that are not shipped, and erases the
    /// personal data of the others.
    pub(super) async fn user_deleted(&self, delivery: &Delivery, user_id: UserId) -> Result<(), Failure> {
        let user_version = delivery.envelope.aggregate_version;
        self.store.put_buyer(user_id, user_version, BuyerStatus::Deleted, false).await?;
        // Orders of one offer release to one item: at the same time, their transactions
        // would conflict.
        let stock = &Mutex::new(());
        let list = |after| self.store.page_of_orders(user_id, after);
        let forget = |order: ListedOrder| self.forget(order.id, stock);
        // Nothing follows the last order.
        self.walker.walk(delivery, CONCURRENCY, list, forget).await.map(|_| ())
    }

    async fn forget(&self, id: OrderId, stock: &Mutex<()>) -> Result<(), Failure> {
        optimistic(|| async move {
            let Some(order) = self.store.get_order(id).await? else { return Ok(Attempt::Done(())) };
            let status = &order.entity.card.status;
            match status.known() {
                Some(OrderStatus::Reserved | OrderStatus::Confirmed) => {
                    let cancel = Move {
                        clean_up: CleanUp::Erase,
                        ..Move::by_system(OrderStatus::Cancelled, self.context.clock.now())
                    };
                    let _alone = stock.lock().await;
                    match cancel.make(&self.store, &order, StockPolicy::FIRST).await {
                        Ok(cancelled) => Ok(cancelled.map(drop)),
                        Err(Refused::Failed(failure)) => Err(failure),
                        Err(Refused::By(_)) => Err(Failure::internal("an open order cannot be cancelled")),
                    }
                }
                // Written in any case: a late payment that read the customer before the
                // deletion finds another version.
                Some(OrderStatus::Expired) => self.erase(&order).await,
                None => Err(Failure::internal(format!("order status {status} is not known here"))),
                Some(
                    OrderStatus::Fulfilled
                    | OrderStatus::Completed
                    | OrderStatus::Cancelled
                    | OrderStatus::Refunded,
                ) => {
                    if order.entity.is_personal() {
                        self.erase(&order).await
                    } else {
                        Ok(Attempt::Done(()))
                    }
                }
            }
        })
        .await
    }

    /// Erases personal data.
    async fn erase(&self, order: &Stored<Order>) -> Result<Attempt<()>, Failure> {
        let mut after = order.entity.clone();
        after.erase();
        Attempt::of(
            self.store.replace_order(order, &after, (&[], None, OrganizationCheck::None), Vec::new()).await,
        )
    }
}
