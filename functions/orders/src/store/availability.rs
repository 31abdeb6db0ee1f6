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
    /// True if it is published.
    pub fn is_told(&self) -> bool {
        match &self.told {
            Some(told) => told.entity.availability == self.now.availability,
            None => self.now.availability == self.assumed,
        }
    }
}

impl Store {
    /// Current availability of a variant, with the low-stock threshold `low`. Until one
    /// is published, the catalogue assumes that of the opening stock.
    pub async fn get_availability(
        &self,
        variant: &VariantId,
        low: u64,
    ) -> Result<Option<KnownAvailability>, Failure> {
        let (offer, told) = (schema::offer(variant), schema::stock_availability(variant));
        let access = self.table.operation(&GET_AVAILABILITY);
        let mut found = access.get_many([offer.clone(), told.clone()], Consistency::Strong).await?;
        let Some(Stored { entity: offer, .. }) = found.take::<Offer>(offer)? else { return Ok(None) };
        let told = found.take(told)?;
        let mut available = offer.card.available;
        if !offer.buckets.is_empty() {
            let keys = || offer.buckets.iter().map(|bucket| schema::stock_bucket(variant, *bucket));
            let access = self.table.operation_on(&GET_AVAILABILITY, offer.buckets.len().div_ceil(2));
            let mut found = access.get_many(keys(), Consistency::Strong).await?;
            for key in keys() {
                available += found.take::<Bucket>(key)?.map_or(0, |bucket| bucket.entity.card.available);
            }
        }
        let now = StockAvailability {
            variant_id: variant.clone(),
            product_id: offer.product_id,
            availability: Availability::of(available, low).into(),
        };
        let assumed = Availability::of(offer.initial_stock.unwrap_or(0), low);
        Ok(Some(KnownAvailability { now, told, assumed }))
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
