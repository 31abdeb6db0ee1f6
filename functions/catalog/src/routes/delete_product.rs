//! `DELETE /api/v1/products/{product_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, NoContent, Path, Stale, problem::FORBIDDEN},
    id::ProductId,
    identity::Caller,
    membership::{Denied, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    table::{Attempt, optimistic},
};

use crate::{access::permit_change, state::Catalog, writer::Written};

shared::problems! {
    /// Errors of deleting a product.
    pub enum DeleteProductError {
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
    }
}

impl From<Denied> for DeleteProductError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Forbidden => Self::Forbidden,
            Denied::NotPermitted(needs) => Self::NotPermitted(needs),
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

/// Delete a product
///
/// Deletes the product and frees its SKUs and slug; orders keep their copy of its data.
/// Idempotent: returns 204 if the product does not exist. For editors and higher roles of
/// the selling organisation, and administrators.
#[utoipa::path(
    delete,
    path = "/api/v1/products/{product_id}",
    params(("product_id" = ProductId, Path, description = "The product's id.")),
    security(("bearer" = []), ("bearer" = ["manage_catalog"])),
    responses(NoContent, DeleteProductError),
)]
pub async fn delete_product(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<ProductId>,
    if_match: IfMatch,
) -> Result<NoContent, DeleteProductError> {
    let (catalog, caller, if_match) = (&catalog, &caller, &if_match);
    let slug: Option<String> = optimistic(|| async move {
        let Some(before) = catalog.store.get_product(id).await? else { return Ok(Attempt::Done(None)) };
        let Some(check) = permit_change(&catalog.store, caller, &before.entity).await? else {
            return Ok(Attempt::Done(None));
        };
        if_match.check(before.entity.revision(before.version))?;
        Ok::<_, DeleteProductError>(match catalog.writer.delete(&before, check).await? {
            Written::Done(()) => Attempt::Done(Some(before.entity.slug.to_string())),
            Written::Repeated | Written::Outdated | Written::Denied => Attempt::Retry,
        })
    })
    .await?;
    catalog.products.forget(&id);
    if let Some(slug) = slug {
        catalog.slugs.forget(&slug);
    }
    Ok(NoContent)
}
