//! Published availability of variants.

use shared::{
    Failure, UnlessRefused as _,
    bus::{DomainEvent, events::StockAvailabilityChanged},
    id::VariantId,
    table::{Condition, Consistency, item::Stored, schema},
    vocabulary::Availability,
};

use super::Store;
use crate::{
    offer::{Bucket, Offer, StockAvailability},
    operations::{GET_AVAILABILITY, PUT_AVAILABILITY},
};

/// The availability of a variant.
#[derive(Debug)]
pub struct KnownAvailability {
    /// Current availability of the stock.
    now: StockAvailability,
    /// Last published availability.
    told: Option<Stored<StockAvailability>>,
    /// Availability that consumers assume until one is published.
    assumed: Availability,
}

impl KnownAvailability {
    /// Its variant.
    pub fn into_variant(self) -> VariantId {
        self.now.variant_id
    }

    /// True if it is published.
    pub fn is_told(&self) -> bool {
        match &self.told {
            Some(told) => told.entity.availability == self.now.availability,
            None => self.now.availability == self.assumed,
        }
    }
}

impl Store {
    /// Current availability of up to 50 distinct variants, those that exist, with the
    /// low-stock threshold `low`. Until one is published, the catalogue assumes that of
    /// the opening stock.
    pub async fn get_availabilities(
        &self,
        variants: &[VariantId],
        low: u64,
    ) -> Result<Vec<KnownAvailability>, Failure> {
        let keys = variants.iter().flat_map(|it| [schema::offer(it), schema::stock_availability(it)]);
        let access = self.table.operation_on(&GET_AVAILABILITY, variants.len());
        let mut found = access.get_many(keys, Consistency::Strong).await?;
        let mut known = Vec::new();
        for variant in variants {
            let Some(Stored { entity: offer, .. }) = found.take::<Offer>(schema::offer(variant))? else {
                continue;
            };
            let available = offer.card.available + self.available_in_buckets(variant, &offer).await?;
            let now = StockAvailability {
                variant_id: variant.clone(),
                product_id: offer.product_id,
                availability: Availability::of(available, low).into(),
            };
            let told = found.take(schema::stock_availability(variant))?;
            let assumed = Availability::of(offer.initial_stock.unwrap_or(0), low);
            known.push(KnownAvailability { now, told, assumed });
        }
        Ok(known)
    }

    async fn available_in_buckets(&self, variant: &VariantId, offer: &Offer) -> Result<u64, Failure> {
        if offer.buckets.is_empty() {
            return Ok(0);
        }
        let keys = || offer.buckets.iter().map(|bucket| schema::stock_bucket(variant, *bucket));
        let access = self.table.operation_on(&GET_AVAILABILITY, offer.buckets.len().div_ceil(2));
        let mut found = access.get_many(keys(), Consistency::Strong).await?;
        let mut available = 0;
        for key in keys() {
            available += found.take::<Bucket>(key)?.map_or(0, |bucket| bucket.entity.card.available);
        }
        Ok(available)
    }

    /// Publishes the availability of a variant, unless it was published since it was
    /// read.
    pub async fn put_availability(&self, known: &KnownAvailability) -> Result<(), Failure> {
        let StockAvailability { variant_id, product_id, availability } = known.now.clone();
        let changed = StockAvailabilityChanged {
            stock_id: format!("stock_{variant_id}"),
            variant_id,
            product_id,
            availability,
        };
        let condition = known.told.as_ref().map_or(Condition::New, |told| Condition::Version(told.version));
        let events = vec![DomainEvent::StockAvailabilityChanged(changed)];
        let put = self.table.operation(&PUT_AVAILABILITY).put(&known.now, condition, events).await;
        put.unless_refused().map(drop)
    }
}
