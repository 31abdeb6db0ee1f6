//! What happens to single cells of the stock.

use shared::{
    buckets::Taken,
    id::{ProductId, VariantId},
    money::Money,
    table::{Expression, Update, schema},
    text::Sku,
};

use crate::{offer::OfferStatus, order::Line, stock::StockChange};

/// Something that happens to a cell.
#[derive(Debug, Clone)]
pub struct CellChange {
    /// Variant.
    pub variant: VariantId,
    /// Bucket; `None`: the offer itself.
    pub bucket: Option<u8>,
    /// Change of the cell.
    pub change: StockChange,
    /// Quantity.
    pub quantity: u32,
    /// What the offer must still be like.
    pub(super) guard: Option<Guard>,
}

/// What an order goes out from.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) sku: Sku,
    pub(super) price: Money,
    pub(super) product_id: ProductId,
    /// How little is left after it.
    pub(super) left: Left,
}

/// How much of a stock is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// So little that it stands in the list of that.
    Little,
    /// More than this.
    MoreThan(u64),
    /// Of a part of it: that is in no list.
    Some,
}

impl CellChange {
    /// The write that does it.
    pub fn update(&self) -> Update {
        let Some(Guard { sku, price, product_id, left }) = &self.guard else {
            return self.change.update(self.quantity);
        };
        let (set, condition) = self.change.expressions();
        let set = Expression::new(set).number(":quantity", self.quantity);
        let mut row = None;
        let mut condition = Expression::new(condition);
        match left {
            Left::Little => {
                row = Some(schema::low_stock(sku.as_str()));
            }
            // Two who each leave enough may leave little together.
            Left::MoreThan(low) => {
                let least = u64::from(self.quantity).saturating_add(*low);
                condition = condition.and(" AND #card.#available > :least").number(":least", least);
            }
            Left::Some => {}
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

    /// That so many are not held any more.
    pub(super) fn release(variant: VariantId, taken: &Taken) -> Self {
        Self {
            variant,
            bucket: taken.bucket,
            change: StockChange::Release,
            quantity: taken.quantity,
            guard: None,
        }
    }

    /// What a transition does to a line.
    pub fn of_line(line: &Line, change: StockChange) -> impl Iterator<Item = Self> {
        let variant = line.variant();
        line.taken.iter().map(move |taken| Self { change, ..Self::release(variant.clone(), taken) })
    }
}
