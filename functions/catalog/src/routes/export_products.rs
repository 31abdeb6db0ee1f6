//! `GET /api/v1/products/export`

use axum::extract::State;
use futures::future::try_join_all;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Reply},
    identity::{Require, permission::ManageCatalog},
};

use crate::{product::ProductView, state::Catalog};

shared::problems! {
    /// Errors of exporting products.
    pub enum ExportProductsError {
        Cursor(InvalidCursor),
    }
}

/// Export products
///
/// Lists products of every status with all their fields, the newest first. The import
/// accepts each entry unchanged. A page of very large products may have fewer than
/// `limit`, with a cursor. Administrators only.
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
    let after: Option<String> = paging.after(reader)?;
    let found = catalog.store.list_every_product(after.as_deref(), paging.to_read()).await?;
    let Page { data, has_more, .. } = paging.page(reader, found, |product| product.sort.clone())?;
    let products = try_join_all(data.iter().map(|product| catalog.store.get_product(product.id))).await?;
    let places = data.iter().map(|product| &product.sort);
    let products = products.into_iter().map(|product| product.map(ProductView::from));
    Ok(Reply(paging.page_of_large(reader, has_more, places.zip(products).collect())?))
}
