//! What the commands have in common that give an order another status.

use shared::{
    http::{Faults, Reply, Versioned},
    id::OrderId,
    identity::Caller,
    table::{item::Stored, optimistic},
    text::Reason,
    vocabulary::OrderStatus,
};

use crate::{
    access,
    lifecycle::{Besides, Move, MoveError},
    order::{Actor, Order},
    state::Orders,
    view::{NotAllowed, OrderView, Shortage},
};

shared::problems! {
    /// Why an order's status stays.
    pub enum MoveOrderError {
        /// There is nothing here.
        NotFound => 404 not_found,
        /// There is too little of what is ordered.
        Short(Shortage) => 409 insufficient_stock,
        /// An order of this status may not become that.
        InvalidTransition(NotAllowed) => 409 order_invalid_transition,
        /// Who has ordered has no account any more.
        BuyerGone => 409 buyer_deleted,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
    }
}

impl From<MoveError> for MoveOrderError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::NotAllowed(status) => Self::InvalidTransition(NotAllowed(status)),
            MoveError::BuyerGone => Self::BuyerGone,
            MoveError::Short(short) => Self::Short(Shortage(short)),
            MoveError::Failed(failure) => Self::Failed(failure),
        }
    }
}

pub(super) type MovedOrder = Versioned<Reply<OrderView>>;

/// Gives an order another status, because a caller says so.
pub(super) async fn move_order(
    orders: &Orders,
    caller: &Caller,
    id: OrderId,
    to: OrderStatus,
    (reason, restock): (Option<Reason>, bool),
) -> Result<MovedOrder, MoveOrderError> {
    let reason = &reason;
    let moved = optimistic(|| async move {
        let order = access::get_order(orders, caller, id).await?.ok_or(MoveOrderError::NotFound)?;
        let now = orders.context.clock.now();
        // Its time is over, whether the sweeper has been there or not.
        let is_late = is_late(&order.entity, now);
        let order = if is_late && to == OrderStatus::Confirmed {
            let expire = Move::by_system(OrderStatus::Expired, now);
            let Some(order) = expire.make(&orders.store, &order, |count| orders.pick(count)).await? else {
                return Ok(None);
            };
            order
        } else {
            order
        };
        let command = Move {
            to,
            actor: Actor::User(caller.user_id),
            reason: reason.clone(),
            now,
            restock,
            besides: Besides::Nothing,
        };
        Ok::<Option<Stored<Order>>, MoveOrderError>(
            command.make(&orders.store, &order, |count| orders.pick(count)).await?,
        )
    })
    .await?;
    Ok(Versioned(moved.version, Reply(moved.into())))
}

/// Whether an order holds its goods longer than it may.
pub(super) fn is_late(order: &Order, now: shared::clock::Timestamp) -> bool {
    order.card.status == OrderStatus::Reserved && now >= order.reserved_until
}
