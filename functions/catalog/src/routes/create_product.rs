//! `POST /api/v1/products`

use axum::extract::State;
use shared::{
    Failure,
    http::{
        Created, Faults, IdempotencyKey, Idempotent, KeptReply, KeyReused, Replayable, Versioned, once,
        problem::FORBIDDEN,
    },
    id::ProductId,
    identity::Caller,
    membership::{Denied, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    table::{Attempt, item::Stored, optimistic},
};

use crate::{
    access::permit_creation,
    problems::{SKU_TAKEN, SLUG_TAKEN, unknown_seller},
    product::ProductView,
    product_request::{Maker, ProductRequest},
    state::Catalog,
    writer::{WriteProductError, Written},
};

shared::problems! {
    /// Errors of creating a product.
    pub enum CreateProductError {
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        SkuTaken => SKU_TAKEN,
        SlugTaken => SLUG_TAKEN,
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

impl From<WriteProductError> for CreateProductError {
    fn from(error: WriteProductError) -> Self {
        match error {
            WriteProductError::SkuTaken => Self::SkuTaken,
            WriteProductError::SlugTaken => Self::SlugTaken,
            WriteProductError::Invalid(faults) => Self::Invalid(faults),
            WriteProductError::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl From<Denied> for CreateProductError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Forbidden => Self::Forbidden,
            Denied::NotPermitted(needs) => Self::NotPermitted(needs),
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

type CreatedProduct = Versioned<Created<KeptReply<ProductView>>>;

/// Create a product
///
/// Creates a product. A product without variants is its own only variant. For
/// administrators; with the id of an organisation as `seller`, also for editors and higher
/// roles of it.
#[utoipa::path(
    post,
    path = "/api/v1/products",
    params(IdempotencyKey),
    security(("bearer" = []), ("bearer" = ["manage_catalog"])),
    request_body = ProductRequest,
    responses(Replayable<CreatedProduct>, CreateProductError),
)]
pub async fn create_product(
    State(catalog): State<Catalog>,
    caller: Caller,
    Idempotent(body, faults, attempt): Idempotent<ProductRequest>,
) -> Result<Replayable<CreatedProduct>, CreateProductError> {
    let seller = body.seller()?.unwrap_or_default();
    let permit = || permit_creation(&catalog.store, &caller, &seller);
    let mut judged = Some(permit().await?.ok_or_else(unknown_seller)?);
    let id: ProductId = catalog.context.ids.next();
    let now = id.created_at();
    let ids = &catalog.context.ids;
    let mut product = body.create(Maker { id, ids, user: Some(caller.user_id), now }, faults)?;
    product.assume_stock(catalog.config.low_stock);
    let reply = KeptReply::new(&ProductView::from(Stored { entity: product.clone(), version: 1 }))?;
    let record = attempt.record(caller.user_id, &[], id, now).map(|record| record.with_reply(&reply));
    let (catalog, record, product, permit) = (&catalog, record.as_ref(), &product, &permit);
    let write = || {
        let judged = judged.take();
        async move {
            let check = match judged {
                Some(check) => check,
                None => permit().await?.ok_or_else(unknown_seller)?,
            };
            match catalog.writer.create(product, record, check).await? {
                Written::Done(_) => Ok(Attempt::Done(true)),
                Written::Repeated => Ok(Attempt::Done(false)),
                Written::Denied => Ok(Attempt::Retry),
                Written::Outdated => {
                    Err(CreateProductError::from(Failure::internal("a new product was outdated")))
                }
            }
        }
    };
    let create = async {
        if !optimistic(write).await? {
            return Ok(None);
        }
        catalog.products.forget(&id);
        catalog.slugs.forget(&product.slug.to_string());
        Ok(Some(created(&id.to_string(), reply)))
    };
    let first = async {
        let first = catalog.store.first_reply(record).await?;
        Ok(first.map(|(id, reply)| created(&id, reply)))
    };
    once(create, first).await
}

fn created(id: &str, body: KeptReply<ProductView>) -> CreatedProduct {
    Versioned(1, Created { location: format!("/api/v1/products/{id}"), body })
}
