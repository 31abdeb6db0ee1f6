//! What others' events tell of products and people.

use shared::{
    Failure, Refused, UnlessRefused as _,
    id::{ProductId, UserId},
    table::{
        Condition, ConditionFailed, Expression, Update,
        item::{Entity as _, Stored},
        schema,
    },
    text::Sku,
};

use super::{
    GET_BUYER, GET_PRODUCT, PUT_BUYER, PUT_OFFER, PUT_PRODUCT, SET_INITIAL_STOCK, Store, UPDATE_OFFER,
};
use crate::{
    buyer::{Buyer, BuyerStatus},
    offer::{Bucket, Offer, OfferStatus, ProductOffers},
};

/// What came of an event at an offer.
#[derive(Debug)]
pub enum Told {
    /// The offer says so now.
    Now(Offer),
    /// It is known from this event or a later one.
    Before(Offer),
    /// It is another product's, and open; its buckets may still be this one's.
    Foreign(Offer),
    /// There is no such offer.
    Nothing,
}

impl Store {
    /// How far a product's events have come.
    pub async fn get_product(&self, id: ProductId) -> Result<Option<Stored<ProductOffers>>, Failure> {
        self.table.operation(&GET_PRODUCT).get(schema::product_offers(id)).await
    }

    /// Takes note of a product's version; `false` where somebody else has written
    /// meanwhile.
    pub async fn put_product(&self, product: &ProductOffers, before: Option<u64>) -> Result<bool, Failure> {
        let condition = before.map_or(Condition::New, Condition::Version);
        written(self.table.operation(&PUT_PRODUCT).put(product, condition, Vec::new()).await)
    }

    /// Makes an offer; `false` where there is one of this sku.
    pub async fn put_offer(&self, offer: &Offer) -> Result<bool, Failure> {
        written(self.table.operation(&PUT_OFFER).put(offer, Condition::New, Vec::new()).await)
    }

    /// Lets an offer say what `offer` says, but for the stock, and its buckets
    /// after it.
    pub async fn update_offer(&self, offer: &Offer) -> Result<Told, Failure> {
        let told = self.tell(offer, None).await?;
        if let Told::Now(now) | Told::Before(now) = &told {
            for bucket in &now.buckets {
                self.tell(offer, Some(*bucket)).await?;
            }
        }
        Ok(told)
    }

    async fn tell(&self, offer: &Offer, bucket: Option<u8>) -> Result<Told, Failure> {
        let set = Expression::new(
            "#product_id = :product, #product_version = :product_version, #status = :status, \
             #price.#amount = :amount, #price.#currency = :currency, #card.#title = :title",
        )
        .text(":product", offer.product_id)
        .number(":product_version", offer.product_version)
        .text(":status", &offer.status)
        .number(":amount", offer.price.amount)
        .text(":currency", offer.price.currency)
        .text(":title", &offer.card.title);
        let condition = Expression::new(
            "(#product_id = :product AND #product_version < :product_version) \
             OR (#product_id <> :product AND #status = :closed)",
        )
        .text(":closed", OfferStatus::Closed);
        let update = Update::set(set).when(condition);
        let access = self.table.operation(&UPDATE_OFFER);
        match bucket {
            Some(bucket) => {
                let key = schema::stock_bucket(&offer.sku, bucket);
                match access.update::<Bucket>(key, update).await {
                    // The offer was closed by another product, and this not yet.
                    Err(Refused::By(ConditionFailed(Some(found))))
                        if found.entity.product_id != offer.product_id =>
                    {
                        Err(Failure::unavailable("this bucket is still another product's"))
                    }
                    Ok(_) | Err(Refused::By(ConditionFailed(_))) => Ok(Told::Nothing),
                    Err(Refused::Failed(failure)) => Err(failure),
                }
            }
            None => told(access.update::<Offer>(offer.key(), update).await, offer.product_id),
        }
    }

    /// Closes an offer of a product, whatever else it says.
    pub async fn close_offer(&self, sku: &Sku, product: &ProductOffers) -> Result<(), Failure> {
        let close = || {
            let set = Expression::new("#status = :closed, #product_version = :product_version")
                .text(":closed", OfferStatus::Closed)
                .number(":product_version", product.product_version);
            let condition = Expression::new("#product_id = :product AND #product_version < :product_version");
            Update::set(set).when(condition.text(":product", product.product_id))
        };
        let access = self.table.operation(&UPDATE_OFFER);
        let closed = access.update::<Offer>(schema::offer(sku), close()).await;
        if let Told::Now(offer) | Told::Before(offer) | Told::Foreign(offer) =
            told(closed, product.product_id)?
        {
            for bucket in offer.buckets {
                let key = schema::stock_bucket(sku, bucket);
                match self.table.operation(&UPDATE_OFFER).update::<Bucket>(key, close()).await {
                    Ok(_) | Err(Refused::By(ConditionFailed(_))) => {}
                    Err(Refused::Failed(failure)) => return Err(failure),
                }
            }
        }
        Ok(())
    }

    /// Says how many there were when nobody had counted yet, once: from whichever
    /// event of the product comes first.
    pub async fn set_initial_stock(
        &self,
        sku: &Sku,
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
            .update::<Offer>(schema::offer(sku), update)
            .await
            .unless_refused()
            .map(drop)
    }

    /// Whether somebody's account is gone.
    pub async fn is_gone(&self, user: UserId) -> Result<bool, Failure> {
        let buyer = self.table.operation(&GET_BUYER).get::<Buyer>(schema::buyer(user)).await?;
        Ok(buyer.is_some_and(|buyer| buyer.entity.status == BuyerStatus::Deleted))
    }

    /// Takes note of what somebody may do, unless more is known.
    pub async fn put_buyer(&self, buyer: &Buyer) -> Result<(), Failure> {
        let older = Expression::new("attribute_not_exists(#pk) OR #user_version < :user_version")
            .number(":user_version", buyer.user_version);
        let put = self.table.operation(&PUT_BUYER).put(buyer, Condition::When(older), Vec::new()).await;
        written(put).map(|_| ())
    }
}

fn written<T>(result: Result<(), Refused<ConditionFailed<T>>>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(Refused::By(ConditionFailed(_))) => Ok(false),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn told(
    result: Result<Stored<Offer>, Refused<ConditionFailed<Offer>>>,
    product: ProductId,
) -> Result<Told, Failure> {
    match result {
        Ok(offer) => Ok(Told::Now(offer.entity)),
        Err(Refused::By(ConditionFailed(Some(offer)))) if offer.entity.product_id == product => {
            Ok(Told::Before(offer.entity))
        }
        Err(Refused::By(ConditionFailed(Some(offer)))) => Ok(Told::Foreign(offer.entity)),
        Err(Refused::By(ConditionFailed(None))) => Ok(Told::Nothing),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
