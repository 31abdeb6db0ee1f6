//! Products, each written with its claims, rows and counts.

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
    membership::OrganizationCheck,
    table::{
        Condition,
        item::{Stored, Tombstone},
        schema,
    },
    text::{Sku, Slug},
};

use super::{
    Store, TOMBSTONE_LIFETIME,
    claims_and_rows::{SkuClaim, SlugClaim, with_claims_and_rows},
};
use crate::{
    operations,
    product::{Layout, Product},
    tree::TreeLogEntry,
};

/// Reason for a refused write of a product.
#[derive(Debug)]
pub enum ProductRefusal {
    /// The request is a repeated one.
    Repeated,
    /// Another product has one of the SKUs.
    SkuTaken,
    /// Another product has the slug.
    SlugTaken,
    /// A concurrent writer has changed the product.
    Outdated,
    /// A concurrent writer has changed the tree.
    Overtaken,
    /// The write is too large for one transaction.
    TooMuch,
    /// The permission of the writer, or the status of the organisation, has changed.
    Denied,
}

/// Items that commit together with a product.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Log entry for a category's first product.
    pub entry: Option<&'a TreeLogEntry>,
    /// Idempotency record.
    pub record: Option<&'a IdempotencyRecord>,
    /// Conditions of the seller.
    pub check: OrganizationCheck,
}

impl Store {
    /// Reads the product, if there is one.
    pub async fn get_product(&self, id: ProductId) -> Result<Option<Stored<Product>>, Failure> {
        self.table.operation(&operations::GET_PRODUCT).get(schema::product(id)).await
    }

    /// Finds the product of a SKU, case-insensitive. An earlier release claimed SKUs in
    /// their spelling, so two that differ in case are both found.
    pub async fn find_by_sku(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        if let Some(id) = self.find_former_claim(sku).await? {
            return Ok(Some(id));
        }
        self.claim_of(&sku.folded()).await
    }

    /// Finds the product that has claimed a SKU in its spelling, if that differs from
    /// the folded form.
    async fn find_former_claim(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        if *sku == sku.folded() { Ok(None) } else { self.claim_of(sku).await }
    }

    async fn claim_of(&self, sku: &Sku) -> Result<Option<ProductId>, Failure> {
        let claim: Option<Stored<SkuClaim>> =
            self.table.operation(&operations::GET_SKU).get(schema::sku(sku)).await?;
        Ok(claim.map(|claim| claim.entity.product_id))
    }

    /// Refuses new SKUs that another product has claimed in their spelling. Such claims
    /// are no longer made, so none can appear between this check and the transaction.
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

    /// Finds the product of a slug.
    pub async fn find_by_slug(&self, slug: &Slug) -> Result<Option<ProductId>, Failure> {
        let claim: Option<Stored<SlugClaim>> =
            self.table.operation(&operations::GET_SLUG).get(schema::product_slug(slug)).await?;
        Ok(claim.map(|claim| claim.entity.product_id))
    }

    /// Creates a product and publishes the event; with a record, once.
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
        let transaction = beside.check.add(transaction, || ProductRefusal::Denied);
        with_claims_and_rows(transaction, None, Some(product), beside)?.commit().await
    }

    /// Replaces a product and publishes its changes.
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
        let transaction = beside.check.add(transaction, || ProductRefusal::Denied);
        with_claims_and_rows(transaction, Some(&before.entity), Some(after), beside)?.commit().await
    }

    /// Deletes a product and publishes the event.
    pub async fn delete_product(
        &self,
        before: &Stored<Product>,
        now: Timestamp,
        beside: Beside<'_>,
    ) -> Result<(), Refused<ProductRefusal>> {
        let id = before.entity.id;
        let deleted = DomainEvent::ProductDeleted(ProductDeleted { product_id: id });
        let tombstone = Tombstone::new(schema::product(id), now, TOMBSTONE_LIFETIME);
        let transaction = self.table.operation(&operations::DELETE_PRODUCT).transaction();
        let transaction = transaction
            .put(&tombstone, Condition::Version(before.version), vec![deleted])
            .or(ProductRefusal::Outdated);
        let transaction = beside.check.add(transaction, || ProductRefusal::Denied);
        with_claims_and_rows(transaction, Some(&before.entity), None, beside)?.commit().await
    }
}
