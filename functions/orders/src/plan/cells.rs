//! Changes of single cells of the stock.

use shared::{
    buckets::Taken,
    id::{ProductId, VariantId},
    money::Money,
    table::{Expression, Update, schema},
    text::Sku,
};

use crate::{offer::OfferStatus, order::Line, stock::StockChange};

/// A change of a cell.
#[derive(Debug, Clone)]
pub struct CellChange {
    /// Variant.
    pub variant: VariantId,
    /// Bucket; `None` for the offer itself.
    pub bucket: Option<u8>,
    /// Change of the cell.
    pub change: StockChange,
    /// Quantity.
    pub quantity: u32,
    /// Condition on the offer.
    pub(super) guard: Option<Guard>,
}

/// Offer that an order is based on.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) sku: Sku,
    pub(super) price: Money,
    pub(super) product_id: ProductId,
    /// Remaining stock after the change.
    pub(super) left: Remaining,
}

/// Remaining stock of a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remaining {
    /// Low stock: it must be in the low-stock list.
    Low,
    /// More than this number.
    Above(u64),
    /// Part of a sharded stock, which is in no list.
    Sharded,
}

impl CellChange {
    /// Update of the table.
    pub fn update(&self) -> Update {
        let Some(Guard { sku, price, product_id, left }) = &self.guard else {
            return self.change.update(self.quantity);
        };
        let (set, condition) = self.change.expressions();
        let set = Expression::new(set).number(":quantity", self.quantity);
        let mut row = None;
        let mut condition = Expression::new(condition);
        match left {
            Remaining::Low => {
                row = Some(schema::low_stock(sku.as_str()));
            }
            // Two concurrent changes that each leave enough may leave low stock
            // together.
            Remaining::Above(low) => {
                let least = u64::from(self.quantity).saturating_add(*low);
                condition = condition.and(" AND #card.#available > :least").number(":least", least);
            }
            Remaining::Sharded => {}
        }
        let condition = condition
            .and(" AND #status = :open AND #product_id = :product AND #sku = :sku")
            .and(" AND #price.#amount = :amount AND #price.#currency = :currency")
            .text(":open", OfferStatus::Open)
            .text(":product", product_id)
            .text(":sku", sku)
            .number(":amount", price.amount)
            .text(":currency", price.currency);
        let update = Update::set(set).when(condition);
        match row {
            Some(row) => update.list(row),
            None => update,
        }
    }

    /// Release of a reserved quantity.
    pub(super) fn release(variant: VariantId, taken: &Taken) -> Self {
        Self {
            variant,
            bucket: taken.bucket,
            change: StockChange::Release,
            quantity: taken.quantity,
            guard: None,
        }
    }

    /// Changes of a line's cells by a transition.
    pub fn of_line(line: &Line, change: StockChange) -> impl Iterator<Item = Self> {
        let variant = line.variant();
        line.taken.iter().map(move |taken| Self { change, ..Self::release(variant.clone(), taken) })
    }
}
