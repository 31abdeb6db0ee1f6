//! `DELETE /api/v1/products/{product_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, NoContent, Path, Stale},
    id::ProductId,
    identity::{Require, permission::ManageCatalog},
    table::{Attempt, optimistic},
};

use crate::{state::Catalog, writer::Written};

shared::problems! {
    /// Errors of deleting a product.
    pub enum DeleteProductError {
        Stale(Stale),
    }
}

/// Delete a product
///
/// Deletes the product and frees its SKUs and slug; orders keep their copy of its data.
/// Idempotent: returns 204 if the product does not exist. Administrators only.
#[utoipa::path(
    delete,
    path = "/api/v1/products/{product_id}",
    params(("product_id" = ProductId, Path, description = "The product's id.")),
    security(("bearer" = ["manage_catalog"])),
    responses(NoContent, DeleteProductError),
)]
pub async fn delete_product(
    State(catalog): State<Catalog>,
    _administrator: Require<ManageCatalog>,
    Path(id): Path<ProductId>,
    if_match: IfMatch,
) -> Result<NoContent, DeleteProductError> {
    let (catalog, if_match) = (&catalog, &if_match);
    let slug: Option<String> = optimistic(|| async move {
        let Some(before) = catalog.store.get_product(id).await? else { return Ok(Attempt::Done(None)) };
        if_match.check(before.entity.revision(before.version))?;
        Ok::<_, DeleteProductError>(match catalog.writer.delete(&before).await? {
            Written::Done(()) => Attempt::Done(Some(before.entity.slug.to_string())),
            Written::Repeated | Written::Outdated => Attempt::Retry,
        })
    })
    .await?;
    catalog.products.forget(&id);
    if let Some(slug) = slug {
        catalog.slugs.forget(&slug);
    }
    Ok(NoContent)
}
