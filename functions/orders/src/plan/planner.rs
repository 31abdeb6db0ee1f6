//! Choice of the cells of a line.

use shared::{
    buckets::{self, Available, Taken},
    table::item::Stored,
};

use super::{
    CellChange, Short, Stock, StockPolicy, Wanted,
    cells::{Guard, Remaining},
};
use crate::{offer::Offer, order::Line, stock::StockChange};

/// Maximum number of buckets of a line.
const MAX_BUCKETS: usize = 4;

/// Maximum number of stock cells of an order, with those that a change gives back: with
/// the order itself, its customer and the checks of a member of the seller and of its
/// status, 98 of the 100 writes of a transaction. So every later change of the order is one
/// transaction, too.
pub(super) const MAX_CELLS: usize = 94;

/// Plans line after line.
pub(super) struct Planner<'a> {
    stock: &'a Stock,
    policy: StockPolicy<'a>,
    /// Number of cells that the order takes from or releases.
    cells: usize,
    pub(super) lines: Vec<Line>,
    pub(super) changes: Vec<CellChange>,
}

impl<'a> Planner<'a> {
    /// A planner for an order of at least this many cells.
    pub(super) fn new(stock: &'a Stock, policy: StockPolicy<'a>, cells: usize) -> Self {
        Self { stock, policy, cells, lines: Vec::new(), changes: Vec::new() }
    }

    /// Plans a line, new or present before.
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

    /// The line with a smaller quantity, at its price.
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

    /// Takes a quantity from the stock, for a line that may have some already; or gives
    /// the available number.
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
                        _ if !offer.buckets.is_empty() => Remaining::Sharded,
                        left if left <= self.policy.low => Remaining::Low,
                        _ => Remaining::Above(self.policy.low),
                    },
                }),
            });
        }
        Ok(taken)
    }

    /// Finds cells with a quantity, for a line that may have some already; or gives the
    /// available number.
    fn cells_for(&mut self, offer: &Offer, quantity: u32, old: &[Taken]) -> Result<Vec<Taken>, u64> {
        let mut cells: Vec<Available> = match self.stock.buckets.get(&offer.variant()) {
            Some(buckets) => {
                let buckets = buckets.iter().map(|bucket| &bucket.entity);
                buckets.map(|bucket| (Some(bucket.number), bucket.card.available)).collect()
            }
            None if offer.buckets.is_empty() || offer.card.available >= quantity.into() => Vec::new(),
            // Unread: the write finds out if it has enough.
            None => {
                let bucket = offer.buckets.get((self.policy.pick)(offer.buckets.len())).copied();
                return Ok(vec![Taken { bucket, quantity }]);
            }
        };
        // In any order, so that customers do not collide. Stock of the offer itself is
        // sold, too.
        let first = (self.policy.pick)(cells.len());
        cells.rotate_left(first);
        cells.push((None, offer.card.available));
        // The first cell of a new line is included in the count.
        let counted = usize::from(old.is_empty());
        let most = MAX_BUCKETS.saturating_sub(old.len()).min(MAX_CELLS.saturating_sub(self.cells) + counted);
        let taken = buckets::take(cells, quantity, old, most).map_err(u64::from)?;
        let new = taken.iter().filter(|taken| !old.iter().any(|old| old.bucket == taken.bucket)).count();
        self.cells += new.saturating_sub(counted);
        Ok(taken)
    }
}

/// Sells lines that hold no stock any more, and records their cells.
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
