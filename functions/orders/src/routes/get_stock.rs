//! `GET /api/v1/stock/{sku}`

use axum::extract::State;
use shared::{
    Failure,
    http::{Path, Reply, problem::NOT_FOUND},
    text::Sku,
};

use crate::{
    state::{Manager, Orders},
    view::StockView,
};

shared::problems! {
    /// Why there is no stock to show.
    pub enum GetStockError {
        NotFound => NOT_FOUND,
    }
}

/// How many there are of a thing
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/v1/stock/{sku}",
    params(("sku" = Sku, Path, description = "The thing.")),
    security(("bearer" = ["manage_orders"])),
    responses(Reply<StockView>, GetStockError),
)]
pub async fn get_stock(
    State(orders): State<Orders>,
    _: Manager,
    Path(sku): Path<Sku>,
) -> Result<Reply<StockView>, GetStockError> {
    Ok(Reply(stock(&orders, sku).await?.ok_or(GetStockError::NotFound)?))
}

/// The stock of a sku, if it is known here.
pub(super) async fn stock(orders: &Orders, sku: Sku) -> Result<Option<StockView>, Failure> {
    let mut stock = orders.store.get_stock(std::slice::from_ref(&sku)).await?;
    Ok(stock.offers.remove(&sku).map(|offer| StockView::of(offer, &stock)))
}
