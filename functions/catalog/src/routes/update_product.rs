//! `PATCH /api/v1/products/{product_id}`

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

/// Update a product
///
/// Applies a JSON merge patch (RFC 7396); lists are replaced as a whole. For editors
/// and higher roles of the selling organisation, and administrators.
#[utoipa::path(
    patch,
    path = "/api/v1/products/{product_id}",
    params(("product_id" = ProductId, Path, description = "The product's id.")),
    security(("bearer" = []), ("bearer" = ["manage_catalog"])),
    request_body = ProductRequest,
    responses(Versioned<Reply<ProductView>>, ChangeProductError),
)]
pub async fn update_product(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<ProductId>,
    if_match: IfMatch,
    Json(body, faults): Json<ProductRequest>,
) -> Result<Versioned<Reply<ProductView>>, ChangeProductError> {
    let product = change(&catalog, &caller, id, &if_match, (body, faults), Method::Merge).await?;
    Ok(Versioned(product.entity.revision(product.version), Reply(product.into())))
}
