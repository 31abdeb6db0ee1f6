//! Stock of a variant, and its only changes. It is kept on the offer, or, if it is
//! sharded for many concurrent orders, on its buckets: a *cell* is either of them.
//!
//! At every quiet point, for every variant: `initial_stock + adjusted = available +
//! reserved + sold`.

use serde::{Deserialize, Serialize};
use shared::{
    id::VariantId,
    table::{
        Expression, Update,
        schema::{self, Key},
    },
    text::Title,
};

/// Attributes of a stock that lists show.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockCard {
    /// Title.
    pub title: Title,
    /// Units that can be ordered.
    pub available: u64,
    /// Units reserved for orders that are not paid.
    pub reserved: u64,
    /// Units on hand: `available + reserved`.
    pub on_hand: u64,
}

/// The key of a cell.
pub fn cell(variant: &VariantId, bucket: Option<u8>) -> Key {
    match bucket {
        Some(bucket) => schema::stock_bucket(variant, bucket),
        None => schema::offer(variant),
    }
}

/// A change of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockChange {
    /// Reserves available units for an order.
    Reserve,
    /// Releases reserved units.
    Release,
    /// Sells reserved units.
    Sell,
    /// Sells available units, without a reservation.
    SellAvailable,
    /// Restocks sold units.
    Return,
}

impl StockChange {
    /// Update that applies this to `quantity` units of a cell, if it has them.
    pub fn update(self, quantity: u32) -> Update {
        let (set, condition) = self.expressions();
        Update::set(Expression::new(set).number(":quantity", quantity)).when(Expression::new(condition))
    }

    /// Update expression and condition.
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
