//! Common part of the commands that change an order's status.

use std::sync::atomic::{AtomicU64, Ordering};

use shared::{
    http::{
        Faults, IfMatch, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::OrderId,
    identity::Caller,
    membership::{Denied, MemberAction, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    table::{Attempt, optimistic},
    text::Reason,
    vocabulary::OrderStatus,
};

use crate::{
    access::{self, CommandRefusal, Permitted},
    lifecycle::{CleanUp, Move, MoveRefusal},
    order::{Actor, Order},
    problems::{BUYER_DELETED, NotAllowed, Shortage},
    state::Orders,
    transitions,
    view::OrderView,
};

shared::problems! {
    /// Errors of changing an order's status.
    pub enum MoveOrderError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Short(Shortage),
        InvalidTransition(NotAllowed),
        BuyerGone => BUYER_DELETED,
        Stale(Stale),
        Invalid(Faults),
    }
}

impl From<MoveRefusal> for MoveOrderError {
    fn from(refusal: MoveRefusal) -> Self {
        match refusal {
            MoveRefusal::NotAllowed(status) => Self::InvalidTransition(NotAllowed(status)),
            MoveRefusal::BuyerGone => Self::BuyerGone,
            MoveRefusal::Short(short) => Self::Short(Shortage(short)),
        }
    }
}

impl From<CommandRefusal> for MoveOrderError {
    fn from(refusal: CommandRefusal) -> Self {
        match refusal {
            CommandRefusal::NotFound => Self::NotFound,
            CommandRefusal::Denied(Denied::Forbidden) => Self::Forbidden,
            CommandRefusal::Denied(Denied::NotPermitted(needs)) => Self::NotPermitted(needs),
            CommandRefusal::Denied(Denied::Blocked) => Self::Blocked,
            CommandRefusal::Denied(Denied::Closed) => Self::Closed,
        }
    }
}

pub(super) type MovedOrder = Versioned<Reply<OrderView>>;

/// Changes an order's status for a caller: an administrator, a member of the selling
/// organisation who may perform `action`, or, with `by_customer`, the customer.
pub(super) async fn move_order(
    orders: &Orders,
    caller: &Caller,
    (id, if_match): (OrderId, IfMatch),
    permission: (MemberAction, bool),
    to: OrderStatus,
    (reason, restock): (Option<Reason>, bool),
) -> Result<MovedOrder, MoveOrderError> {
    let (reason, if_match) = (&reason, &if_match);
    // Version that this command itself has written.
    let expired = &AtomicU64::new(0);
    let pick = |count| orders.pick(count);
    let policy = orders.policy(caller, &pick);
    let (moved, sight) = optimistic(|| async move {
        let Permitted { order, sight, check } = access::permit(orders, caller, id, permission).await?;
        if order.version != expired.load(Ordering::Relaxed) {
            if_match.check(order.version)?;
        }
        let now = orders.context.clock.now();
        // The reservation is over, even if the sweeper has not expired the order yet.
        let is_late = is_late(&order.entity, now);
        let order = if is_late && to == OrderStatus::Confirmed {
            let expire = Move::by_system(OrderStatus::Expired, now);
            match expire.make(&orders.store, &order, policy).await? {
                Attempt::Done(order) => {
                    expired.store(order.version, Ordering::Relaxed);
                    order
                }
                Attempt::Retry => return Ok(Attempt::Retry),
            }
        } else {
            order
        };
        let check = if transitions::sells_available(&order.entity.card.status, to) {
            access::permit_sale(orders, caller, &order.entity, check).await?
        } else {
            check
        };
        let command = Move {
            to,
            actor: Actor::User(caller.user_id),
            reason: reason.clone(),
            now,
            restock,
            clean_up: CleanUp::None,
            check,
        };
        let moved = command.make(&orders.store, &order, policy).await?;
        Ok::<_, MoveOrderError>(moved.map(|moved| (moved, sight)))
    })
    .await?;
    Ok(Versioned(moved.version, Reply(sight.view(moved))))
}

/// True if an order's reservation is over.
pub(super) fn is_late(order: &Order, now: shared::clock::Timestamp) -> bool {
    order.card.status == OrderStatus::Reserved && now >= order.reserved_until
}
