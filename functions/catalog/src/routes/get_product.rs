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
    /// Errors of getting a product.
    pub enum GetProductError {
        NotFound => NOT_FOUND,
    }
}

/// Get a product
///
/// Returns a product. Drafts and withheld products are visible to members of the selling
/// organisation and to administrators only; other callers get 404. Without a token, the reply
/// may be 5 seconds old.
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

/// Reply for a reader, from an id and its age.
pub(super) async fn show(
    catalog: &Catalog,
    reader: Reader,
    (id, id_age): (ProductId, Duration),
) -> Result<VersionedWithin<PublicReply<ProductView>>, GetProductError> {
    let (product, age) = catalog.product_for(reader, id).await?;
    let (product, to_seller) = product.ok_or(GetProductError::NotFound)?;
    let version = product.entity.revision(product.version);
    let item = product.entity.tagged_version(product.version);
    // The availability is a part of the reply: it changes the item, and not the
    // product.
    let told = (item != version).then(|| item.to_string());
    // The tree decides which categories are hidden; a copy of it may be as old as that
    // of the product.
    let (body, whole, tree_age) = match reader.audience {
        Audience::Administrators => (product.into(), told, Duration::ZERO),
        Audience::Public => {
            let (tree, age) = catalog.tree.recent(MAX_AGE).await?;
            let stock = to_seller.then(|| "stock".to_owned());
            let whole = [Some(tree.number().to_string()), told, stock];
            let whole = whole.into_iter().flatten().collect::<Vec<_>>().join("-");
            (ProductView::shown(product, &tree, to_seller), Some(whole), age)
        }
    };
    let max_age_seconds = reader.max_age_seconds(age.max(id_age).max(tree_age));
    Ok(VersionedWithin { version, whole, reply: PublicReply { body, max_age_seconds } })
}
