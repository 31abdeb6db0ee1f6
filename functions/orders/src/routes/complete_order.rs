//! `POST /api/v1/orders/{order_id}/complete`

use axum::extract::State;
use shared::{
    http::{IfMatch, Path},
    id::OrderId,
    vocabulary::OrderStatus,
};

use super::move_order::{MoveOrderError, MovedOrder, move_order};
use crate::state::{Manager, Orders};

/// Complete an order
///
/// Marks a fulfilled order as completed. Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{order_id}/complete",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = ["manage_orders"])),
    responses(MovedOrder, MoveOrderError),
)]
pub async fn complete_order(
    State(orders): State<Orders>,
    manager: Manager,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
) -> Result<MovedOrder, MoveOrderError> {
    move_order(&orders, &manager, (id, if_match), OrderStatus::Completed, (None, false)).await
}
