//! `POST /api/v1/orders/{order_id}/confirm`

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

/// Confirm an order
///
/// Records the payment and sells the reserved stock. An expired order is confirmed if
/// its stock is still available and its seller active, otherwise it returns 409
/// `insufficient_stock`, `organization_blocked` or `organization_closed`. For editors and
/// higher roles of the selling organisation, and administrators.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{order_id}/confirm",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = []), ("bearer" = ["manage_orders"])),
    responses(MovedOrder, MoveOrderError),
)]
pub async fn confirm_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
) -> Result<MovedOrder, MoveOrderError> {
    move_order(
        &orders,
        &caller,
        (id, if_match),
        (MemberAction::ManageOrders, false),
        OrderStatus::Confirmed,
        (None, false),
    )
    .await
}
