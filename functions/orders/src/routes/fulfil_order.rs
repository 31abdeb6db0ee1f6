//! `POST /api/v1/orders/{order_id}/fulfil`

use axum::extract::State;
use shared::{
    http::{IfMatch, Path},
    id::OrderId,
    vocabulary::OrderStatus,
};

use super::move_order::{MoveOrderError, MovedOrder, move_order};
use crate::state::{Manager, Orders};

/// Fulfil an order
///
/// Marks a confirmed order as shipped. Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{order_id}/fulfil",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = ["manage_orders"])),
    responses(MovedOrder, MoveOrderError),
)]
pub async fn fulfil_order(
    State(orders): State<Orders>,
    manager: Manager,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
) -> Result<MovedOrder, MoveOrderError> {
    move_order(&orders, &manager, (id, if_match), OrderStatus::Fulfilled, (None, false)).await
}
