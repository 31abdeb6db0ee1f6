//! `GET /api/v1/products/{product_id}`

use std::time::Duration;

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, Versioned, problem::NOT_FOUND},
    id::ProductId,
    identity::MaybeCaller,
};

use crate::{
    product::ProductView,
    state::{Catalog, Reader},
};

shared::problems! {
    /// Why there is no product to show.
    pub enum GetProductError {
        NotFound => NOT_FOUND,
    }
}

/// A product
///
/// Drafts are there for administrators only. Without a token, what is shown may
/// be up to 5 seconds old.
#[utoipa::path(
    get,
    path = "/api/v1/products/{product_id}",
    params(("product_id" = ProductId, Path, description = "The product's id.")),
    security((), ("bearer" = [])),
    responses(Versioned<PublicReply<ProductView>>, GetProductError),
)]
pub async fn get_product(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<ProductId>,
) -> Result<Versioned<PublicReply<ProductView>>, GetProductError> {
    show(&catalog, Reader::of(caller.as_ref()), (id, Duration::ZERO)).await
}

/// The product for a reader, by an id of an age.
pub(super) async fn show(
    catalog: &Catalog,
    reader: Reader,
    (id, id_age): (ProductId, Duration),
) -> Result<Versioned<PublicReply<ProductView>>, GetProductError> {
    let (product, age) = catalog.product_for(reader, id).await?;
    let product = product.ok_or(GetProductError::NotFound)?;
    let max_age_seconds = reader.max_age_seconds(age.max(id_age));
    Ok(Versioned(product.version, PublicReply { body: product.into(), max_age_seconds }))
}
