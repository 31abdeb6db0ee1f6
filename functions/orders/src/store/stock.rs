//! Offers and their stock: read for orders, adjusted by their sellers.

use shared::{
    Failure, Refused,
    buckets::take_off,
    bus::{DomainEvent, events::StockAdjusted},
    http::{IdempotencyRecord, KeyReused},
    id::{AdjustmentId, ProductId, UserId, VariantId},
    membership::OrganizationCheck,
    table::{
        Condition, Consistency, Expression, Found, Listed, Query, Update,
        item::{Entity as _, Stored},
        schema,
    },
    text::Sku,
};

use super::Store;
use crate::{
    buyer::Buyer,
    offer::{Adjustment, Bucket, Offer, OfferStatus, ProductOffers},
    operations::{
        ADJUST_STOCK, GET_IDEMPOTENCY_RECORD, GET_OFFERS, GET_PRODUCTS, GET_STOCK, LIST_ADJUSTMENTS,
        LIST_LOW_STOCK,
    },
    plan::Stock,
    stock::StockCard,
};

/// Reason for a refused adjustment.
#[derive(Debug)]
pub enum AdjustRefusal {
    /// The request is a repeated one.
    Repeated,
    /// The stock is insufficient.
    Short,
    /// The permission of the writer, or the status of the organisation, has changed.
    Denied,
}

impl Store {
    /// Reads the offers of SKUs, eventually consistent, with the permission of the
    /// customer.
    pub async fn get_offers(
        &self,
        skus: &[Sku],
        buyer: UserId,
    ) -> Result<(Stock, Option<Stored<Buyer>>), Failure> {
        let variants = self.known_variants_of(skus).await?;
        let keys = variants.iter().map(schema::offer).chain([schema::buyer(buyer)]);
        let access = self.table.operation_on(&GET_OFFERS, variants.len() + 1);
        let mut found = access.get_many(keys, Consistency::Eventual).await?;
        let buyer = found.take(schema::buyer(buyer))?;
        Ok((stock_of(&variants, &mut found)?, buyer))
    }

    /// Reads the offers of SKUs and a buyer consistently, with all buckets.
    pub async fn get_stock_and_buyer(
        &self,
        skus: &[Sku],
        buyer: UserId,
    ) -> Result<(Stock, Option<Stored<Buyer>>), Failure> {
        let variants = self.variants_of(skus, Consistency::Strong).await?;
        self.read_stock(&variants, Some(buyer)).await
    }

    /// Reads the offers of SKUs consistently, with all of their buckets.
    pub async fn get_stock(&self, skus: &[Sku]) -> Result<Stock, Failure> {
        let variants = self.variants_of(skus, Consistency::Strong).await?;
        self.get_stock_of(&variants).await
    }

    /// Reads the offers of variants consistently, with all of their buckets.
    pub async fn get_stock_of(&self, variants: &[VariantId]) -> Result<Stock, Failure> {
        Ok(self.read_stock(variants, None).await?.0)
    }

    async fn read_stock(
        &self,
        variants: &[VariantId],
        buyer: Option<UserId>,
    ) -> Result<(Stock, Option<Stored<Buyer>>), Failure> {
        let buyer = buyer.map(schema::buyer);
        let keys = variants.iter().map(schema::offer).chain(buyer.clone());
        let access = self.table.operation_on(&GET_STOCK, variants.len() + usize::from(buyer.is_some()));
        let mut found = access.get_many(keys, Consistency::Strong).await?;
        let buyer = buyer.map(|key| found.take(key)).transpose()?.flatten();
        let mut stock = stock_of(variants, &mut found)?;
        for (variant, offer) in stock.offers.iter().filter(|(_, offer)| !offer.entity.buckets.is_empty()) {
            let buckets = &offer.entity.buckets;
            let keys = || buckets.iter().map(|bucket| schema::stock_bucket(variant, *bucket));
            let access = self.table.operation_on(&GET_STOCK, buckets.len());
            let mut found = access.get_many(keys(), Consistency::Strong).await?;
            let mut buckets = Vec::new();
            for key in keys() {
                buckets.extend(found.take::<Bucket>(key)?);
            }
            stock.buckets.insert(variant.clone(), buckets);
        }
        Ok((stock, buyer))
    }

    /// Reads the offers of these products.
    pub async fn get_products(&self, ids: &[ProductId]) -> Result<Vec<ProductOffers>, Failure> {
        let keys = || ids.iter().map(|id| schema::product_offers(*id));
        let access = self.table.operation_on(&GET_PRODUCTS, ids.len());
        let mut found = access.get_many(keys(), Consistency::Eventual).await?;
        let mut products = Vec::new();
        for key in keys() {
            products.extend(found.take::<ProductOffers>(key)?.map(|product| product.entity));
        }
        Ok(products)
    }

    /// Adjusts a stock, once; at most `low` units are low stock. New units are added to
    /// the offer; removed ones are taken from there, and then from the fullest of its
    /// buckets. With `exactly`, only if the stock has not changed since it was read.
    pub async fn adjust_stock(
        &self,
        (offer, buckets): (&Stored<Offer>, &[Stored<Bucket>]),
        adjustment: &Adjustment,
        record: &IdempotencyRecord,
        (low, exactly): (u64, bool),
        check: OrganizationCheck,
    ) -> Result<(), Refused<AdjustRefusal>> {
        let Stored { entity: offer, version } = offer;
        let variant = offer.variant();
        let change = adjustment.change;
        let gone = change.saturating_neg().max(0).unsigned_abs();
        let cells: Vec<(u8, u64)> =
            buckets.iter().map(|it| (it.entity.number, it.entity.card.available)).collect();
        let (fewer, parts) = take_off(gone, offer.card.available, &cells);
        let set = Expression::new(
            "#adjusted = #adjusted + :change, #card.#available = #card.#available + :here, \
             #card.#on_hand = #card.#on_hand + :here",
        )
        .number(":change", change)
        .number(":here", if change < 0 { -i128::from(fewer) } else { change.into() });
        let row = schema::low_stock(offer.sku.as_str());
        // The list shows open offers with an unsharded stock.
        let is_listed = offer.status == OfferStatus::Open && offer.buckets.is_empty();
        let left = offer.card.available.saturating_add_signed(change);
        let is_low = is_listed && left <= low;
        // A concurrent order must not leave low stock without a row.
        let enough = (i128::from(low) + 1 - i128::from(change)).max(0);
        let least = if is_low || !is_listed { fewer.into() } else { enough.max(fewer.into()) };
        let mut condition =
            Expression::new("#card.#available >= :least AND #status = :status AND #sku = :sku")
                .number(":least", least)
                .text(":status", &offer.status)
                .text(":sku", &offer.sku);
        if exactly {
            condition = condition.and(" AND #version = :version").number(":version", version);
        }
        let update = Update::set(set).when(condition);
        let update = if is_low { update.list(row) } else { update.unlist(row.index) };
        let cells = if exactly { buckets.len() } else { parts.len() };
        let transaction = self
            .table
            .operation_on(&ADJUST_STOCK, 1 + cells + usize::from(check.is_some()))
            .transaction()
            .put(record, record.unused(), Vec::new())
            .or(AdjustRefusal::Repeated);
        let mut transaction = check
            .add(transaction, || AdjustRefusal::Denied)
            .update::<Offer>(offer.key(), update)
            .or(AdjustRefusal::Short);
        for Stored { entity: bucket, version } in buckets {
            let key = schema::stock_bucket(&variant, bucket.number);
            let part = parts.iter().find(|(number, _)| *number == bucket.number);
            if let Some((_, part)) = part {
                let set =
                    "#card.#available = #card.#available - :part, #card.#on_hand = #card.#on_hand - :part";
                let mut condition = Expression::new("#card.#available >= :part");
                if exactly {
                    condition = condition.and(" AND #version = :version").number(":version", version);
                }
                let update = Update::set(Expression::new(set).number(":part", part)).when(condition);
                transaction = transaction.update::<Bucket>(key, update).or(AdjustRefusal::Short);
            } else if exactly {
                transaction = transaction.check(key, Condition::Version(*version)).or(AdjustRefusal::Short);
            }
        }
        let adjusted = StockAdjusted { adjustment_id: adjustment.id, variant_id: variant, change };
        transaction.put_new_with(adjustment, vec![DomainEvent::StockAdjusted(adjusted)]).commit().await
    }

    /// The record of the first request of a record's key.
    pub async fn first_request(
        &self,
        record: &IdempotencyRecord,
    ) -> Result<Option<IdempotencyRecord>, Refused<KeyReused>> {
        IdempotencyRecord::first(Some(record), self.table.operation(&GET_IDEMPOTENCY_RECORD)).await
    }

    /// Lists up to `limit` adjustments of a stock, the newest first, after `after`.
    pub async fn list_adjustments(
        &self,
        variant: &VariantId,
        after: Option<AdjustmentId>,
        limit: usize,
    ) -> Result<Vec<Adjustment>, Failure> {
        let first = schema::stock_adjustment(variant, AdjustmentId::from_bytes([0; 16]));
        let last = schema::stock_adjustment(variant, AdjustmentId::from_bytes([u8::MAX; 16]));
        let after = after.map(|after| schema::stock_adjustment(variant, after).sk);
        let query = Query::table(first.clone()).from(first.sk).to(last.sk).descending(true);
        let query = query.after(after).limit(limit);
        let found = self.table.operation(&LIST_ADJUSTMENTS).list::<Adjustment>(query).await?;
        Ok(found.into_iter().map(|stored| stored.entity).collect())
    }

    /// Lists up to `limit` stocks of at most `low`, ordered by SKU, after `after`. A
    /// stock that was filled by an expired reservation keeps its row until its next
    /// change, and is left out.
    pub async fn list_low_stock(
        &self,
        low: u64,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, StockCard)>, Failure> {
        let mut found: Vec<(Sku, StockCard)> = Vec::new();
        let mut after = after.map(ToString::to_string);
        while found.len() < limit {
            let wanted = limit - found.len();
            let query = Query::index(schema::low_stock("")).after(after.clone()).limit(wanted);
            let cards = self.table.operation(&LIST_LOW_STOCK).list_cards::<StockCard>(query).await?;
            let is_last = cards.len() < wanted;
            let Some(last) = cards.last().map(|listed| listed.sort.clone()) else { break };
            for Listed { sort, card, .. } in cards.into_iter().filter(|listed| listed.card.available <= low) {
                let sku = Sku::parse(&sort).map_err(Failure::internal)?;
                found.push((sku, card));
            }
            after = Some(last);
            if is_last {
                break;
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}

/// The offers of variants that were found.
fn stock_of(variants: &[VariantId], found: &mut Found) -> Result<Stock, Failure> {
    let mut stock = Stock::default();
    for variant in variants {
        if let Some(offer) = found.take::<Offer>(schema::offer(variant))? {
            stock.offers.insert(variant.clone(), offer);
        }
    }
    Ok(stock)
}
