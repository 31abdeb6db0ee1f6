//! `GET /api/v1/stock/{sku}`

use axum::extract::State;
use shared::{
    Failure,
    http::{Path, Reply, Versioned, problem::NOT_FOUND},
    table::item::Stored,
    text::Sku,
};

use crate::{
    offer::{Bucket, Offer},
    state::{Manager, Orders},
    view::StockView,
};

shared::problems! {
    /// Errors of getting a stock level.
    pub enum GetStockError {
        NotFound => NOT_FOUND,
    }
}

/// Get a stock level
///
/// Returns the stock of a SKU. The `ETag` holds the stock's version, which orders
/// change, too. Administrators only.
#[utoipa::path(
    get,
    path = "/api/v1/stock/{sku}",
    params(("sku" = Sku, Path, description = "SKU, in any case.")),
    security(("bearer" = ["manage_orders"])),
    responses(Versioned<Reply<StockView>>, GetStockError),
)]
pub async fn get_stock(
    State(orders): State<Orders>,
    _: Manager,
    Path(sku): Path<Sku>,
) -> Result<Versioned<Reply<StockView>>, GetStockError> {
    let (offer, buckets) = stock(&orders, &sku).await?.ok_or(GetStockError::NotFound)?;
    Ok(StockView::of(offer, &buckets))
}

/// The stock of the current variant of a SKU, with all of its buckets.
pub(super) async fn stock(
    orders: &Orders,
    sku: &Sku,
) -> Result<Option<(Stored<Offer>, Vec<Stored<Bucket>>)>, Failure> {
    let mut stock = orders.store.get_stock(std::slice::from_ref(sku)).await?;
    let Some(offer) = stock.offer(sku).cloned() else { return Ok(None) };
    let buckets = stock.buckets.remove(&offer.entity.variant()).unwrap_or_default();
    Ok(Some((offer, buckets)))
}
