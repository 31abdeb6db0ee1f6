//! The stock of a variant, and the only ways in which it changes. It stands on the
//! offer, or, where very many order the same at once, on its buckets: a *cell* is
//! whichever of them a line took its goods from.
//!
//! At every quiet point, for every variant:
//! `initial_stock + adjusted = available + reserved + sold`.

use serde::{Deserialize, Serialize};
use shared::{
    id::VariantId,
    table::{
        Expression, Update,
        schema::{self, Key},
    },
    text::Title,
};

/// What lists show of a stock.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockCard {
    /// Title.
    pub title: Title,
    /// May be ordered.
    pub available: u64,
    /// Held for orders that are not paid.
    pub reserved: u64,
    /// In the house: `available + reserved`.
    pub on_hand: u64,
}

/// The key of a cell.
pub fn cell(variant: &VariantId, bucket: Option<u8>) -> Key {
    match bucket {
        Some(bucket) => schema::stock_bucket(variant, bucket),
        None => schema::offer(variant),
    }
}

/// Something that happens to a part of a stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockChange {
    /// It is held for an order.
    Reserve,
    /// It is held no longer.
    Release,
    /// What was held is sold.
    Sell,
    /// It is sold without having been held.
    SellAvailable,
    /// What was sold is back.
    Return,
}

impl StockChange {
    /// The write that does this to `quantity` of a cell, where there are as many.
    pub fn update(self, quantity: u32) -> Update {
        let (set, condition) = self.expressions();
        Update::set(Expression::new(set).number(":quantity", quantity)).when(Expression::new(condition))
    }

    /// What it sets, and what must hold.
    pub fn expressions(self) -> (&'static str, &'static str) {
        const AVAILABLE: &str = "#card.#available >= :quantity";
        const RESERVED: &str = "#card.#reserved >= :quantity";
        match self {
            Self::Reserve => (
                "#card.#available = #card.#available - :quantity, #card.#reserved = #card.#reserved + :quantity",
                AVAILABLE,
            ),
            Self::Release => (
                "#card.#available = #card.#available + :quantity, #card.#reserved = #card.#reserved - :quantity",
                RESERVED,
            ),
            Self::Sell => (
                "#card.#reserved = #card.#reserved - :quantity, #card.#on_hand = #card.#on_hand - :quantity, \
                 #sold = #sold + :quantity",
                RESERVED,
            ),
            Self::SellAvailable => (
                "#card.#available = #card.#available - :quantity, #card.#on_hand = #card.#on_hand - :quantity, \
                 #sold = #sold + :quantity",
                AVAILABLE,
            ),
            Self::Return => (
                "#card.#available = #card.#available + :quantity, #card.#on_hand = #card.#on_hand + :quantity, \
                 #sold = #sold - :quantity",
                "#sold >= :quantity",
            ),
        }
    }
}
