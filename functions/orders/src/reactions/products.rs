//! Offers, from the events of products. Events come late, twice and in any order: a
//! product's own item is the gate that admits newer ones only, each offer has a gate of
//! its own, and the opening stock is set by the first event to arrive.

use shared::{
    Failure,
    bus::events::{ProductState, VariantState},
    id::{ProductId, VariantId},
    table::{Attempt, optimistic},
    text::Sku,
    vocabulary::ProductStatus,
};

use super::Replicas;
use crate::{
    offer::{Offer, OfferStatus, ProductOffers, ProductSkus},
    stock::StockCard,
    store::ReplicaUpdate,
};

/// Outcome of an offer's update.
enum Offered {
    /// Created.
    Made,
    /// Up to date: perhaps this event created it and lost the reply.
    MadeBefore,
    /// Existing before.
    Changed,
}

impl Replicas {
    /// Updates the offers of a product to its state.
    pub(super) async fn product_changed(&self, state: &ProductState, version: u64) -> Result<(), Failure> {
        let mut product = self.pass(state.product_id, &state.variants, version).await?;
        let mut made: Vec<VariantId> = Vec::new();
        let mut may_be_late = false;
        if product.product_version == version {
            self.release(&product, &state.variants).await?;
            for variant in &state.variants {
                match self.offer(state, variant, version).await? {
                    Offered::Made => made.push(variant.id()),
                    Offered::MadeBefore => may_be_late = true,
                    Offered::Changed => {}
                }
            }
        }
        for variant in &state.variants {
            if let Some(initial) = variant.initial_stock.filter(|_| !made.contains(&variant.id())) {
                self.store.set_initial_stock(&variant.id(), state.product_id, initial).await?;
            }
        }
        if may_be_late || !made.is_empty() {
            // A newer event could not close an offer that did not exist yet.
            let now = self.store.get_product(state.product_id).await?;
            product = now.map_or(product, |product| product.entity);
        }
        if product.product_version > version {
            for variant in &state.variants {
                if !product.skus.variants().contains(&variant.id()) {
                    self.store.close_offer(&variant.id(), &product).await?;
                }
                if !product.skus.now.iter().any(|sku| sku.is_same(&variant.sku)) {
                    self.store.free_sku(&variant.sku, &product).await?;
                }
            }
        }
        self.tell_availabilities(state.variants.iter().map(VariantState::id)).await
    }

    /// Closes the offers of a deleted product. Orders keep their copies of its data.
    pub(super) async fn product_deleted(&self, id: ProductId, version: u64) -> Result<(), Failure> {
        let product = self.pass(id, &[], version).await?;
        if product.product_version == version { self.release(&product, &[]).await } else { Ok(()) }
    }

    /// Closes the offers of removed variants, and frees SKUs that none of the variants
    /// has.
    async fn release(&self, product: &ProductOffers, now: &[VariantState]) -> Result<(), Failure> {
        for variant in product.skus.all_variants() {
            if !now.iter().any(|now| now.id() == variant) {
                self.store.close_offer(&variant, product).await?;
            }
        }
        for sku in &product.skus.former {
            self.store.free_sku(sku, product).await?;
        }
        Ok(())
    }

    /// Records a product's version, unless a later one is known; gives the known state.
    async fn pass(
        &self,
        id: ProductId,
        variants: &[VariantState],
        version: u64,
    ) -> Result<ProductOffers, Failure> {
        optimistic(|| async move {
            let before = self.store.get_product(id).await?;
            let (mut former, mut former_variants) = (Vec::new(), Vec::new());
            if let Some(before) = &before {
                if before.entity.product_version >= version {
                    return Ok(Attempt::Done(before.entity.clone()));
                }
                let skus = &before.entity.skus;
                let is_former = |sku: &&Sku| !variants.iter().any(|variant| variant.sku.is_same(sku));
                former.extend(skus.now.iter().chain(&skus.former).filter(is_former).cloned());
                let is_former = |id: &VariantId| !variants.iter().any(|variant| variant.id() == *id);
                former_variants.extend(skus.all_variants().into_iter().filter(is_former));
            }
            let product = ProductOffers {
                product_id: id,
                product_version: version,
                skus: ProductSkus {
                    now: variants.iter().map(|variant| variant.sku.clone()).collect(),
                    former,
                    variants: Some(variants.iter().map(VariantState::id).collect()),
                    former_variants: Some(former_variants),
                },
            };
            let passed = self.store.put_product(&product, before.map(|before| before.version)).await?;
            Ok(if passed { Attempt::Done(product) } else { Attempt::Retry })
        })
        .await
    }

    /// Creates or updates the offer of a variant.
    async fn offer(
        &self,
        state: &ProductState,
        variant: &VariantState,
        version: u64,
    ) -> Result<Offered, Failure> {
        let status = match state.status.known() {
            Some(ProductStatus::Active) => OfferStatus::Open,
            Some(ProductStatus::Draft | ProductStatus::Archived) => OfferStatus::Closed,
            None => {
                let cause = format!("product status {} is not known here", state.status);
                return Err(Failure::internal(cause));
            }
        };
        let stock = variant.initial_stock.unwrap_or(0);
        let offer = Offer {
            variant_id: Some(variant.id()),
            sku: variant.sku.clone(),
            product_id: state.product_id,
            product_version: version,
            seller: state.seller.clone().unwrap_or_default(),
            price: variant.price,
            status: status.into(),
            initial_stock: variant.initial_stock,
            adjusted: 0,
            sold: 0,
            buckets: Vec::new(),
            low: status == OfferStatus::Open && stock <= self.low_stock,
            card: StockCard { title: variant.title.clone(), available: stock, reserved: 0, on_hand: stock },
        };
        let offered = if version == 1 && self.store.put_offer(&offer).await? {
            Offered::Made
        } else {
            match self.store.update_offer(&offer, self.low_stock).await? {
                ReplicaUpdate::AlreadyApplied(found) if found.product_version == version => {
                    Offered::MadeBefore
                }
                ReplicaUpdate::Applied(_) | ReplicaUpdate::AlreadyApplied(_) => Offered::Changed,
                ReplicaUpdate::NotFound if self.store.put_offer(&offer).await? => Offered::Made,
                // Created concurrently by another event: the next delivery shows which
                // one counts.
                ReplicaUpdate::NotFound => {
                    return Err(Failure::unavailable("the offer was created concurrently"));
                }
                ReplicaUpdate::OwnedByOther(_) => return Err(taken()),
            }
        };
        // A variant is found by its SKU only once the offer holds it.
        if self.store.claim_sku(&offer).await? { Ok(offered) } else { Err(taken()) }
    }
}

fn taken() -> Failure {
    Failure::unavailable("this SKU is another product's until that gives it up")
}
