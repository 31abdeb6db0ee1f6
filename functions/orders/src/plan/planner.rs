//! Which cells the goods of a line come from.

use super::{CellChange, Short, Stock, Wanted, cells::Guard};
use crate::{
    offer::Offer,
    order::Line,
    stock::{StockChange, Taken},
};

/// From how many buckets a line may take its goods.
const MAX_BUCKETS: usize = 4;

/// How many cells an order may touch: with the order itself, 95 of the 100 writes
/// that a transaction takes.
const MAX_CELLS: usize = 94;

/// Plans line after line.
pub(super) struct Planner<'a, P> {
    stock: &'a Stock,
    low: u64,
    pick: P,
    /// How many cells are touched at least.
    cells: usize,
    pub(super) lines: Vec<Line>,
    pub(super) changes: Vec<CellChange>,
}

impl<'a, P: Fn(usize) -> usize> Planner<'a, P> {
    /// A planner that touches as many cells at least.
    pub(super) fn new(stock: &'a Stock, low: u64, pick: P, cells: usize) -> Self {
        Self { stock, low, pick, cells, lines: Vec::new(), changes: Vec::new() }
    }

    /// Plans a line that may stand there already.
    pub(super) fn line(&mut self, wanted: &Wanted, old: Option<&Line>) -> Result<(), Short> {
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

/// Sells the goods of lines that hold none any more: from which cells is written
/// into them.
pub(crate) fn sell_again(
    lines: &mut [Line],
    stock: &Stock,
    pick: impl Fn(usize) -> usize,
) -> Result<Vec<CellChange>, Vec<Short>> {
    let mut planner = Planner::new(stock, 0, pick, lines.len());
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
