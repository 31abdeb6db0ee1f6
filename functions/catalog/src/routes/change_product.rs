//! What `replace_product` and `update_product` have in common.

use shared::{
    http::{Faults, IfMatch, Stale},
    id::ProductId,
    table::{item::Stored, optimistic},
};

use crate::{
    product::Product,
    product_request::{Method, ProductRequest},
    state::Catalog,
    writer::{WriteProductError, Written},
};

shared::problems! {
    /// Why a product stays as it is.
    pub enum ChangeProductError {
        /// There is nothing here.
        NotFound => 404 not_found,
        /// Another product has one of these SKUs.
        SkuTaken => 409 sku_taken,
        /// Another product or category here has this slug.
        SlugTaken => 409 slug_taken,
        /// It has changed since you read it.
        Stale(#[from] Stale) => 412 stale_version,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
    }
}

impl From<WriteProductError> for ChangeProductError {
    fn from(error: WriteProductError) -> Self {
        match error {
            WriteProductError::SkuTaken => Self::SkuTaken,
            WriteProductError::SlugTaken => Self::SlugTaken,
            WriteProductError::Invalid(faults) => Self::Invalid(faults),
            WriteProductError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Changes a product as a body says; gives it as it is then.
pub(super) async fn change(
    catalog: &Catalog,
    id: ProductId,
    if_match: &IfMatch,
    (body, faults): (ProductRequest, Faults),
    method: Method,
) -> Result<Stored<Product>, ChangeProductError> {
    let (body, faults) = (&body, &faults);
    let changed: Stored<Product> = optimistic(|| async move {
        let before = catalog.store.get_product(id).await?.ok_or(ChangeProductError::NotFound)?;
        if_match.check(before.version)?;
        let at = before.entity.updated_at;
        let after = body.clone().change(&before.entity, method, at, faults.clone())?;
        match catalog.writer.replace(&before, after).await? {
            Written::Done(after) => {
                catalog.slugs.forget(&before.entity.slug.to_string());
                Ok(Some(after))
            }
            Written::Repeated | Written::Outdated => Ok::<_, ChangeProductError>(None),
        }
    })
    .await?;
    catalog.products.forget(&id);
    catalog.slugs.forget(&changed.entity.slug.to_string());
    Ok(changed)
}
