//! Sharding of a stock over several items, for more concurrent orders than one item
//! takes writes.

use shared::{
    Refused,
    buckets::deal,
    membership::OrganizationCheck,
    table::{Condition, item::Stored},
};

use super::{Store, WriteRefusal};
use crate::{
    offer::{Bucket, Offer},
    operations::SHARD_STOCK,
    stock::StockCard,
};

impl Store {
    /// Distributes all available units of a stock over `count` buckets, in equal parts;
    /// with 0, gathers them on the offer. Reserved units stay in their cells.
    pub async fn shard_stock(
        &self,
        offer: &Stored<Offer>,
        buckets: &[Stored<Bucket>],
        count: u8,
        check: OrganizationCheck,
    ) -> Result<(), Refused<WriteRefusal>> {
        let in_buckets: u64 = buckets.iter().map(|bucket| bucket.entity.card.available).sum();
        let all = offer.entity.card.available + in_buckets;
        let parts = deal(all, count);
        let mut after = offer.entity.clone();
        after.card.available = if count == 0 { all } else { 0 };
        after.card.on_hand = after.card.reserved + after.card.available;
        // A bucket stays for the units that orders have of it.
        let numbers = if count == 0 { offer.entity.buckets.clone() } else { (0..count).collect() };
        after.buckets.clone_from(&numbers);
        // The two checks of a member cost less than two cells.
        let things = numbers.len() + 1 + if check.is_some() { 2 } else { 0 };
        let transaction = self
            .table
            .operation_on(&SHARD_STOCK, things)
            .transaction()
            .put(&after, Condition::Version(offer.version), Vec::new())
            .or(WriteRefusal::Outdated);
        let mut transaction = check.add(transaction, || WriteRefusal::Denied);
        for number in numbers {
            let before = buckets.iter().find(|bucket| bucket.entity.number == number);
            let mut bucket =
                before.map_or_else(|| empty(&offer.entity, number), |before| before.entity.clone());
            bucket.card.available = parts.get(usize::from(number)).copied().unwrap_or(0);
            bucket.card.on_hand = bucket.card.reserved + bucket.card.available;
            let condition = before.map_or(Condition::New, |before| Condition::Version(before.version));
            transaction = transaction.put(&bucket, condition, Vec::new()).or(WriteRefusal::Outdated);
        }
        transaction.commit().await
    }
}

fn empty(offer: &Offer, number: u8) -> Bucket {
    Bucket {
        variant_id: Some(offer.variant()),
        sku: offer.sku.clone(),
        number,
        product_id: offer.product_id,
        product_version: offer.product_version,
        price: offer.price,
        status: offer.status.clone(),
        sold: 0,
        card: StockCard { title: offer.card.title.clone(), available: 0, reserved: 0, on_hand: 0 },
    }
}
