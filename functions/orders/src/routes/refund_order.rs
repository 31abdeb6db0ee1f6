//! `POST /api/v1/orders/{order_id}/refund`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{Field, IfMatch, Json, Path},
    id::OrderId,
    identity::Caller,
    membership::MemberAction,
    text::Reason,
    vocabulary::OrderStatus,
};
use utoipa::ToSchema;

use super::move_order::{MoveOrderError, MovedOrder, move_order};
use crate::state::Orders;

/// Refund of an order.
#[derive(Deserialize, ToSchema)]
pub struct RefundOrderRequest {
    /// Reason.
    #[schema(value_type = Option<Reason>)]
    reason: Field<String>,
    /// True to restock the goods of a fulfilled order. Defaults to `false`.
    #[schema(value_type = Option<bool>, examples(true))]
    restock: Field<bool>,
}

/// Refund an order
///
/// Marks the payment as refunded. Units that were not shipped are restocked. For editors
/// and higher roles of the selling organisation, and administrators.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{order_id}/refund",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = []), ("bearer" = ["manage_orders"])),
    request_body = RefundOrderRequest,
    responses(MovedOrder, MoveOrderError),
)]
pub async fn refund_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
    Json(body, mut faults): Json<RefundOrderRequest>,
) -> Result<MovedOrder, MoveOrderError> {
    let reason = faults.optional("/reason", body.reason, |text: String| Reason::parse(&text));
    let restock = faults.optional("/restock", body.restock, Ok);
    let (reason, restock) = faults.done((reason, restock))?;
    move_order(
        &orders,
        &caller,
        (id, if_match),
        (MemberAction::ManageOrders, false),
        OrderStatus::Refunded,
        (reason, restock.unwrap_or(false)),
    )
    .await
}
