//! `POST /api/v1/products`

use axum::extract::State;
use shared::{
    Failure,
    http::{Created, Faults, IdempotencyKey, Idempotent, KeptReply, KeyReused, Replayable, Versioned, once},
    id::ProductId,
    identity::{Require, permission::ManageCatalog},
    table::item::Stored,
};

use crate::{
    problems::{SKU_TAKEN, SLUG_TAKEN},
    product::ProductView,
    product_request::{Maker, ProductRequest},
    state::Catalog,
    writer::{WriteProductError, Written},
};

shared::problems! {
    /// Errors of creating a product.
    pub enum CreateProductError {
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

type CreatedProduct = Versioned<Created<KeptReply<ProductView>>>;

/// Create a product
///
/// Creates a product. One without variants has a single default variant: itself.
/// Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/products",
    params(IdempotencyKey),
    security(("bearer" = ["manage_catalog"])),
    request_body = ProductRequest,
    responses(Replayable<CreatedProduct>, CreateProductError),
)]
pub async fn create_product(
    State(catalog): State<Catalog>,
    administrator: Require<ManageCatalog>,
    Idempotent(body, faults, attempt): Idempotent<ProductRequest>,
) -> Result<Replayable<CreatedProduct>, CreateProductError> {
    let id: ProductId = catalog.context.ids.next();
    let now = id.created_at();
    let ids = &catalog.context.ids;
    let mut product = body.create(Maker { id, ids, user: Some(administrator.user_id), now }, faults)?;
    product.assume_stock(catalog.config.low_stock);
    let reply = KeptReply::new(&ProductView::from(Stored { entity: product.clone(), version: 1 }))?;
    let record = attempt.record(administrator.user_id, &[], id, now).map(|record| record.with_reply(&reply));
    let (catalog, record) = (&catalog, record.as_ref());
    let create = async {
        match catalog.writer.create(&product, record).await? {
            Written::Done(product) => {
                catalog.products.forget(&id);
                catalog.slugs.forget(&product.entity.slug.to_string());
                Ok(Some(created(&id.to_string(), reply)))
            }
            Written::Repeated => Ok(None),
            Written::Outdated => Err(Failure::internal("a new product was outdated").into()),
        }
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
