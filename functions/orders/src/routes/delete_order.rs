//! `DELETE /api/v1/orders/{order_id}`

use axum::extract::State;
use shared::{
    bus::DomainEvent,
    http::{IfMatch, NoContent, Path, Stale, problem::FORBIDDEN},
    id::OrderId,
    identity::Caller,
    membership::OrganizationCheck,
    table::{Attempt, optimistic},
    vocabulary::OrderStatus,
};

use crate::{
    access::{self, Sight, manages},
    lifecycle::{CleanUp, Move, MoveRefusal},
    order::Actor,
    problems::ORDER_OWED,
    state::Orders,
};

shared::problems! {
    /// Errors of deleting an order.
    pub enum DeleteOrderError {
        Forbidden => FORBIDDEN,
        Owed => ORDER_OWED,
        Stale(Stale),
    }
}

impl From<MoveRefusal> for DeleteOrderError {
    fn from(refusal: MoveRefusal) -> Self {
        match refusal {
            MoveRefusal::NotAllowed(_) | MoveRefusal::BuyerGone | MoveRefusal::Short(_) => Self::Owed,
        }
    }
}

/// Delete an order
///
/// Removes the order from all lists and erases its address and note. A reserved order
/// is cancelled; a confirmed or fulfilled one is refused with 409 `order_owed`.
/// Idempotent: returns 204 if the order does not exist. For the customer and
/// administrators.
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
    let pick = |count| orders.pick(count);
    let policy = orders.policy(caller, &pick);
    optimistic(|| async move {
        let Some((order, sight)) = access::get_order(orders, caller, id).await? else {
            return Ok(Attempt::Done(NoContent));
        };
        if sight != Sight::Customer && !manages(caller) {
            return Err(DeleteOrderError::Forbidden);
        }
        if_match.check(order.version)?;
        let now = orders.context.clock.now();
        match order.entity.card.status.known() {
            // The obligations of a status that this release does not know are unknown.
            None | Some(OrderStatus::Confirmed | OrderStatus::Fulfilled) => Err(DeleteOrderError::Owed),
            Some(OrderStatus::Reserved) => {
                let cancel = Move {
                    actor: Actor::User(caller.user_id),
                    clean_up: CleanUp::Delete,
                    ..Move::by_system(OrderStatus::Cancelled, now)
                };
                let cancelled = cancel.make(&orders.store, &order, policy).await?;
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
                let nothing = (&[][..], None, OrganizationCheck::None);
                let written = orders.store.replace_order(&order, &after, nothing, deleted).await;
                Ok(Attempt::of(written)?.map(|()| NoContent))
            }
        }
    })
    .await
}
