//! Products, each written with all that names, lists and counts it.

use futures::future::try_join_all;
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
use crate::{
    operations,
    product::{Layout, Product},
    tree::TreeLogEntry,
};

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

    /// The product that has a SKU, whatever its case. An earlier release has claimed
    /// SKUs as they are written: where two differ in case only, each is found so.
    pub async fn find_by_sku(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        if let Some(id) = self.find_former_claim(sku).await? {
            return Ok(Some(id));
        }
        self.claim_of(&sku.folded()).await
    }

    /// The product that has claimed a SKU as it is written, if that is not the form
    /// which this release claims.
    async fn find_former_claim(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        if *sku == sku.folded() { Ok(None) } else { self.claim_of(sku).await }
    }

    async fn claim_of(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        let claim: Option<Stored<SkuClaim>> =
            self.table.operation(&operations::GET_SKU).get(schema::sku(sku)).await?;
        Ok(claim.map(|claim| claim.entity.product_id))
    }

    /// Refuses new SKUs that another product has claimed as they are written. No such
    /// claim is made any more, so nothing is missed between this and the transaction.
    async fn refuse_former_claims(
        &self,
        before: Option<&Product>,
        after: &Product,
    ) -> Result<(), Refused<ProductRefusal>> {
        let held = before.map(Product::skus).unwrap_or_default();
        let new = after.skus().into_iter().filter(|sku| !held.contains(sku));
        let claims = try_join_all(new.map(|sku| self.find_former_claim(sku))).await?;
        let taken = claims.into_iter().flatten().any(|owner| owner != after.id);
        if taken { Err(Refused::By(ProductRefusal::SkuTaken)) } else { Ok(()) }
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
        self.refuse_former_claims(None, product).await?;
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
        self.refuse_former_claims(Some(&before.entity), after).await?;
        let mut after = after.clone();
        after.layout = Layout::LATEST;
        let kept = before.entity.former_claims.iter().filter(|sku| after.skus().contains(sku));
        after.former_claims = kept.cloned().collect();
        let after = &after;
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
