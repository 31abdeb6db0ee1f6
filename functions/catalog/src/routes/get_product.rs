//! `GET /api/v1/products/{product_id}`

use std::time::Duration;

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin, problem::NOT_FOUND},
    id::ProductId,
    identity::MaybeCaller,
};

use crate::{
    cache::MAX_AGE,
    product::ProductView,
    state::{Catalog, Reader},
    tree::Audience,
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
    responses(VersionedWithin<PublicReply<ProductView>>, GetProductError),
)]
pub async fn get_product(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<ProductId>,
) -> Result<VersionedWithin<PublicReply<ProductView>>, GetProductError> {
    show(&catalog, Reader::of(caller.as_ref()), (id, Duration::ZERO)).await
}

/// The product for a reader, by an id of an age.
pub(super) async fn show(
    catalog: &Catalog,
    reader: Reader,
    (id, id_age): (ProductId, Duration),
) -> Result<VersionedWithin<PublicReply<ProductView>>, GetProductError> {
    let (product, age) = catalog.product_for(reader, id).await?;
    let product = product.ok_or(GetProductError::NotFound)?;
    let version = product.version;
    // Which of its categories are hidden is the tree's to say: a copy of it is
    // as good as that of the product.
    let (body, whole, tree_age) = match reader.audience {
        Audience::Administrators => (product.into(), None, Duration::ZERO),
        Audience::Public => {
            let (tree, age) = catalog.tree.recent(MAX_AGE).await?;
            (ProductView::shown(product, &tree, reader.audience), Some(tree.number().to_string()), age)
        }
    };
    let max_age_seconds = reader.max_age_seconds(age.max(id_age).max(tree_age));
    Ok(VersionedWithin { version, whole, reply: PublicReply { body, max_age_seconds } })
}
