//! Products, each written with all that names, lists and counts it.

use shared::{
    Failure, Refused,
    bus::{
        DomainEvent,
        events::{ProductCreated, ProductDeleted, ProductUpdated},
    },
    clock::Timestamp,
    http::IdempotencyRecord,
    id::ProductId,
    table::{
        Condition,
        item::{Stored, Tombstone},
        schema,
    },
    text::{Sku, Slug},
};

use super::{
    Store, TOMBSTONE_LIFETIME,
    around::{SkuClaim, SlugClaim, around},
};
use crate::{operations, product::Product, tree::TreeLogEntry};

/// Why a product is not written.
#[derive(Debug)]
pub enum ProductRefusal {
    /// The request has been made before.
    Repeated,
    /// Another product has one of the SKUs.
    SkuTaken,
    /// Another product has the slug.
    SlugTaken,
    /// Somebody else has written it meanwhile.
    Outdated,
    /// Somebody else has changed the tree meanwhile.
    Overtaken,
    /// It is more than can be written at once.
    TooMuch,
}

/// What commits together with a product.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// That a category has its first product.
    pub entry: Option<&'a TreeLogEntry>,
    /// What makes the request safe to repeat.
    pub record: Option<&'a IdempotencyRecord>,
}

impl Store {
    /// The product, if there is one.
    pub async fn get_product(&self, id: ProductId) -> Result<Option<Stored<Product>>, Failure> {
        self.table.operation(&operations::GET_PRODUCT).get(schema::product(id)).await
    }

    /// Whose SKU it is.
    pub async fn find_by_sku(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        let claim: Option<Stored<SkuClaim>> =
            self.table.operation(&operations::GET_SKU).get(schema::sku(sku)).await?;
        Ok(claim.map(|claim| claim.entity.product_id))
    }

    /// Whose slug it is.
    pub async fn find_by_slug(&self, slug: &Slug) -> Result<Option<ProductId>, Failure> {
        let claim: Option<Stored<SlugClaim>> =
            self.table.operation(&operations::GET_SLUG).get(schema::product_slug(slug)).await?;
        Ok(claim.map(|claim| claim.entity.product_id))
    }

    /// Makes a product and announces it; with a record, once.
    pub async fn create_product(
        &self,
        product: &Product,
        beside: Beside<'_>,
    ) -> Result<(), Refused<ProductRefusal>> {
        let mut transaction = self.table.operation(&operations::CREATE_PRODUCT).transaction();
        if let Some(record) = beside.record {
            transaction = transaction.put(record, record.unused(), Vec::new()).or(ProductRefusal::Repeated);
        }
        let created = DomainEvent::ProductCreated(ProductCreated { product: product.state() });
        let transaction = transaction.put_new_with(product, vec![created]);
        around(transaction, None, Some(product), beside)?.commit().await
    }

    /// Writes a product anew, and announces what has changed.
    pub async fn replace_product(
        &self,
        before: &Stored<Product>,
        after: &Product,
        beside: Beside<'_>,
    ) -> Result<(), Refused<ProductRefusal>> {
        let changed = before.entity.changed(after);
        let events = if changed.is_empty() {
            Vec::new()
        } else {
            vec![DomainEvent::ProductUpdated(ProductUpdated { changed, product: after.state() })]
        };
        let transaction = self.table.operation(&operations::REPLACE_PRODUCT).transaction();
        let transaction =
            transaction.put(after, Condition::Version(before.version), events).or(ProductRefusal::Outdated);
        around(transaction, Some(&before.entity), Some(after), beside)?.commit().await
    }

    /// Deletes a product and announces it.
    pub async fn delete_product(
        &self,
        before: &Stored<Product>,
        now: Timestamp,
    ) -> Result<(), Refused<ProductRefusal>> {
        let id = before.entity.id;
        let deleted = DomainEvent::ProductDeleted(ProductDeleted { product_id: id });
        let tombstone = Tombstone::new(schema::product(id), now, TOMBSTONE_LIFETIME);
        let transaction = self.table.operation(&operations::DELETE_PRODUCT).transaction();
        let transaction = transaction
            .put(&tombstone, Condition::Version(before.version), vec![deleted])
            .or(ProductRefusal::Outdated);
        around(transaction, Some(&before.entity), None, Beside::default())?.commit().await
    }
}
