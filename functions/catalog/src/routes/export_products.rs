//! `GET /api/v1/products/export`

use axum::extract::State;
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use shared::{
    http::{InvalidCursor, List, Page, Paging, Reply},
    identity::{Require, permission::ManageCatalog},
    vocabulary::ProductStatus,
};

use crate::{
    lists::{Order, Selection},
    product::ProductView,
    state::Catalog,
};

shared::problems! {
    /// Why no products are exported.
    pub enum ExportProductsError {
        Cursor(InvalidCursor),
    }
}

/// Where an export goes on.
#[derive(Serialize, Deserialize)]
struct Position {
    status: ProductStatus,
    sort: String,
}

/// Every product, whole
///
/// For administrators: drafts, then those for sale, then archived ones, the newest
/// of each first.
#[utoipa::path(
    get,
    path = "/api/v1/products/export",
    params(Paging),
    security(("bearer" = ["manage_catalog"])),
    responses(Reply<Page<ProductView>>, ExportProductsError),
)]
pub async fn export_products(
    State(catalog): State<Catalog>,
    administrator: Require<ManageCatalog>,
    List { filters: (), paging }: List<()>,
) -> Result<Reply<Page<ProductView>>, ExportProductsError> {
    let reader = Some(administrator.user_id);
    let mut after: Option<Position> = paging.after(reader)?;
    let wanted = paging.to_read();
    let mut found = Vec::new();
    for status in ProductStatus::ALL.iter().copied() {
        let start = match &after {
            Some(position) if position.status != status => continue,
            Some(_) => after.take().map(|position| position.sort),
            None => None,
        };
        let selection = Selection { status, order: Order::Newest, range: None };
        let missing = wanted - found.len();
        let listed = catalog.store.list_products(None, selection, start.as_deref(), missing).await?;
        found.extend(listed.into_iter().map(|product| (product, status)));
        if found.len() >= wanted {
            break;
        }
    }
    let Page { data, has_more, next_cursor } = paging
        .page(reader, found, |(product, status)| Position { status: *status, sort: product.sort.clone() })?;
    let products = data.iter().map(|(product, _)| catalog.store.get_product(product.id));
    // One that was deleted since it was listed is left out.
    let products = try_join_all(products).await?.into_iter().flatten();
    let data = products.map(ProductView::from).collect();
    Ok(Reply(Page { data, has_more, next_cursor }))
}
