//! `PUT /api/v1/orders/{order_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, Json, Path, Reply, Versioned},
    id::OrderId,
    identity::Caller,
};

use super::change_order::{ChangeOrderError, Method, UpdateOrderRequest, change};
use crate::{state::Orders, view::OrderView};

/// Replace an order
///
/// Replaces the lines of a reserved order, which are required, and removes an address
/// and a note that the body does not name. For the customer, editors and higher roles of the
/// selling organisation, and administrators.
#[utoipa::path(
    put,
    path = "/api/v1/orders/{order_id}",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = [])),
    request_body = UpdateOrderRequest,
    responses(Versioned<Reply<OrderView>>, ChangeOrderError),
)]
pub async fn replace_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateOrderRequest>,
) -> Result<Versioned<Reply<OrderView>>, ChangeOrderError> {
    change(&orders, &caller, id, &if_match, (body, faults), Method::Replace).await
}
