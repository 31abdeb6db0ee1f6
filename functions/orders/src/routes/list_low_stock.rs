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

/// A low stock.
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
    /// Units on hand: `available` plus `reserved`.
    on_hand: u64,
    /// Units reserved for orders that are not confirmed.
    reserved: u64,
    /// Units that can be ordered.
    available: u64,
}

impl From<(Sku, StockCard)> for LowStock {
    fn from((sku, card): (Sku, StockCard)) -> Self {
        let StockCard { title, available, reserved, on_hand } = card;
        Self { sku, title, on_hand, reserved, available }
    }
}

shared::problems! {
    /// Errors of listing low stock.
    pub enum ListLowStockError {
        Cursor(InvalidCursor),
    }
}

/// List low stock
///
/// Lists SKUs at or below the low-stock threshold, ordered by SKU. SKUs of products
/// that are deleted, archived or drafts, and sharded stocks, are excluded. Eventually
/// consistent: a change appears after a short delay. Administrators only.
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
