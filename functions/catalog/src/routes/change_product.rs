//! Common part of `replace_product` and `update_product`.

use shared::{
    http::{
        Faults, IfMatch, Stale,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::ProductId,
    identity::Caller,
    membership::{Denied, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    table::{Attempt, item::Stored, optimistic},
};

use crate::{
    access::permit_change,
    problems::{SKU_TAKEN, SLUG_TAKEN},
    product::Product,
    product_request::{Method, ProductRequest},
    state::Catalog,
    writer::{WriteProductError, Written},
};

shared::problems! {
    /// Errors of changing a product.
    pub enum ChangeProductError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        SkuTaken => SKU_TAKEN,
        SlugTaken => SLUG_TAKEN,
        Stale(Stale),
        Invalid(Faults),
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

impl From<Denied> for ChangeProductError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Forbidden => Self::Forbidden,
            Denied::NotPermitted(needs) => Self::NotPermitted(needs),
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

/// Applies a request to a product; gives the result.
pub(super) async fn change(
    catalog: &Catalog,
    caller: &Caller,
    id: ProductId,
    if_match: &IfMatch,
    (body, faults): (ProductRequest, Faults),
    method: Method,
) -> Result<Stored<Product>, ChangeProductError> {
    let (body, faults) = (&body, &faults);
    let changed: Stored<Product> = optimistic(|| async move {
        let before = catalog.store.get_product(id).await?.ok_or(ChangeProductError::NotFound)?;
        let check = permit_change(&catalog.store, caller, &before.entity).await?;
        let check = check.ok_or(ChangeProductError::NotFound)?;
        if_match.check(before.entity.revision(before.version))?;
        let at = before.entity.updated_at;
        let after =
            body.clone().change(&before.entity, method, (at, &catalog.context.ids), faults.clone())?;
        match catalog.writer.replace(&before, after, check).await? {
            Written::Done(after) => {
                catalog.slugs.forget(&before.entity.slug.to_string());
                Ok(Attempt::Done(after))
            }
            Written::Repeated | Written::Outdated | Written::Denied => {
                Ok::<_, ChangeProductError>(Attempt::Retry)
            }
        }
    })
    .await?;
    catalog.products.forget(&id);
    catalog.slugs.forget(&changed.entity.slug.to_string());
    Ok(changed)
}
