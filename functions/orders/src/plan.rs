//! Plan of an order: from the demand to its lines and the changes of the stock, with
//! prices, quantities and refusals. It uses the offers that were read, and no table.

mod cells;
mod planner;

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    id::VariantId,
    money::{Currency, Money},
    seller::Seller,
    table::item::Stored,
    text::Sku,
    vocabulary::LOW_STOCK,
};

use self::planner::{MAX_CELLS, Planner};
pub use self::{cells::CellChange, planner::sell_again};
use crate::{
    offer::{Bucket, Offer, OfferStatus},
    order::{Line, MAX_SKUS, Order},
    stock::StockChange,
};

/// Demand for a SKU, over all lines.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// SKU.
    pub sku: Sku,
    /// Quantity.
    pub quantity: u32,
    /// Expected unit prices.
    pub expected: Vec<Money>,
    /// Index of the first line of the body with the SKU.
    pub line: usize,
}

impl Wanted {
    /// Expected prices that differ from `unit_price`.
    fn changed(&self, unit_price: Money) -> impl Iterator<Item = Changed> {
        let other = self.expected.iter().filter(move |expected| **expected != unit_price);
        other.map(move |expected| Changed {
            sku: self.sku.clone(),
            expected_unit_price: *expected,
            unit_price,
        })
    }
}

/// Stock as it was read.
#[derive(Debug, Default)]
pub struct Stock {
    /// Offers by variant.
    pub offers: BTreeMap<VariantId, Stored<Offer>>,
    /// Buckets of sharded stocks; none to try a bucket unread.
    pub buckets: BTreeMap<VariantId, Vec<Stored<Bucket>>>,
}

impl Stock {
    /// The offer of a SKU, case-insensitive. A variant that was found by one of its
    /// former SKUs does not have it.
    pub fn offer(&self, sku: &Sku) -> Option<&Stored<Offer>> {
        self.offers.values().find(|offer| offer.entity.sku.is_same(sku))
    }
}

/// Lines of an order, and the changes of the stock.
#[derive(Debug)]
pub struct Plan {
    /// Lines.
    pub lines: Vec<Line>,
    /// Total price.
    pub total: Money,
    /// Changes of the stock.
    pub changes: Vec<CellChange>,
    /// Seller of all lines.
    pub seller: Seller,
}

/// Insufficient stock of a SKU.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Short {
    /// SKU.
    pub sku: Sku,
    /// Requested quantity.
    pub requested: u32,
    /// Available quantity, as far as it is disclosed.
    pub available: u64,
}

/// A SKU whose price differs from the expected one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    /// SKU.
    pub sku: Sku,
    /// Price that the buyer expected.
    pub expected_unit_price: Money,
    /// Price of the offer.
    pub unit_price: Money,
}

/// Seller of a SKU.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SkuSeller {
    /// SKU.
    pub sku: Sku,
    /// Seller of its product.
    pub seller: Seller,
}

/// A fault of the demand, with the index of the body's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineFault {
    /// No open offer has the SKU.
    NotForSale(usize),
    /// The offer is priced in another currency than the order.
    MixedCurrencies(usize),
    /// The lines are empty.
    NoLines,
    /// More SKUs than a transaction can write.
    TooManySkus,
    /// More cells of the stock than a transaction can write.
    TooManyChanges,
    /// The total is beyond the largest amount.
    TotalTooLarge,
}

/// Reason for a refused plan.
#[derive(Debug)]
pub enum PlanRefusal {
    /// Lines that cannot be ordered.
    Invalid(Vec<LineFault>),
    /// Lines of other sellers than each other, or than the order.
    SeveralSellers(Vec<SkuSeller>),
    /// Lines whose price differs from the expected one.
    Changed(Vec<Changed>),
    /// Lines with insufficient stock.
    Short(Vec<Short>),
}

/// Choice of stock cells, and the low-stock threshold.
#[derive(Clone, Copy)]
pub struct StockPolicy<'a> {
    /// Low-stock threshold: greatest number of a SKU that counts as low stock.
    pub low: u64,
    /// Maximum available quantity that a refusal discloses.
    pub told: u64,
    /// Gives a number below its argument: so that concurrent buyers try different
    /// cells first.
    pub pick: &'a (dyn Fn(usize) -> usize + Sync),
}

impl StockPolicy<'_> {
    /// A policy without choice, for writers that do not compete with customers.
    pub const FIRST: Self = Self { low: LOW_STOCK, told: LOW_STOCK, pick: &|_| 0 };
}

/// Plans the demand `wanted` for a new order, or for a change of `before`.
pub fn plan(
    wanted: &[Wanted],
    stock: &Stock,
    before: Option<&Order>,
    policy: StockPolicy<'_>,
) -> Result<Plan, PlanRefusal> {
    let wanted: Vec<(&Wanted, Option<&Line>)> =
        wanted.iter().map(|wanted| (wanted, line_of(wanted, stock, before))).collect();
    let currency = check(&wanted, stock, before)?;
    let seller = seller_of(&wanted, stock, before)?;
    let is_kept = |line: &Line| wanted.iter().any(|(_, old)| old.is_some_and(|old| old.sku == line.sku));
    let gone: Vec<&Line> =
        before.into_iter().flat_map(|order| &order.lines).filter(|line| !is_kept(line)).collect();
    let kept = wanted.iter().map(|(_, old)| old.map_or(1, |line| line.taken.len()));
    let cells = kept.sum::<usize>() + gone.iter().map(|line| line.taken.len()).sum::<usize>();
    if cells > MAX_CELLS {
        return Err(PlanRefusal::Invalid(vec![LineFault::TooManyChanges]));
    }
    let mut planner = Planner::new(stock, policy, cells);
    let mut short = Vec::new();
    for (wanted, old) in wanted {
        if let Err(refused) = planner.line(wanted, old) {
            short.push(refused);
        }
    }
    if !short.is_empty() {
        return Err(PlanRefusal::Short(short));
    }
    for line in gone {
        planner.changes.extend(CellChange::of_line(line, StockChange::Release));
    }
    let total = Order::sum(&planner.lines, currency)
        .map_err(|_| PlanRefusal::Invalid(vec![LineFault::TotalTooLarge]))?;
    Ok(Plan { lines: planner.lines, total, changes: planner.changes, seller })
}

/// The present line of the demand: the one of the SKU, also if the variant has another
/// SKU since, or else the one of the variant that has the SKU now.
fn line_of<'a>(wanted: &Wanted, stock: &Stock, before: Option<&'a Order>) -> Option<&'a Line> {
    let before = before?;
    before.line(&wanted.sku).or_else(|| {
        let variant = stock.offer(&wanted.sku)?.entity.variant();
        before.lines.iter().find(|line| line.variant() == variant)
    })
}

/// The seller of all lines, which is that of the order before.
fn seller_of(
    wanted: &[(&Wanted, Option<&Line>)],
    stock: &Stock,
    before: Option<&Order>,
) -> Result<Seller, PlanRefusal> {
    let own = before.map(|order| &order.card.seller);
    let of_line = |(wanted, old): &(&Wanted, Option<&Line>)| {
        let offered = stock.offer(&wanted.sku).map(|offer| &offer.entity.seller);
        let seller = own.filter(|_| old.is_some()).or(offered).cloned().unwrap_or_default();
        SkuSeller { sku: wanted.sku.clone(), seller }
    };
    let lines: Vec<SkuSeller> = wanted.iter().map(of_line).collect();
    let seller = own.or(lines.first().map(|line| &line.seller)).cloned().unwrap_or_default();
    if lines.iter().all(|line| line.seller == seller) {
        Ok(seller)
    } else {
        Err(PlanRefusal::SeveralSellers(lines))
    }
}

/// Refuses a demand that cannot be ordered; gives its currency.
fn check(
    wanted: &[(&Wanted, Option<&Line>)],
    stock: &Stock,
    before: Option<&Order>,
) -> Result<Currency, PlanRefusal> {
    let mut faults = Vec::new();
    let mut changed = Vec::new();
    let mut currency = None;
    let mut variants = BTreeSet::new();
    if let Some(before) = before {
        for (wanted, line) in wanted {
            let Some(line) = line else { continue };
            if !variants.insert(line.variant()) {
                faults.push(LineFault::NotForSale(wanted.line));
            }
            currency = Some(before.card.total.currency);
            // The same quantity or less keeps its price.
            if wanted.quantity <= line.quantity() {
                changed.extend(wanted.changed(Money { amount: line.unit_price, ..before.card.total }));
            }
        }
    }
    for (wanted, old) in wanted {
        if wanted.quantity <= old.map_or(0, Line::quantity) {
            continue;
        }
        let Wanted { sku, line, .. } = wanted;
        let offer = stock.offer(sku).map(|offer| &offer.entity);
        // The SKU belongs to another variant than the one that was ordered by it.
        let is_same = |offer: &&Offer| old.is_none_or(|old| old.variant() == offer.variant());
        let Some(offer) = offer.filter(|offer| offer.status == OfferStatus::Open).filter(is_same) else {
            faults.push(LineFault::NotForSale(*line));
            continue;
        };
        let price = offer.price;
        if *currency.get_or_insert(price.currency) != price.currency {
            faults.push(LineFault::MixedCurrencies(*line));
        }
        changed.extend(wanted.changed(price));
    }
    let lines = before.map_or(0, |order| order.lines.len());
    let kept = wanted.iter().filter(|(_, old)| old.is_some()).count();
    if wanted.len() + lines.saturating_sub(kept) > MAX_SKUS {
        faults.push(LineFault::TooManySkus);
    }
    match currency {
        _ if !faults.is_empty() => Err(PlanRefusal::Invalid(faults)),
        _ if !changed.is_empty() => Err(PlanRefusal::Changed(changed)),
        Some(currency) => Ok(currency),
        None => Err(PlanRefusal::Invalid(vec![LineFault::NoLines])),
    }
}
