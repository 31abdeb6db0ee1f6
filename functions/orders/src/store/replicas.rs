//! Replicas of products and accounts, from the events of other groups.

use shared::{
    Failure, Refused, UnlessRefused as _,
    id::{ProductId, UserId, VariantId},
    table::{
        Attempt, Condition, ConditionFailed, Expression, Update,
        item::{Entity as _, Stored},
        optimistic, schema,
    },
    text::Sku,
};

use super::Store;
use crate::{
    buyer::{Buyer, BuyerStatus},
    offer::{Bucket, Offer, OfferStatus, OfferedSku, ProductOffers},
    operations::{
        GET_BUYER, GET_OFFER, GET_PRODUCT, PUT_BUYER, PUT_OFFER, PUT_PRODUCT, PUT_SKU, SET_INITIAL_STOCK,
        UPDATE_OFFER,
    },
};

/// Number of variants of a product whose version is recorded at the cost of one use.
const VARIANTS: usize = 10;

/// Outcome of an event at an offer.
#[derive(Debug)]
pub enum ReplicaUpdate {
    /// The offer is updated.
    Applied(Offer),
    /// The offer was up to date, from this event or a later one.
    AlreadyApplied(Offer),
    /// The offer belongs to another product, and is open; its buckets may still be this
    /// one's.
    OwnedByOther(Offer),
    /// The offer does not exist.
    NotFound,
}

impl Store {
    /// Last known version of a product.
    pub async fn get_product(&self, id: ProductId) -> Result<Option<Stored<ProductOffers>>, Failure> {
        self.table.operation(&GET_PRODUCT).get(schema::product_offers(id)).await
    }

    /// Records a product's version; `false` if a concurrent writer was first.
    pub async fn put_product(&self, product: &ProductOffers, before: Option<u64>) -> Result<bool, Failure> {
        let condition = before.map_or(Condition::New, Condition::Version);
        let things = (product.skus.now.len() + product.skus.former.len()).div_ceil(VARIANTS);
        written(
            self.table.operation_on(&PUT_PRODUCT, things.max(1)).put(product, condition, Vec::new()).await,
        )
    }

    /// Creates an offer; `false` if the variant has one.
    pub async fn put_offer(&self, offer: &Offer) -> Result<bool, Failure> {
        written(self.table.operation(&PUT_OFFER).put(offer, Condition::New, Vec::new()).await)
    }

    /// Updates an offer to the content of `offer`, without the stock, and then its
    /// buckets. An open offer with at most `low` units is listed as low stock.
    pub async fn update_offer(&self, offer: &Offer, low: u64) -> Result<ReplicaUpdate, Failure> {
        let told = optimistic(|| self.update_cell_of_offer(offer, low)).await?;
        if let ReplicaUpdate::Applied(now) | ReplicaUpdate::AlreadyApplied(now) = &told {
            for bucket in &now.buckets {
                self.update_bucket(offer, *bucket).await?;
            }
        }
        Ok(told)
    }

    async fn update_cell_of_offer(&self, offer: &Offer, low: u64) -> Result<Attempt<ReplicaUpdate>, Failure> {
        let key = offer.key();
        let Some(before) = self.table.operation(&GET_OFFER).get::<Offer>(key.clone()).await? else {
            return Ok(Attempt::Done(ReplicaUpdate::NotFound));
        };
        let before = before.entity;
        let is_listed = offer.status == OfferStatus::Open && before.buckets.is_empty();
        let is_low = before.card.available <= low;
        let row = schema::low_stock(offer.sku.as_str());
        let mut condition = newer(offer);
        if is_listed {
            // Every low stock must have the row.
            condition = condition.and(if is_low {
                " AND #card.#available <= :low"
            } else {
                " AND #card.#available > :low"
            });
            condition = condition.number(":low", low);
        }
        let described = described(offer).and(", #seller = :seller").text(":seller", &offer.seller);
        let update = Update::set(described).when(condition);
        let update = if is_listed && is_low { update.list(row) } else { update.unlist(row.index) };
        let updated = self.table.operation(&UPDATE_OFFER).update::<Offer>(key, update).await;
        let is_newer = |found: &Offer| {
            if found.product_id == offer.product_id {
                found.product_version < offer.product_version
            } else {
                found.status == OfferStatus::Closed
            }
        };
        match updated {
            Err(Refused::By(ConditionFailed(Some(found)))) if is_newer(&found.entity) => Ok(Attempt::Retry),
            updated => told(updated, offer.product_id).map(Attempt::Done),
        }
    }

    async fn update_bucket(&self, offer: &Offer, bucket: u8) -> Result<(), Failure> {
        let key = schema::stock_bucket(&offer.variant(), bucket);
        let update = Update::set(described(offer)).when(newer(offer));
        match self.table.operation(&UPDATE_OFFER).update::<Bucket>(key, update).await {
            // Another product has closed the offer, and this one has not.
            Err(Refused::By(ConditionFailed(Some(found)))) if found.entity.product_id != offer.product_id => {
                Err(Failure::unavailable("this bucket is still another product's"))
            }
            Ok(_) | Err(Refused::By(ConditionFailed(_))) => Ok(()),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }

    /// Claims a SKU for the variant of an offer, unless a later version is known;
    /// `false` if another product has it.
    pub async fn claim_sku(&self, offer: &Offer) -> Result<bool, Failure> {
        let claim = OfferedSku {
            sku: offer.sku.folded(),
            variant_id: offer.variant(),
            product_id: offer.product_id,
            product_version: offer.product_version,
            free: false,
        };
        let condition = Expression::new(
            "attribute_not_exists(#pk) OR (#product_id = :product AND #product_version < :product_version) \
             OR (#product_id <> :product AND #free = :free)",
        )
        .text(":product", offer.product_id)
        .number(":product_version", offer.product_version)
        .boolean(":free", true);
        match self.table.operation(&PUT_SKU).put(&claim, Condition::When(condition), Vec::new()).await {
            Ok(()) => Ok(true),
            Err(Refused::By(ConditionFailed(found))) => {
                Ok(found.is_some_and(|found| found.entity.product_id == offer.product_id))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }

    /// Frees a SKU that a product no longer has.
    pub async fn free_sku(&self, sku: &Sku, product: &ProductOffers) -> Result<(), Failure> {
        let set = Expression::new("#free = :free, #product_version = :product_version")
            .boolean(":free", true)
            .number(":product_version", product.product_version);
        let condition = Expression::new("#product_id = :product AND #product_version < :product_version")
            .text(":product", product.product_id);
        let key = schema::offered_sku(&sku.folded());
        let update = Update::set(set).when(condition);
        let freed = self.table.operation(&PUT_SKU).update::<OfferedSku>(key, update).await;
        freed.unless_refused().map(drop)
    }

    /// Closes an offer of a product, regardless of its other content.
    pub async fn close_offer(&self, variant: &VariantId, product: &ProductOffers) -> Result<(), Failure> {
        let close = || {
            let set = Expression::new("#status = :closed, #product_version = :product_version")
                .text(":closed", OfferStatus::Closed)
                .number(":product_version", product.product_version);
            let condition = Expression::new("#product_id = :product AND #product_version < :product_version");
            Update::set(set).when(condition.text(":product", product.product_id))
        };
        let access = self.table.operation(&UPDATE_OFFER);
        // A closed offer is not listed as low stock.
        let unlisted = close().unlist(schema::low_stock("").index);
        let closed = access.update::<Offer>(schema::offer(variant), unlisted).await;
        if let ReplicaUpdate::Applied(offer)
        | ReplicaUpdate::AlreadyApplied(offer)
        | ReplicaUpdate::OwnedByOther(offer) = told(closed, product.product_id)?
        {
            for bucket in offer.buckets {
                let key = schema::stock_bucket(variant, bucket);
                match self.table.operation(&UPDATE_OFFER).update::<Bucket>(key, close()).await {
                    Ok(_) | Err(Refused::By(ConditionFailed(_))) => {}
                    Err(Refused::Failed(failure)) => return Err(failure),
                }
            }
        }
        Ok(())
    }

    /// Sets the opening stock, once: from the first event of the product to arrive.
    pub async fn set_initial_stock(
        &self,
        variant: &VariantId,
        product: ProductId,
        initial: u64,
    ) -> Result<(), Failure> {
        let set = Expression::new(
            "#initial_stock = :initial, #card.#available = #card.#available + :initial, \
             #card.#on_hand = #card.#on_hand + :initial",
        )
        .number(":initial", initial);
        let condition = Expression::new("#product_id = :product AND attribute_not_exists(#initial_stock)")
            .text(":product", product);
        let update = Update::set(set).when(condition);
        self.table
            .operation(&SET_INITIAL_STOCK)
            .update::<Offer>(schema::offer(variant), update)
            .await
            .unless_refused()
            .map(drop)
    }

    /// Reads a buyer consistently, with its holds.
    pub async fn get_buyer(&self, user: UserId) -> Result<Option<Stored<Buyer>>, Failure> {
        self.table.operation(&GET_BUYER).get(schema::buyer(user)).await
    }

    /// Records the permission of a customer to order, unless a later version is known.
    /// Holds stay.
    pub async fn put_buyer(
        &self,
        user: UserId,
        user_version: u64,
        status: BuyerStatus,
        email_verified: bool,
    ) -> Result<(), Failure> {
        let set = Expression::new(
            "#user_id = :user, #user_version = :user_version, #status = :status, \
             #email_verified = :email_verified",
        )
        .text(":user", user)
        .number(":user_version", user_version)
        .text(":status", status)
        .boolean(":email_verified", email_verified);
        let older = Expression::new("attribute_not_exists(#pk) OR #user_version < :user_version");
        let update = Update::set(set).when(older);
        let updated = self.table.operation(&PUT_BUYER).update::<Buyer>(schema::buyer(user), update).await;
        updated.unless_refused().map(drop)
    }
}

fn written<T>(result: Result<(), Refused<ConditionFailed<T>>>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(Refused::By(ConditionFailed(_))) => Ok(false),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// New content of an offer or a bucket.
fn described(offer: &Offer) -> Expression {
    Expression::new(
        "#product_id = :product, #product_version = :product_version, #status = :status, #sku = :sku, \
         #variant_id = :variant, #price.#amount = :amount, #price.#currency = :currency, \
         #card.#title = :title",
    )
    .text(":product", offer.product_id)
    .number(":product_version", offer.product_version)
    .text(":status", &offer.status)
    .text(":sku", &offer.sku)
    .text(":variant", offer.variant())
    .number(":amount", offer.price.amount)
    .text(":currency", offer.price.currency)
    .text(":title", &offer.card.title)
}

/// Condition that the offer or bucket holds an older version, or belonged to another
/// product. Only offers of earlier releases, which kept them under SKUs, move from one
/// product to another.
fn newer(offer: &Offer) -> Expression {
    Expression::new(
        "((#product_id = :product AND #product_version < :product_version) \
         OR (#product_id <> :product AND #status = :closed))",
    )
    .text(":product", offer.product_id)
    .number(":product_version", offer.product_version)
    .text(":closed", OfferStatus::Closed)
}

fn told(
    result: Result<Stored<Offer>, Refused<ConditionFailed<Offer>>>,
    product: ProductId,
) -> Result<ReplicaUpdate, Failure> {
    match result {
        Ok(offer) => Ok(ReplicaUpdate::Applied(offer.entity)),
        Err(Refused::By(ConditionFailed(Some(offer)))) if offer.entity.product_id == product => {
            Ok(ReplicaUpdate::AlreadyApplied(offer.entity))
        }
        Err(Refused::By(ConditionFailed(Some(offer)))) => Ok(ReplicaUpdate::OwnedByOther(offer.entity)),
        Err(Refused::By(ConditionFailed(None))) => Ok(ReplicaUpdate::NotFound),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
