//! `GET /api/v1/stock/{sku}/adjustments`

use axum::extract::State;
use serde::Serialize;
use shared::{
    clock::Timestamp,
    http::{
        InvalidCursor, List, Page, Paging, Path, Reply,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::{AdjustmentId, UserId},
    identity::Caller,
    text::{Reason, Sku},
};
use utoipa::ToSchema;

use crate::{
    access::{self, CommandRefusal},
    offer::Adjustment,
    state::Orders,
};

/// A stock adjustment.
#[derive(Serialize, ToSchema)]
#[schema(as = StockAdjustment)]
#[schema(examples(json!({
    "id": "adj_01h455vb4pex5vsknk084sn02q",
    "change": 12,
    "reason": "Delivery of Friday",
    "actor": "user_01h455vb4pex5vsknk084sn02q",
    "at": "2026-01-31T12:00:00.000Z",
})))]
pub struct AdjustmentView {
    id: AdjustmentId,
    /// Number of units added; negative if removed.
    change: i64,
    reason: Reason,
    /// Account that made the adjustment.
    actor: UserId,
    at: Timestamp,
}

impl From<Adjustment> for AdjustmentView {
    fn from(Adjustment { id, variant_id: _, sku: _, change, reason, actor, at }: Adjustment) -> Self {
        Self { id, change, reason, actor, at }
    }
}

shared::problems! {
    /// Errors of listing stock adjustments.
    pub enum ListAdjustmentsError {
        Cursor(InvalidCursor),
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
    }
}

impl From<CommandRefusal> for ListAdjustmentsError {
    fn from(refusal: CommandRefusal) -> Self {
        match refusal {
            CommandRefusal::NotFound => Self::NotFound,
            CommandRefusal::Denied(_) => Self::Forbidden,
        }
    }
}

/// List stock adjustments
///
/// Lists the stock adjustments of a SKU, the newest first. For members of the selling
/// organisation and administrators.
#[utoipa::path(
    get,
    path = "/api/v1/stock/{sku}/adjustments",
    params(("sku" = Sku, Path, description = "SKU, in any case."), Paging),
    security(("bearer" = []), ("bearer" = ["manage_orders"])),
    responses(Reply<Page<AdjustmentView>>, ListAdjustmentsError),
)]
pub async fn list_adjustments(
    State(orders): State<Orders>,
    caller: Caller,
    Path(sku): Path<Sku>,
    List { filters: (), paging }: List<()>,
) -> Result<Reply<Page<AdjustmentView>>, ListAdjustmentsError> {
    let reader = Some(caller.user_id);
    let after: Option<AdjustmentId> = paging.after(reader)?;
    let (offer, _) = access::get_stock(&orders, &caller, &sku).await?;
    let found = orders.store.list_adjustments(&offer.entity.variant(), after, paging.to_read()).await?;
    let page = paging.page(reader, found, |adjustment: &Adjustment| adjustment.id)?;
    Ok(Reply(page.map(AdjustmentView::from)))
}
