//! Offers, as products tell of them. Events come late, twice and in any order: a
//! product's own item is the gate that only newer ones pass, each offer has one of
//! its own, and how many there were at first is said by whichever event comes
//! first.

use shared::{
    Failure,
    bus::events::{ProductState, VariantState},
    id::ProductId,
    table::{Attempt, optimistic},
    text::Sku,
    vocabulary::ProductStatus,
};

use super::Replicas;
use crate::{
    offer::{Offer, OfferStatus, ProductOffers, ProductSkus},
    stock::StockCard,
    store::Told,
};

/// What came of an offer.
enum Offered {
    /// It was not there.
    Made,
    /// It says so already: perhaps this event has made it, and did not learn of it.
    MadeBefore,
    /// It was there.
    Changed,
}

impl Replicas {
    /// Lets the offers of a product say what it is like.
    pub(super) async fn product_changed(&self, state: &ProductState, version: u64) -> Result<(), Failure> {
        let skus: Vec<Sku> = state.variants.iter().map(|variant| variant.sku.clone()).collect();
        let mut product = self.pass(state.product_id, &skus, version).await?;
        let mut made: Vec<&Sku> = Vec::new();
        let mut may_be_late = false;
        if product.product_version == version {
            for sku in &product.skus.former {
                self.store.close_offer(sku, &product).await?;
            }
            for variant in &state.variants {
                match self.offer(state, variant, version).await? {
                    Offered::Made => made.push(&variant.sku),
                    Offered::MadeBefore => may_be_late = true,
                    Offered::Changed => {}
                }
            }
        }
        for VariantState { sku, initial_stock, .. } in &state.variants {
            if let Some(initial) = initial_stock.filter(|_| !made.contains(&sku)) {
                self.store.set_initial_stock(sku, state.product_id, initial).await?;
            }
        }
        if may_be_late || !made.is_empty() {
            // An offer that was not there could not be closed by an event that was
            // faster.
            let now = self.store.get_product(state.product_id).await?;
            product = now.map_or(product, |product| product.entity);
        }
        if product.product_version > version {
            for sku in skus.iter().filter(|sku| !product.skus.now.contains(sku)) {
                self.store.close_offer(sku, &product).await?;
            }
        }
        Ok(())
    }

    /// Closes the offers of a product that is gone. Orders keep what they say of it.
    pub(super) async fn product_deleted(&self, id: ProductId, version: u64) -> Result<(), Failure> {
        let product = self.pass(id, &[], version).await?;
        if product.product_version == version {
            for sku in &product.skus.former {
                self.store.close_offer(sku, &product).await?;
            }
        }
        Ok(())
    }

    /// Takes note of a product's version, unless a later one is known; gives what
    /// is known then.
    async fn pass(&self, id: ProductId, skus: &[Sku], version: u64) -> Result<ProductOffers, Failure> {
        optimistic(|| async move {
            let before = self.store.get_product(id).await?;
            let mut former = Vec::new();
            if let Some(before) = &before {
                if before.entity.product_version >= version {
                    return Ok(Attempt::Done(before.entity.clone()));
                }
                let all = before.entity.skus.now.iter().chain(&before.entity.skus.former);
                former.extend(all.filter(|sku| !skus.contains(sku)).cloned());
            }
            let product = ProductOffers {
                product_id: id,
                product_version: version,
                skus: ProductSkus { now: skus.to_vec(), former },
            };
            let passed = self.store.put_product(&product, before.map(|before| before.version)).await?;
            Ok(if passed { Attempt::Done(product) } else { Attempt::Retry })
        })
        .await
    }

    /// Makes or changes the offer of a variant.
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
            sku: variant.sku.clone(),
            product_id: state.product_id,
            product_version: version,
            price: variant.price,
            status: status.into(),
            initial_stock: variant.initial_stock,
            adjusted: 0,
            sold: 0,
            buckets: Vec::new(),
            low: stock <= self.low_stock,
            card: StockCard { title: variant.title.clone(), available: stock, reserved: 0, on_hand: stock },
        };
        if version == 1 && self.store.put_offer(&offer).await? {
            return Ok(Offered::Made);
        }
        match self.store.update_offer(&offer).await? {
            Told::Before(found) if found.product_version == version => Ok(Offered::MadeBefore),
            Told::Now(_) | Told::Before(_) => Ok(Offered::Changed),
            Told::Nothing if self.store.put_offer(&offer).await? => Ok(Offered::Made),
            // Made meanwhile by another event: which of them counts shows when this
            // one comes again.
            Told::Nothing => Err(Failure::unavailable("somebody else makes this offer")),
            Told::Foreign(_) => {
                Err(Failure::unavailable("this sku is another product's as long as that is open"))
            }
        }
    }
}
