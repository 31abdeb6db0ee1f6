//! `GET /api/v1/stock/{sku}`

use axum::extract::State;
use shared::{
    http::{
        Path, Reply, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    identity::Caller,
    text::Sku,
};

use crate::{
    access::{self, CommandRefusal},
    state::Orders,
    view::StockView,
};

shared::problems! {
    /// Errors of getting a stock level.
    pub enum GetStockError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
    }
}

impl From<CommandRefusal> for GetStockError {
    fn from(refusal: CommandRefusal) -> Self {
        match refusal {
            CommandRefusal::NotFound => Self::NotFound,
            CommandRefusal::Denied(_) => Self::Forbidden,
        }
    }
}

/// Get a stock level
///
/// Returns the stock of a SKU. The `ETag` holds the stock's version, which orders
/// change, too. For members of the selling organisation and administrators.
#[utoipa::path(
    get,
    path = "/api/v1/stock/{sku}",
    params(("sku" = Sku, Path, description = "SKU, in any case.")),
    security(("bearer" = []), ("bearer" = ["manage_orders"])),
    responses(Versioned<Reply<StockView>>, GetStockError),
)]
pub async fn get_stock(
    State(orders): State<Orders>,
    caller: Caller,
    Path(sku): Path<Sku>,
) -> Result<Versioned<Reply<StockView>>, GetStockError> {
    let (offer, buckets) = access::get_stock(&orders, &caller, &sku).await?;
    Ok(StockView::of(offer, &buckets))
}
