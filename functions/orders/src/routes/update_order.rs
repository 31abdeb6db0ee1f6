//! `PATCH /api/v1/orders/{order_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, Json, Path, Reply, Versioned},
    id::OrderId,
    identity::Caller,
};

use super::change_order::{ChangeOrderError, Method, UpdateOrderRequest, change};
use crate::{state::Orders, view::OrderView};

/// Update an order
///
/// Applies a JSON merge patch (RFC 7396) to a reserved order. Reserves additional units
/// and releases removed ones, all or none. For the customer, editors and higher roles of the
/// selling organisation, and administrators.
#[utoipa::path(
    patch,
    path = "/api/v1/orders/{order_id}",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = [])),
    request_body = UpdateOrderRequest,
    responses(Versioned<Reply<OrderView>>, ChangeOrderError),
)]
pub async fn update_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateOrderRequest>,
) -> Result<Versioned<Reply<OrderView>>, ChangeOrderError> {
    change(&orders, &caller, id, &if_match, (body, faults), Method::Merge).await
}
