//! `PUT /api/v1/stock/{sku}/buckets`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{
        Faults, Field, IfMatch, Json, Path, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    identity::Caller,
    membership::{Denied, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    table::{Attempt, optimistic},
    text::{Invalid, Sku},
};
use utoipa::ToSchema;

use crate::{
    access::{self, CommandRefusal},
    state::Orders,
    view::{StockView, stock_version},
};

/// Number of buckets of a stock.
#[derive(Deserialize, ToSchema)]
pub struct ShardStockRequest {
    /// Number of buckets: 1 to 16, no less than the current number; 0 ends the sharding.
    #[schema(value_type = u8, minimum = 0, maximum = 16, examples(16))]
    count: Field<u8>,
}

shared::problems! {
    /// Errors of sharding a stock.
    pub enum ShardStockError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
    }
}

impl From<CommandRefusal> for ShardStockError {
    fn from(refusal: CommandRefusal) -> Self {
        match refusal {
            CommandRefusal::NotFound => Self::NotFound,
            CommandRefusal::Denied(Denied::Forbidden) => Self::Forbidden,
            CommandRefusal::Denied(Denied::NotPermitted(needs)) => Self::NotPermitted(needs),
            CommandRefusal::Denied(Denied::Blocked) => Self::Blocked,
            CommandRefusal::Denied(Denied::Closed) => Self::Closed,
        }
    }
}

/// Shard a stock into buckets
///
/// Distributes the available units evenly over the buckets, also if the stock is
/// sharded already: each bucket takes as many orders a second as an unsharded stock.
/// Sharded stocks are excluded from the low-stock list. For editors and higher roles of the
/// selling organisation, and administrators.
#[utoipa::path(
    put,
    path = "/api/v1/stock/{sku}/buckets",
    params(("sku" = Sku, Path, description = "SKU, in any case.")),
    security(("bearer" = []), ("bearer" = ["manage_orders"])),
    request_body = ShardStockRequest,
    responses(Versioned<Reply<StockView>>, ShardStockError),
)]
pub async fn shard_stock(
    State(orders): State<Orders>,
    caller: Caller,
    Path(sku): Path<Sku>,
    if_match: IfMatch,
    Json(body, mut faults): Json<ShardStockRequest>,
) -> Result<Versioned<Reply<StockView>>, ShardStockError> {
    let invalid =
        || Invalid::new("invalid_count", "A count is 0, or 1 to 16 and no less than the current one.");
    let count = faults.required("/count", body.count, |count| {
        (0..=16).contains(&count).then_some(count).ok_or_else(invalid)
    });
    let count = faults.done(count)?;
    let (orders, caller, sku, if_match) = (&orders, &caller, &sku, &if_match);
    optimistic(|| async move {
        let ((offer, buckets), check) = access::permit_stock(orders, caller, sku).await?;
        if_match.check(stock_version(&offer, &buckets))?;
        if count > 0 && buckets.len() > count.into() {
            return Err(ShardStockError::Invalid(Faults::one("/count", invalid())));
        }
        Ok::<_, ShardStockError>(Attempt::of(orders.store.shard_stock(&offer, &buckets, count, check).await)?)
    })
    .await?;
    let (offer, buckets) = access::get_stock(orders, caller, sku).await?;
    Ok(StockView::of(offer, &buckets))
}
