//! `POST /api/v1/orders/{order_id}/complete`

use axum::extract::State;
use shared::{
    http::{IfMatch, Path},
    id::OrderId,
    identity::Caller,
    membership::MemberAction,
    vocabulary::OrderStatus,
};

use super::move_order::{MoveOrderError, MovedOrder, move_order};
use crate::state::Orders;

/// Complete an order
///
/// Marks a fulfilled order as completed. For staff and higher roles of the selling
/// organisation, and administrators.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{order_id}/complete",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = []), ("bearer" = ["manage_orders"])),
    responses(MovedOrder, MoveOrderError),
)]
pub async fn complete_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
) -> Result<MovedOrder, MoveOrderError> {
    move_order(
        &orders,
        &caller,
        (id, if_match),
        (MemberAction::FulfilOrders, false),
        OrderStatus::Completed,
        (None, false),
    )
    .await
}
