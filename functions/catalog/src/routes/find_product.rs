//! `GET /api/v1/products/by-slug/{slug}`

use std::time::Duration;

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin},
    identity::MaybeCaller,
    text::Slug,
};

use super::get_product::{GetProductError, show};
use crate::{
    product::ProductView,
    state::{Catalog, Reader},
};

/// Find a product by slug
///
/// Returns the same as `GET /api/v1/products/{product_id}`.
#[utoipa::path(
    get,
    path = "/api/v1/products/by-slug/{slug}",
    params(("slug" = Slug, Path, description = "The product's name in paths.")),
    security((), ("bearer" = [])),
    responses(VersionedWithin<PublicReply<ProductView>>, GetProductError),
)]
pub async fn find_product(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Path(slug): Path<String>,
) -> Result<VersionedWithin<PublicReply<ProductView>>, GetProductError> {
    let reader = Reader::of(caller.as_ref());
    let slug = Slug::parse(&slug).map_err(|_| GetProductError::NotFound)?;
    let read = catalog.store.find_by_slug(&slug);
    let (id, age) = if reader.anonymous {
        catalog.slugs.get_or_read(slug.to_string(), read).await?
    } else {
        (read.await?, Duration::ZERO)
    };
    show(&catalog, reader, (id.ok_or(GetProductError::NotFound)?, age)).await
}
