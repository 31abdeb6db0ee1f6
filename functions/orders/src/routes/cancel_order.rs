//! `POST /api/v1/orders/{order_id}/cancel`

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

/// Cancellation of an order.
#[derive(Deserialize, ToSchema)]
pub struct CancelOrderRequest {
    /// Reason.
    #[schema(value_type = Option<Reason>)]
    reason: Field<String>,
}

/// Cancel an order
///
/// Cancels an order that is reserved or confirmed: releases its stock, and marks a
/// payment as refunded. For the customer, editors and higher roles of the selling
/// organisation, and administrators.
#[utoipa::path(
    post,
    path = "/api/v1/orders/{order_id}/cancel",
    params(("order_id" = OrderId, Path, description = "The order's id.")),
    security(("bearer" = [])),
    request_body = CancelOrderRequest,
    responses(MovedOrder, MoveOrderError),
)]
pub async fn cancel_order(
    State(orders): State<Orders>,
    caller: Caller,
    Path(id): Path<OrderId>,
    if_match: IfMatch,
    Json(body, mut faults): Json<CancelOrderRequest>,
) -> Result<MovedOrder, MoveOrderError> {
    let reason = faults.optional("/reason", body.reason, |text: String| Reason::parse(&text));
    let reason = faults.done(reason)?;
    move_order(
        &orders,
        &caller,
        (id, if_match),
        (MemberAction::ManageOrders, true),
        OrderStatus::Cancelled,
        (reason, false),
    )
    .await
}
