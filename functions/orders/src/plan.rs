//! From what somebody wants to the lines of an order and what happens to the
//! stock: prices, quantities, refusals. It knows what was read of the offers, and
//! touches no table.

mod cells;
mod planner;

use std::collections::BTreeMap;

use shared::{
    http::Faults,
    money::{Currency, Money},
    text::{Invalid, Sku},
};

use self::planner::{MAX_CELLS, Planner};
pub(crate) use self::{cells::CellChange, planner::sell_again};
use crate::{
    offer::{Bucket, Offer, OfferStatus},
    order::{Line, MAX_SKUS, Order},
    stock::StockChange,
};

/// What somebody wants of a sku, all lines together.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) sku: Sku,
    pub(crate) quantity: u32,
    /// The prices that were expected.
    pub(crate) expected: Vec<Money>,
    /// Which of the body's lines asked for it first.
    pub(crate) line: usize,
}

impl Wanted {
    /// Where another price was expected than `unit_price`.
    fn changed(&self, unit_price: Money) -> impl Iterator<Item = Changed> {
        let other = self.expected.iter().filter(move |expected| **expected != unit_price);
        other.map(move |expected| Changed {
            sku: self.sku.clone(),
            expected_unit_price: *expected,
            unit_price,
        })
    }
}

/// What was read of the stock.
#[derive(Debug, Default)]
pub(crate) struct Stock {
    pub(crate) offers: BTreeMap<Sku, Offer>,
    /// The buckets of those whose stock is spread; none where one is to be tried
    /// unseen.
    pub(crate) buckets: BTreeMap<Sku, Vec<Bucket>>,
}

/// An order's lines, and how the stock gets there.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) lines: Vec<Line>,
    pub(crate) total: Money,
    pub(crate) changes: Vec<CellChange>,
}

/// There is too little of a sku.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Short {
    pub(crate) sku: Sku,
    pub(crate) requested: u32,
    pub(crate) available: u64,
}

/// A sku has another price than was expected.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Changed {
    pub(crate) sku: Sku,
    pub(crate) expected_unit_price: Money,
    pub(crate) unit_price: Money,
}

/// Why there is no plan.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Something of it cannot be ordered.
    Invalid(Faults),
    /// Something has another price.
    Changed(Vec<Changed>),
    /// There is too little of something.
    Short(Vec<Short>),
}

/// What makes `wanted` of an order that is not there yet, or that is `before`.
/// `low` is how much counts as little; `pick` gives a number below its argument.
pub(crate) fn plan(
    wanted: &[Wanted],
    stock: &Stock,
    before: Option<&Order>,
    low: u64,
    pick: impl Fn(usize) -> usize,
) -> Result<Plan, Refusal> {
    let old = |sku: &Sku| before.and_then(|order| order.line(sku));
    let more = |wanted: &&Wanted| wanted.quantity > old(&wanted.sku).map_or(0, Line::quantity);
    let currency = check(wanted, stock, &wanted.iter().filter(more).collect::<Vec<_>>(), before)?;
    let gone = before.into_iter().flat_map(|order| &order.lines);
    let gone: Vec<&Line> = gone.filter(|line| !wanted.iter().any(|wanted| wanted.sku == line.sku)).collect();
    let kept = wanted.iter().map(|wanted| old(&wanted.sku).map_or(1, |line| line.taken.len()));
    let cells = kept.sum::<usize>() + gone.iter().map(|line| line.taken.len()).sum::<usize>();
    if cells > MAX_CELLS {
        let too_much = Invalid::new("too_many_changes", "This is too much at once: change fewer lines.");
        return Err(Refusal::Invalid(Faults::one("/lines", too_much)));
    }
    let mut planner = Planner::new(stock, low, pick, cells);
    let mut short = Vec::new();
    for wanted in wanted {
        if let Err(refused) = planner.line(wanted, old(&wanted.sku)) {
            short.push(refused);
        }
    }
    if !short.is_empty() {
        return Err(Refusal::Short(short));
    }
    for line in gone {
        planner.changes.extend(CellChange::of_line(line, StockChange::Release));
    }
    let too_much = || invalid(0, "quantity", "too_much", "The sum is too large.");
    let total = Order::sum(&planner.lines, currency).map_err(|_| too_much())?;
    Ok(Plan { lines: planner.lines, total, changes: planner.changes })
}

fn invalid(line: usize, field: &str, code: &'static str, detail: &str) -> Refusal {
    Refusal::Invalid(Faults::one(&format!("/lines/{line}/{field}"), Invalid::new(code, detail)))
}

/// Refuses what cannot be ordered at all; gives the currency of what can.
fn check(
    wanted: &[Wanted],
    stock: &Stock,
    more: &[&Wanted],
    before: Option<&Order>,
) -> Result<Currency, Refusal> {
    let mut faults = Faults::default();
    let mut changed = Vec::new();
    let mut currency = None;
    if let Some(before) = before {
        for wanted in wanted {
            let Some(line) = before.line(&wanted.sku) else { continue };
            currency = Some(before.card.total.currency);
            // As many as before or fewer keep their price.
            if wanted.quantity <= line.quantity() {
                changed.extend(wanted.changed(Money { amount: line.unit_price, ..before.card.total }));
            }
        }
    }
    for wanted in more {
        let Wanted { sku, line, .. } = wanted;
        let Some(offer) = stock.offers.get(sku).filter(|offer| offer.status == OfferStatus::Open) else {
            let invalid = Invalid::new("not_for_sale", "There is no such thing to be ordered.");
            faults.add(format!("/lines/{line}/sku"), invalid);
            continue;
        };
        let price = offer.price;
        if *currency.get_or_insert(price.currency) != price.currency {
            let invalid = Invalid::new("mixed_currencies", "An order has one currency.");
            faults.add(format!("/lines/{line}/sku"), invalid);
        }
        changed.extend(wanted.changed(price));
    }
    let old = before.into_iter().flat_map(|order| &order.lines);
    let together = old.filter(|line| !wanted.iter().any(|wanted| wanted.sku == line.sku)).count();
    if wanted.len() + together > MAX_SKUS {
        faults.add("/lines", too_many());
    }
    match currency {
        _ if !faults.is_empty() => Err(Refusal::Invalid(faults)),
        _ if !changed.is_empty() => Err(Refusal::Changed(changed)),
        Some(currency) => Ok(currency),
        None => Err(Refusal::Invalid(Faults::one("/lines", Invalid::new("required", "Nothing is ordered.")))),
    }
}

/// More skus than a transaction takes.
pub(crate) fn too_many() -> Invalid {
    Invalid::new("too_many_skus", "An order has at most 90 different skus, old and new together.")
}
