//! Which cells the goods of a line come from.

use shared::{
    buckets::{self, Available, Taken},
    table::item::Stored,
};

use super::{
    CellChange, Short, Stock, StockPolicy, Wanted,
    cells::{Guard, Left},
};
use crate::{offer::Offer, order::Line, stock::StockChange};

/// From how many buckets a line may take its goods.
const MAX_BUCKETS: usize = 4;

/// How many cells an order may have its goods from, with those that a change gives
/// back: with the order itself and its buyer, 96 of the 100 writes of a transaction. So
/// whatever becomes of it later can be written at once, too.
pub(super) const MAX_CELLS: usize = 94;

/// Plans line after line.
pub(super) struct Planner<'a> {
    stock: &'a Stock,
    policy: StockPolicy<'a>,
    /// How many cells the order has its goods from, or gives back.
    cells: usize,
    pub(super) lines: Vec<Line>,
    pub(super) changes: Vec<CellChange>,
}

impl<'a> Planner<'a> {
    /// A planner for an order of as many cells at least.
    pub(super) fn new(stock: &'a Stock, policy: StockPolicy<'a>, cells: usize) -> Self {
        Self { stock, policy, cells, lines: Vec::new(), changes: Vec::new() }
    }

    /// Plans a line that may stand there already.
    pub(super) fn line(&mut self, wanted: &Wanted, old: Option<&Line>) -> Result<(), Short> {
        let had = old.map_or(0, Line::quantity);
        let line = match (old, self.stock.offer(&wanted.sku)) {
            (Some(old), _) if wanted.quantity <= had => self.fewer(old, had - wanted.quantity),
            (old, Some(Stored { entity: offer, .. })) => {
                let old = old.map(|line| line.taken.as_slice()).unwrap_or_default();
                let more = self.more(offer, wanted.quantity - had, old).map_err(|available| Short {
                    sku: wanted.sku.clone(),
                    requested: wanted.quantity,
                    available: available.min(self.policy.told) + u64::from(had),
                })?;
                let taken = buckets::together(old, more);
                Line {
                    variant_id: Some(offer.variant()),
                    sku: offer.sku.clone(),
                    product_id: offer.product_id,
                    title: offer.card.title.clone(),
                    unit_price: offer.price.amount,
                    taken,
                }
            }
            (_, None) => {
                return Err(Short { sku: wanted.sku.clone(), requested: wanted.quantity, available: 0 });
            }
        };
        self.lines.push(line);
        Ok(())
    }

    /// A line without so many of its goods: its price stays.
    fn fewer(&mut self, line: &Line, mut surplus: u32) -> Line {
        let line_variant = line.variant();
        let mut line = line.clone();
        for taken in line.taken.iter_mut().rev() {
            let back = surplus.min(taken.quantity);
            if back > 0 {
                self.changes.push(CellChange::release(
                    line_variant.clone(),
                    &Taken { quantity: back, ..taken.clone() },
                ));
                taken.quantity -= back;
                surplus -= back;
            }
        }
        line.taken.retain(|taken| taken.quantity > 0);
        line
    }

    /// Takes so many out of the stock, for a line that has some already; or tells
    /// how many it could.
    fn more(&mut self, offer: &Offer, quantity: u32, old: &[Taken]) -> Result<Vec<Taken>, u64> {
        let taken = self.cells_for(offer, quantity, old)?;
        for Taken { bucket, quantity } in &taken {
            let left = offer.card.available.saturating_sub((*quantity).into());
            self.changes.push(CellChange {
                variant: offer.variant(),
                bucket: *bucket,
                change: StockChange::Reserve,
                quantity: *quantity,
                guard: Some(Guard {
                    sku: offer.sku.clone(),
                    price: offer.price,
                    product_id: offer.product_id,
                    left: match left {
                        _ if !offer.buckets.is_empty() => Left::Some,
                        left if left <= self.policy.low => Left::Little,
                        _ => Left::MoreThan(self.policy.low),
                    },
                }),
            });
        }
        Ok(taken)
    }

    /// Cells with so many, for a line that has some already; or how many it could
    /// have.
    fn cells_for(&mut self, offer: &Offer, quantity: u32, old: &[Taken]) -> Result<Vec<Taken>, u64> {
        let mut cells: Vec<Available> = match self.stock.buckets.get(&offer.variant()) {
            Some(buckets) => {
                let buckets = buckets.iter().map(|bucket| &bucket.entity);
                buckets.map(|bucket| (Some(bucket.number), bucket.card.available)).collect()
            }
            None if offer.buckets.is_empty() || offer.card.available >= quantity.into() => Vec::new(),
            // Unseen: whether there is enough in it, the write finds out.
            None => {
                let bucket = offer.buckets.get((self.policy.pick)(offer.buckets.len())).copied();
                return Ok(vec![Taken { bucket, quantity }]);
            }
        };
        // In any order, so that buyers do not meet. What is on the offer itself is
        // sold, too.
        let first = (self.policy.pick)(cells.len());
        cells.rotate_left(first);
        cells.push((None, offer.card.available));
        // The first cell of a new line is counted from the beginning.
        let counted = usize::from(old.is_empty());
        let most = MAX_BUCKETS.saturating_sub(old.len()).min(MAX_CELLS.saturating_sub(self.cells) + counted);
        let taken = buckets::take(cells, quantity, old, most).map_err(u64::from)?;
        let new = taken.iter().filter(|taken| !old.iter().any(|old| old.bucket == taken.bucket)).count();
        self.cells += new.saturating_sub(counted);
        Ok(taken)
    }
}

/// Sells the goods of lines that hold none any more: from which cells is written
/// into them.
pub fn sell_again(
    lines: &mut [Line],
    stock: &Stock,
    policy: StockPolicy<'_>,
) -> Result<Vec<CellChange>, Vec<Short>> {
    let mut planner = Planner::new(stock, policy, lines.len());
    let mut short = Vec::new();
    for line in lines {
        let (sku, quantity) = (line.sku.clone(), line.quantity());
        let offer = stock.offers.get(&line.variant());
        let taken = offer.map_or(Err(0), |offer| planner.cells_for(&offer.entity, quantity, &[]));
        match taken {
            Ok(taken) => {
                line.taken = taken;
                planner.changes.extend(CellChange::of_line(line, StockChange::SellAvailable));
            }
            Err(available) => {
                short.push(Short { sku, requested: quantity, available: available.min(policy.told) });
            }
        }
    }
    if short.is_empty() { Ok(planner.changes) } else { Err(short) }
}
