//! Words of products and categories.

use crate::vocabulary;

vocabulary! {
    /// Status of a product.
    pub enum ProductStatus {
        /// Visible to members of the selling organisation and to administrators only.
        Draft = "draft",
        /// For sale.
        Active = "active",
        /// No longer for sale: found by id, but not in public lists.
        Archived = "archived",
    }
}

vocabulary! {
    /// Availability of a variant, or of the most available variant of a product.
    pub enum Availability {
        /// More than the low-stock threshold can be ordered.
        InStock = "in_stock",
        /// At least one, and no more than the low-stock threshold.
        Low = "low",
        /// Nothing can be ordered.
        OutOfStock = "out_of_stock",
    }
}

/// Maximum available quantity that counts as low stock, unless the template sets
/// another.
pub const LOW_STOCK: u64 = 5;

impl Availability {
    /// Availability of a stock; `low` and fewer are low stock.
    pub fn of(available: u64, low: u64) -> Self {
        match available {
            0 => Self::OutOfStock,
            few if few <= low => Self::Low,
            _ => Self::InStock,
        }
    }
}

vocabulary! {
    /// Status of a category.
    pub enum CategoryStatus {
        /// Visible to everyone.
        Active = "active",
        /// Visible to administrators only.
        Hidden = "hidden",
    }
}
