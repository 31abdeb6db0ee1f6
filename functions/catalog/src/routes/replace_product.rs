//! `PUT /api/v1/products/{product_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, Json, Path, Reply, Versioned},
    id::ProductId,
    identity::Caller,
};

use super::change_product::{ChangeProductError, change};
use crate::{
    product::ProductView,
    product_request::{Method, ProductRequest},
    state::Catalog,
};

/// Replace a product
///
/// Removes the fields that the body does not name, except SKU, slug, status and
/// seller. For editors and higher roles of the selling organisation, and administrators.
#[utoipa::path(
    put,
    path = "/api/v1/products/{product_id}",
    params(("product_id" = ProductId, Path, description = "The product's id.")),
    security(("bearer" = []), ("bearer" = ["manage_catalog"])),
    request_body = ProductRequest,
    responses(Versioned<Reply<ProductView>>, ChangeProductError),
)]
pub async fn replace_product(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<ProductId>,
    if_match: IfMatch,
    Json(body, faults): Json<ProductRequest>,
) -> Result<Versioned<Reply<ProductView>>, ChangeProductError> {
    let product = change(&catalog, &caller, id, &if_match, (body, faults), Method::Replace).await?;
    Ok(Versioned(product.entity.revision(product.version), Reply(product.into())))
}
