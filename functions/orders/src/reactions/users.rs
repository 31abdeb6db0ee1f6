//! Buyers, as accounts tell of them; and what becomes of the orders of somebody
//! who is gone.

use shared::{
    Failure,
    id::{OrderId, UserId},
    table::{item::Stored, optimistic},
    vocabulary::{Open, OrderStatus, Status},
};

use super::Replicas;
use crate::{
    buyer::{Buyer, BuyerStatus},
    lifecycle::{Besides, Move, MoveError},
    order::Order,
    store::{OrderFilter, Refusal},
};

/// How many orders a read asks for.
const PAGE: usize = 100;

impl Replicas {
    /// Takes note of whether somebody may order.
    pub(super) async fn user_changed(
        &self,
        user_id: UserId,
        status: &Open<Status>,
        user_version: u64,
    ) -> Result<(), Failure> {
        let status = match status.known() {
            Some(Status::Active) => BuyerStatus::Active,
            Some(Status::Blocked) => BuyerStatus::Blocked,
            None => return Err(Failure::internal(format!("account status {status} is not known here"))),
        };
        self.store.put_buyer(&Buyer { user_id, user_version, status: status.into() }).await
    }

    /// Cancels what somebody who is gone has ordered, where it is not on its way
    /// yet, and takes away what is personal of the rest.
    pub(super) async fn user_deleted(&self, user_id: UserId, user_version: u64) -> Result<(), Failure> {
        let gone = Buyer { user_id, user_version, status: BuyerStatus::Deleted.into() };
        self.store.put_buyer(&gone).await?;
        let filter = OrderFilter::of(user_id);
        let mut after: Option<String> = None;
        loop {
            let orders = self.store.list_orders(filter, after.as_deref(), PAGE).await?;
            for order in &orders {
                self.forget(order.id).await?;
            }
            match orders.last() {
                Some(last) if orders.len() >= PAGE => after = Some(last.sort.clone()),
                Some(_) | None => return Ok(()),
            }
        }
    }

    async fn forget(&self, id: OrderId) -> Result<(), Failure> {
        optimistic(|| async move {
            let Some(order) = self.store.get_order(id).await? else { return Ok(Some(())) };
            let status = &order.entity.card.status;
            match status.known() {
                Some(OrderStatus::Reserved | OrderStatus::Confirmed) => {
                    let cancel = Move {
                        besides: Besides::Erase,
                        ..Move::by_system(OrderStatus::Cancelled, self.context.clock.now())
                    };
                    match cancel.make(&self.store, &order, |_| 0).await {
                        Ok(cancelled) => Ok(cancelled.map(|_| ())),
                        Err(MoveError::Failed(failure)) => Err(failure),
                        Err(MoveError::NotAllowed(_) | MoveError::BuyerGone | MoveError::Short(_)) => {
                            Err(Failure::internal("an open order cannot be cancelled"))
                        }
                    }
                }
                // Written in any case: a late payment that has asked for its buyer
                // before they went finds another version.
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
                        Ok(Some(()))
                    }
                }
            }
        })
        .await
    }

    /// Takes away what is personal; `None` where somebody has written the order
    /// meanwhile.
    async fn erase(&self, order: &Stored<Order>) -> Result<Option<()>, Failure> {
        let mut after = order.entity.clone();
        after.erase();
        match self.store.replace_order(order, &after, &[], Vec::new()).await {
            Ok(()) => Ok(Some(())),
            Err(Refusal::Outdated | Refusal::Moved) => Ok(None),
            Err(Refusal::Failed(failure)) => Err(failure),
        }
    }
}
