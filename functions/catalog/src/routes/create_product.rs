//! `POST /api/v1/products`

use axum::extract::State;
use shared::{
    Failure,
    http::{
        Created, Faults, IdempotencyKey, IdempotencyRecord, Idempotent, KeyReused, Replayable, Versioned,
    },
    id::ProductId,
    identity::{Require, permission::ManageCatalog},
    table::item::Stored,
};

use crate::{
    product::{Product, ProductView},
    product_request::{Maker, ProductRequest},
    state::Catalog,
    writer::{WriteProductError, Written},
};

shared::problems! {
    /// Why no product is made.
    pub enum CreateProductError {
        /// Another product has one of these SKUs.
        SkuTaken => 409 sku_taken,
        /// Another product or category here has this slug.
        SlugTaken => 409 slug_taken,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
        /// This Idempotency-Key was used for another request.
        KeyReused(#[from] KeyReused) => 422 idempotency_key_reused,
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

type CreatedProduct = Replayable<Versioned<Created<ProductView>>>;

/// Make a product
///
/// For administrators. A product without variants is its own single one.
#[utoipa::path(
    post,
    path = "/api/v1/products",
    params(IdempotencyKey),
    security(("bearer" = ["manage_catalog"])),
    request_body = ProductRequest,
    responses(CreatedProduct, CreateProductError),
)]
pub async fn create_product(
    State(catalog): State<Catalog>,
    administrator: Require<ManageCatalog>,
    Idempotent(body, faults, attempt): Idempotent<ProductRequest>,
) -> Result<CreatedProduct, CreateProductError> {
    let now = catalog.context.clock.now();
    let id: ProductId = catalog.context.ids.next();
    let record = attempt.record(administrator.user_id, &[], id, now);
    let product = body.create(Maker { id, user: Some(administrator.user_id), now }, faults)?;
    match catalog.writer.create(&product, record.as_ref()).await {
        Ok(Written::Done(product)) => {
            catalog.products.forget(&product.entity.id);
            catalog.slugs.forget(&product.entity.slug.to_string());
            Ok(created(false, product))
        }
        Ok(Written::Repeated) => Ok(created(true, made_before(&catalog, record).await?)),
        // A category of an earlier attempt may be gone since.
        Err(WriteProductError::Invalid(_)) if catalog.store.was_made(record.as_ref()).await? => {
            Ok(created(true, made_before(&catalog, record).await?))
        }
        Ok(Written::Outdated) => Err(Failure::internal("a new product was outdated").into()),
        Err(refused) => Err(refused.into()),
    }
}

fn created(replayed: bool, product: Stored<Product>) -> CreatedProduct {
    let location = format!("/api/v1/products/{}", product.entity.id);
    let reply = Versioned(product.version, Created { location, body: product.into() });
    Replayable { replayed, reply }
}

/// What a request has made that comes again.
async fn made_before(
    catalog: &Catalog,
    record: Option<IdempotencyRecord>,
) -> Result<Stored<Product>, CreateProductError> {
    let gone = || Failure::unavailable("what was made before cannot be shown");
    let record = record.ok_or_else(gone)?;
    let first = catalog.store.get_idempotency_record(&record).await?.ok_or_else(gone)?;
    let id: ProductId = record.repeats(&first)?.parse().map_err(Failure::internal)?;
    Ok(catalog.store.get_product(id).await?.ok_or_else(gone)?)
}
