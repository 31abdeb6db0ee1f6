//! `GET /api/v1/stock`

use axum::extract::State;
use serde::Serialize;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Reply},
    text::{Sku, Title},
};
use utoipa::ToSchema;

use crate::{
    state::{Manager, Orders},
    stock::StockCard,
};

/// A stock that is low.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
    "sku": "TEA-EARL-GREY-100",
    "title": "Earl Grey, 100 g",
    "on_hand": 4,
    "reserved": 2,
    "available": 2,
})))]
pub struct LowStock {
    sku: Sku,
    title: Title,
    /// In the house: `available` and `reserved` together.
    on_hand: u64,
    /// Held for orders that are not confirmed.
    reserved: u64,
    /// May be ordered.
    available: u64,
}

impl From<(Sku, StockCard)> for LowStock {
    fn from((sku, card): (Sku, StockCard)) -> Self {
        let StockCard { title, available, reserved, on_hand } = card;
        Self { sku, title, on_hand, reserved, available }
    }
}

shared::problems! {
    /// Why no stock is listed.
    pub enum ListLowStockError {
        Cursor(InvalidCursor),
    }
}

/// List low stock
///
/// For administrators, in the order of the SKUs. Lists what is for sale: the stock of a
/// product that is deleted, archived or a draft is not listed. A change may take a
/// moment to show here.
#[utoipa::path(
    get,
    path = "/api/v1/stock",
    params(Paging),
    security(("bearer" = ["manage_orders"])),
    responses(Reply<Page<LowStock>>, ListLowStockError),
)]
pub async fn list_low_stock(
    State(orders): State<Orders>,
    manager: Manager,
    List { filters: (), paging }: List<()>,
) -> Result<Reply<Page<LowStock>>, ListLowStockError> {
    let reader = Some(manager.user_id);
    let after: Option<Sku> = paging.after(reader)?;
    let low = orders.config.low_stock;
    let found = orders.store.list_low_stock(low, after.as_ref(), paging.to_read()).await?;
    let page = paging.page(reader, found, |(sku, _)| sku.clone())?;
    Ok(Reply(page.map(LowStock::from)))
}
