//! `DELETE /api/v1/orders/{order_id}`

use axum::extract::State;
use shared::{
    bus::DomainEvent,
    http::{IfMatch, NoContent, Path, Stale},
    id::OrderId,
    identity::Caller,
    table::optimistic,
    vocabulary::OrderStatus,
};

use crate::{
    access,
    lifecycle::{Besides, Move, MoveError},
    order::Actor,
    state::Orders,
    store::Refusal,
};

shared::problems! {
    /// Why an order stays.
    pub enum DeleteOrderError {
        /// Something is still owed for this order.
        Owed => 409 order_owed,
        /// It has changed since you read it.
        Stale(#[from] Stale) => 412 stale_version,
    }
}

impl From<MoveError> for DeleteOrderError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::Failed(failure) => Self::Failed(failure),
            MoveError::NotAllowed(_) | MoveError::BuyerGone | MoveError::Short(_) => Self::Owed,
        }
    }
}

/// Delete an order
///
/// Takes it out of all lists, with its address and note. Only where neither goods
/// nor money are owed; one that is reserved is cancelled.
#[utoipa::path(
    delete,
    path = "/api/v1/orders/{order_id}",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = [])),
    responses(NoContent, DeleteOrderError),
)]
pub async fn delete_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
) -> Result<NoContent, DeleteOrderError> {
    let (orders, caller, if_match) = (&orders, &caller, &if_match);
    optimistic(|| async move {
        let Some(order) = access::get_order(orders, caller, id).await? else { return Ok(Some(NoContent)) };
        if_match.check(order.version)?;
        let now = orders.context.clock.now();
        match order.entity.card.status.known() {
            // What is owed in a state that this release does not know cannot be told.
            None | Some(OrderStatus::Confirmed | OrderStatus::Fulfilled) => Err(DeleteOrderError::Owed),
            Some(OrderStatus::Reserved) => {
                let cancel = Move {
                    actor: Actor::User(caller.user_id),
                    besides: Besides::Delete,
                    ..Move::by_system(OrderStatus::Cancelled, now)
                };
                let cancelled = cancel.make(&orders.store, &order, |count| orders.pick(count)).await?;
                Ok(cancelled.map(|_| NoContent))
            }
            Some(
                OrderStatus::Completed
                | OrderStatus::Expired
                | OrderStatus::Cancelled
                | OrderStatus::Refunded,
            ) => {
                let mut after = order.entity.clone();
                after.delete(now);
                let deleted = vec![DomainEvent::OrderDeleted(after.state())];
                match orders.store.replace_order(&order, &after, &[], deleted).await {
                    Ok(()) => Ok(Some(NoContent)),
                    Err(Refusal::Outdated | Refusal::Moved) => Ok(None),
                    Err(Refusal::Failed(failure)) => Err(failure.into()),
                }
            }
        }
    })
    .await
}
