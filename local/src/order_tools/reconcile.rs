//! Comparison of the stock with the orders, beside live traffic: a stock is judged
//! only if it was the same before and after the orders were read, and reported only
//! if it differs by the same amount in several rounds.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use orders::{
    offer::{Bucket, Offer, ProductSkus},
    order::{Order, OrderCard},
    store::Store,
};
use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    clock::Timestamp,
    id::{OrderId, ProductId, VariantId},
    table::{Consistency, Listed, Query, Table, item::Stored, schema},
    text::Sku,
    vocabulary::OrderStatus,
};

shared::operations! {
    /// Lists all products with their SKUs.
    LIST_PRODUCTS = "local.orders.list_products": 1 round trip, 0.5 read, 0.0 write;
    /// Lists the reserved orders.
    LIST_RESERVED = "local.orders.list_reserved": 1 round trip, 0.5 read, 0.0 write;
    /// Reads reserved orders: the cost of each.
    GET_ORDERS = "local.orders.get_orders": 1 round trip, 1.0 read, 0.0 write;
}

/// Number of orders read at a time.
const PAGE: usize = 100;

/// Maximum checks of a stock that is wrong or was ordered during a check.
const ROUNDS: usize = 4;

/// Number of checks with the same difference before it is reported.
const TIMES: usize = 3;

/// Maximum lag of the list of orders.
const PAUSE: Duration = Duration::from_secs(1);

/// Number of stocks read at the same time.
const CONCURRENCY: usize = 16;

/// Result of a reconciliation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Number of consistent stocks.
    pub right: usize,
    /// Differences.
    pub drifts: Vec<Drift>,
    /// Stocks ordered during every check, so without a result.
    pub busy: Vec<Sku>,
}

/// A number that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// SKU.
    pub sku: Sku,
    /// Bucket; `None` for the offer itself, or all cells together.
    pub bucket: Option<u8>,
    /// Name of the number.
    pub field: String,
    /// Stored value.
    pub stored: i128,
    /// Expected value.
    pub expected: i128,
}

/// Message for the operator.
impl fmt::Display for Reconciliation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { right, drifts, busy } = self;
        write!(f, "{right} SKUs consistent, {} discrepancies", drifts.len())?;
        for Drift { sku, bucket, field, stored, expected } in drifts {
            let bucket = bucket.map(|bucket| format!(", bucket {bucket}")).unwrap_or_default();
            write!(f, "\n{sku}{bucket}: {field} is {stored}, expected {expected}")?;
        }
        for sku in busy {
            write!(f, "\n{sku}: ordered during the comparison; run it again")?;
        }
        Ok(())
    }
}

/// A stock with all of its cells.
type Cells = (Stored<Offer>, Vec<Stored<Bucket>>);

/// Compares every stock with the orders that reserve it.
pub async fn reconcile(table: &Table) -> Result<Reconciliation, Failure> {
    let store = Store::new(table.clone());
    let mut left: BTreeSet<VariantId> = list_variants(table).await?;
    let mut report = Reconciliation::default();
    let mut suspects: BTreeMap<VariantId, Suspicion> = BTreeMap::new();
    for round in 1..=ROUNDS {
        let before = read(&store, &left).await?;
        let held = count_reserved(table).await?;
        let after = read(&store, &left).await?;
        let (drifts, busy) = judge(&before, &after, &held);
        report.right += before.len().saturating_sub(drifts.len() + busy.len());
        left = drifts.keys().chain(&busy).cloned().collect();
        if left.is_empty() {
            break;
        }
        for (variant, found) in drifts {
            let before =
                suspects.remove(&variant).filter(|before| by_how_much(&before.found) == by_how_much(&found));
            let times = before.map_or(0, |before| before.times) + 1;
            suspects.insert(variant, Suspicion { times, found });
        }
        if round == ROUNDS {
            for variant in &left {
                match suspects.remove(variant) {
                    Some(Suspicion { times: TIMES.., found }) => report.drifts.extend(found),
                    Some(_) | None => {
                        report.busy.extend(before.get(variant).map(|(offer, _)| offer.entity.sku.clone()));
                    }
                }
            }
        } else {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(report)
}

/// Last finding of a stock, and its number of repetitions.
struct Suspicion {
    times: usize,
    found: Vec<Drift>,
}

/// Part of a finding that live orders do not change.
fn by_how_much(found: &[Drift]) -> Vec<(Option<u8>, &str, i128)> {
    found.iter().map(|drift| (drift.bucket, drift.field.as_str(), drift.stored - drift.expected)).collect()
}

async fn read(store: &Store, variants: &BTreeSet<VariantId>) -> Result<BTreeMap<VariantId, Cells>, Failure> {
    let cells = stream::iter(variants.iter().cloned()).map(|variant| {
        let store = store.clone();
        async move {
            let mut stock = store.get_stock_of(std::slice::from_ref(&variant)).await?;
            let Some(offer) = stock.offers.remove(&variant) else { return Ok(None) };
            let buckets = stock.buckets.remove(&variant).unwrap_or_default();
            Ok::<_, Failure>(Some((variant, (offer, buckets))))
        }
    });
    let cells: Vec<Option<(VariantId, Cells)>> = cells.buffer_unordered(CONCURRENCY).try_collect().await?;
    Ok(cells.into_iter().flatten().collect())
}

/// All variants that have or may have an offer.
async fn list_variants(table: &Table) -> Result<BTreeSet<VariantId>, Failure> {
    let key = schema::offered_products(ProductId::from_bytes([0; 16]));
    let products = table.operation(&LIST_PRODUCTS).list_cards::<ProductSkus>(Query::index(key)).await?;
    Ok(products.into_iter().flat_map(|product| product.card.all_variants()).collect())
}

/// Quantity that reserved orders hold of each cell. Their list may lag; each order is
/// read consistently.
async fn count_reserved(table: &Table) -> Result<BTreeMap<(VariantId, Option<u8>), u64>, Failure> {
    let reserved = schema::orders_by_status(
        &OrderStatus::Reserved.into(),
        Timestamp::from_millis(0),
        OrderId::from_bytes([0; 16]),
    );
    let listed = table.operation(&LIST_RESERVED).list_cards::<OrderCard>(Query::index(reserved)).await?;
    let ids: Vec<OrderId> = listed.iter().map(Listed::id).collect::<Result<_, Failure>>()?;
    let mut held = BTreeMap::new();
    for ids in ids.chunks(PAGE) {
        let keys = || ids.iter().map(|id| schema::order(*id));
        let access = table.operation_on(&GET_ORDERS, ids.len());
        let mut found = access.get_many(keys(), Consistency::Strong).await?;
        for key in keys() {
            let order = found.take::<Order>(key)?.map(|order| order.entity);
            let order = order.filter(|order| order.card.status == OrderStatus::Reserved);
            for line in order.into_iter().flat_map(|order| order.lines) {
                let variant = line.variant();
                for taken in line.taken {
                    *held.entry((variant.clone(), taken.bucket)).or_default() += u64::from(taken.quantity);
                }
            }
        }
    }
    Ok(held)
}

/// Findings, and stocks that changed between both reads.
fn judge(
    before: &BTreeMap<VariantId, Cells>,
    after: &BTreeMap<VariantId, Cells>,
    held: &BTreeMap<(VariantId, Option<u8>), u64>,
) -> (BTreeMap<VariantId, Vec<Drift>>, Vec<VariantId>) {
    let versions = |(offer, buckets): &Cells| -> Vec<u64> {
        std::iter::once(offer.version).chain(buckets.iter().map(|bucket| bucket.version)).collect()
    };
    let mut drifts = BTreeMap::new();
    let mut busy = Vec::new();
    for (variant, cells) in before {
        if after.get(variant).map(versions) == Some(versions(cells)) {
            let found = drifts_of(variant, cells, held);
            if !found.is_empty() {
                drifts.insert(variant.clone(), found);
            }
        } else {
            busy.push(variant.clone());
        }
    }
    (drifts, busy)
}

/// Findings of a stock: the reserved and on-hand number of each cell, and the available
/// number of all together.
fn drifts_of(
    variant: &VariantId,
    (offer, buckets): &Cells,
    held: &BTreeMap<(VariantId, Option<u8>), u64>,
) -> Vec<Drift> {
    let offer = &offer.entity;
    let sku = &offer.sku;
    let own = (None, &offer.card, offer.sold);
    let spread = buckets.iter().map(|bucket| &bucket.entity);
    let spread = spread.map(|bucket| (Some(bucket.number), &bucket.card, bucket.sold));
    let mut drifts = Vec::new();
    let mut compare = |bucket, field: &str, stored: i128, expected: i128| {
        if stored != expected {
            drifts.push(Drift { sku: sku.clone(), bucket, field: field.to_owned(), stored, expected });
        }
    };
    let mut available: i128 = 0;
    let mut expected = i128::from(offer.initial_stock.unwrap_or(0)) + i128::from(offer.adjusted);
    for (bucket, card, sold) in std::iter::once(own).chain(spread) {
        let reserved = held.get(&(variant.clone(), bucket)).copied().unwrap_or(0);
        compare(bucket, "reserved", card.reserved.into(), reserved.into());
        compare(
            bucket,
            "on_hand",
            card.on_hand.into(),
            i128::from(card.available) + i128::from(card.reserved),
        );
        available += i128::from(card.available);
        expected -= i128::from(reserved) + i128::from(sold);
    }
    compare(None, "available", available, expected);
    drifts
}
