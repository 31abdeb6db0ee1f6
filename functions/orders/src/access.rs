//! Access to orders: customers to their own, administrators to all. For other callers
//! an order does not exist.

use shared::{
    Failure,
    id::OrderId,
    identity::{Caller, Permission},
    table::item::Stored,
};

use crate::{order::Order, state::Orders, view::OrderView};

/// True if the caller may see and manage all orders.
pub(crate) fn manages(caller: &Caller) -> bool {
    caller.may(Permission::ManageOrders)
}

/// An order as the caller may see it.
pub(crate) fn view(caller: &Caller, order: Stored<Order>) -> OrderView {
    if manages(caller) { OrderView::for_administrator(order) } else { OrderView::for_customer(order) }
}

/// Reads the order, if the caller may see it.
pub(crate) async fn get_order(
    orders: &Orders,
    caller: &Caller,
    id: OrderId,
) -> Result<Option<Stored<Order>>, Failure> {
    let order = orders.store.get_order(id).await?;
    Ok(order.filter(|order| {
        order.entity.deleted_at.is_none() && (order.entity.card.user_id == caller.user_id || manages(caller))
    }))
}
