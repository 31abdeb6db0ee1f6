//! `GET /api/v1/orders/{order_id}/history`

use axum::extract::State;
use serde::Serialize;
use shared::{
    http::{Path, Reply, Versioned},
    id::OrderId,
    identity::Caller,
};
use utoipa::ToSchema;

use super::get_order::GetOrderError;
use crate::{access, order::Step, state::Orders};

/// History of an order.
#[derive(Serialize, ToSchema)]
pub struct OrderHistory {
    /// Status changes, the oldest first.
    data: Vec<Step>,
}

/// Get the history of an order
///
/// Lists all status changes with actor, reason and time.
#[utoipa::path(
    get,
    path = "/api/v1/orders/{order_id}/history",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = [])),
    responses(Versioned<Reply<OrderHistory>>, GetOrderError),
)]
pub async fn get_order_history(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
) -> Result<Versioned<Reply<OrderHistory>>, GetOrderError> {
    let order = access::get_order(&orders, &caller, id).await?;
    let (order, sight) = order.ok_or(GetOrderError::NotFound)?;
    Ok(Versioned(order.version, Reply(OrderHistory { data: sight.history(order.entity) })))
}
