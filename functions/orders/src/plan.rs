//! From what somebody wants to the lines of an order and what happens to the
//! stock: prices, quantities, refusals. It knows what was read of the offers, and
//! touches no table.

use std::collections::BTreeMap;

use shared::{
    http::Faults,
    id::ProductId,
    money::{Currency, Money},
    table::{
        Expression, Update,
        schema::{self, IndexKey},
    },
    text::{Invalid, Sku},
};

use crate::{
    offer::{Bucket, Offer, OfferStatus},
    order::{Line, MAX_SKUS, Order},
    stock::{StockChange, Taken},
};

/// From how many buckets a line may take its goods.
const MAX_BUCKETS: usize = 4;

/// How many cells an order may touch: with the order itself, 95 of the 100 writes
/// that a transaction takes.
const MAX_CELLS: usize = 94;

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

/// What was read of the stock.
#[derive(Debug, Default)]
pub(crate) struct Stock {
    pub(crate) offers: BTreeMap<Sku, Offer>,
    /// The buckets of those whose stock is spread; none where one is to be tried
    /// unseen.
    pub(crate) buckets: BTreeMap<Sku, Vec<Bucket>>,
}

/// Something that happens to a cell.
#[derive(Debug, Clone)]
pub(crate) struct CellChange {
    pub(crate) sku: Sku,
    pub(crate) bucket: Option<u8>,
    pub(crate) change: StockChange,
    pub(crate) quantity: u32,
    /// What the offer must still be like.
    guard: Option<Guard>,
}

#[derive(Debug, Clone)]
struct Guard {
    price: Money,
    product_id: ProductId,
    /// Whether little is left after it.
    low: bool,
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

impl CellChange {
    /// The write that does it.
    pub(crate) fn update(&self) -> Update {
        let Some(Guard { price, product_id, low }) = &self.guard else {
            return self.change.update(self.quantity);
        };
        let (set, condition) = self.change.expressions();
        let mut set = Expression::new(set).number(":quantity", self.quantity);
        if *low {
            let IndexKey { index, key } = schema::low_stock(&self.sku);
            let row = format!(", #{} = :low_pk, #{} = :low_sk", index.partition_key(), index.sort_key());
            set = set.and(&row).text(":low_pk", key.pk).text(":low_sk", key.sk);
        }
        let condition = Expression::new(condition)
            .and(" AND #status = :open AND #product_id = :product")
            .and(" AND #price.#amount = :amount AND #price.#currency = :currency")
            .text(":open", "open")
            .text(":product", product_id)
            .number(":amount", price.amount)
            .text(":currency", price.currency);
        Update::set(set).when(condition)
    }

    /// That so many are not held any more.
    fn release(sku: &Sku, taken: &Taken) -> Self {
        Self {
            sku: sku.clone(),
            bucket: taken.bucket,
            change: StockChange::Release,
            quantity: taken.quantity,
            guard: None,
        }
    }

    /// What a transition does to a line.
    pub(crate) fn of_line(line: &Line, change: StockChange) -> impl Iterator<Item = Self> {
        let sku = line.sku.clone();
        line.taken.iter().map(move |taken| Self { change, ..Self::release(&sku, taken) })
    }
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
    let mut planner = Planner { stock, low, pick, cells: 0, lines: Vec::new(), changes: Vec::new() };
    let old = |sku: &Sku| before.and_then(|order| order.line(sku));
    let more = |wanted: &&Wanted| wanted.quantity > old(&wanted.sku).map_or(0, Line::quantity);
    let currency = check(wanted, stock, &wanted.iter().filter(more).collect::<Vec<_>>(), before)?;
    let gone = before.into_iter().flat_map(|order| &order.lines);
    let gone: Vec<&Line> = gone.filter(|line| !wanted.iter().any(|wanted| wanted.sku == line.sku)).collect();
    planner.cells = wanted.len() + gone.len();
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

/// Sells the goods of lines that hold none any more: from which cells is written
/// into them.
pub(crate) fn sell_again(
    lines: &mut [Line],
    stock: &Stock,
    pick: impl Fn(usize) -> usize,
) -> Result<Vec<CellChange>, Vec<Short>> {
    let cells = lines.len();
    let mut planner = Planner { stock, low: 0, pick, cells, lines: Vec::new(), changes: Vec::new() };
    let mut short = Vec::new();
    for line in lines {
        let (sku, quantity) = (line.sku.clone(), line.quantity());
        let taken = match stock.offers.get(&sku) {
            Some(offer) => planner.cells_for(offer, quantity),
            None => Err(Short { sku, requested: quantity, available: 0 }),
        };
        match taken {
            Ok(taken) => {
                planner.cells += taken.len() - 1;
                line.taken = taken;
                planner.changes.extend(CellChange::of_line(line, StockChange::SellAvailable));
            }
            Err(refused) => short.push(refused),
        }
    }
    if short.is_empty() { Ok(planner.changes) } else { Err(short) }
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
    let mut currency = before.map(|order| order.card.total.currency);
    for Wanted { sku, expected, line, .. } in more {
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
        let other = expected.iter().filter(|expected| **expected != price);
        changed.extend(other.map(|expected| Changed {
            sku: sku.clone(),
            expected_unit_price: *expected,
            unit_price: price,
        }));
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

struct Planner<'a, P> {
    stock: &'a Stock,
    low: u64,
    pick: P,
    /// How many cells are touched at least.
    cells: usize,
    lines: Vec<Line>,
    changes: Vec<CellChange>,
}

impl<P: Fn(usize) -> usize> Planner<'_, P> {
    /// Plans a line that may stand there already.
    fn line(&mut self, wanted: &Wanted, old: Option<&Line>) -> Result<(), Short> {
        let had = old.map_or(0, Line::quantity);
        let line = match (old, self.stock.offers.get(&wanted.sku)) {
            (Some(old), _) if wanted.quantity <= had => self.fewer(old, had - wanted.quantity),
            (old, Some(offer)) => {
                let more = self.more(offer, wanted.quantity - had)?;
                let taken = together(old.map(|line| line.taken.as_slice()).unwrap_or_default(), more);
                Line {
                    sku: offer.sku.clone(),
                    product_id: offer.product_id,
                    title: offer.card.title.clone(),
                    unit_price: offer.price.amount,
                    taken,
                }
            }
            (_, None) => return Err(short(wanted, wanted.quantity, 0)),
        };
        self.lines.push(line);
        Ok(())
    }

    /// A line without so many of its goods: its price stays.
    fn fewer(&mut self, line: &Line, mut surplus: u32) -> Line {
        let mut line = line.clone();
        for taken in line.taken.iter_mut().rev() {
            let back = surplus.min(taken.quantity);
            if back > 0 {
                self.changes.push(CellChange::release(&line.sku, &Taken { quantity: back, ..taken.clone() }));
                taken.quantity -= back;
                surplus -= back;
            }
        }
        line.taken.retain(|taken| taken.quantity > 0);
        line
    }

    /// Takes so many out of the stock.
    fn more(&mut self, offer: &Offer, quantity: u32) -> Result<Vec<Taken>, Short> {
        let taken = self.cells_for(offer, quantity)?;
        self.cells += taken.len() - 1;
        for Taken { bucket, quantity } in &taken {
            let left = offer.card.available.saturating_sub((*quantity).into());
            self.changes.push(CellChange {
                sku: offer.sku.clone(),
                bucket: *bucket,
                change: StockChange::Reserve,
                quantity: *quantity,
                guard: Some(Guard {
                    price: offer.price,
                    product_id: offer.product_id,
                    low: offer.buckets.is_empty() && left <= self.low,
                }),
            });
        }
        Ok(taken)
    }

    fn cells_for(&self, offer: &Offer, quantity: u32) -> Result<Vec<Taken>, Short> {
        let refused = |available| Short { sku: offer.sku.clone(), requested: quantity, available };
        if offer.buckets.is_empty() {
            let available = offer.card.available;
            let enough = available >= quantity.into();
            return if enough { Ok(vec![Taken { bucket: None, quantity }]) } else { Err(refused(available)) };
        }
        let Some(buckets) = self.stock.buckets.get(&offer.sku) else {
            // Unseen: whether there is enough in it, the write finds out.
            let bucket = offer.buckets.get((self.pick)(offer.buckets.len())).copied();
            return Ok(vec![Taken { bucket, quantity }]);
        };
        let mut cells: Vec<(Option<u8>, u64)> =
            buckets.iter().map(|bucket| (Some(bucket.number), bucket.card.available)).collect();
        // Those with enough, in any order, so that buyers do not meet; then the
        // fullest. What came back to the offer itself is sold, too.
        let first = (self.pick)(cells.len());
        cells.rotate_left(first);
        cells.push((None, offer.card.available));
        cells.sort_by_key(|(_, available)| std::cmp::Reverse(quantity.min(clamp(*available))));
        let available = cells.iter().map(|(_, available)| available).sum();
        let (mut taken, mut left) = (Vec::new(), quantity);
        let most = MAX_BUCKETS.min(MAX_CELLS.saturating_sub(self.cells) + 1);
        for (bucket, available) in cells.into_iter().take(most) {
            let here = clamp(available).min(left);
            if here > 0 {
                taken.push(Taken { bucket, quantity: here });
                left -= here;
            }
        }
        if left == 0 && quantity > 0 { Ok(taken) } else { Err(refused(available)) }
    }
}

fn clamp(available: u64) -> u32 {
    u32::try_from(available).unwrap_or(u32::MAX)
}

fn short(wanted: &Wanted, requested: u32, available: u64) -> Short {
    Short { sku: wanted.sku.clone(), requested, available }
}

/// The goods of a line with more of them: each cell once.
fn together(old: &[Taken], more: Vec<Taken>) -> Vec<Taken> {
    let mut all = old.to_vec();
    for new in more {
        match all.iter_mut().find(|taken| taken.bucket == new.bucket) {
            Some(taken) => taken.quantity += new.quantity,
            None => all.push(new),
        }
    }
    all
}
