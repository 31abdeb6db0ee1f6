//! `GET /api/v1/orders/{order_id}`

use axum::extract::State;
use shared::{
    http::{Path, Reply, Versioned, problem::NOT_FOUND},
    id::OrderId,
    identity::Caller,
};

use crate::{access, state::Orders, view::OrderView};

shared::problems! {
    /// Errors of getting an order.
    pub enum GetOrderError {
        NotFound => NOT_FOUND,
    }
}

/// Get an order
///
/// Returns an order of the caller's own, or of an organisation of which the caller is a
/// member; administrators can get any order. Viewers of the organisation get no address.
#[utoipa::path(
    get,
    path = "/api/v1/orders/{order_id}",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = [])),
    responses(Versioned<Reply<OrderView>>, GetOrderError),
)]
pub async fn get_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
) -> Result<Versioned<Reply<OrderView>>, GetOrderError> {
    let order = access::get_order(&orders, &caller, id).await?;
    let (order, sight) = order.ok_or(GetOrderError::NotFound)?;
    Ok(Versioned(order.version, Reply(sight.view(order))))
}
