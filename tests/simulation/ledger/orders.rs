//! Knowledge of sellers and customers.

use std::collections::{BTreeMap, BTreeSet};

/// See the [module](self).
#[derive(Debug, Default)]
pub struct Orders {
    /// Acknowledged orders, by id.
    pub placed: BTreeMap<String, Placed>,
    /// Number of keys that may have an order, by customer.
    pub keys: BTreeMap<String, usize>,
    /// Stock adjustments by reason, and whether they were acknowledged.
    pub adjustments: BTreeMap<String, bool>,
}

/// An acknowledged order.
#[derive(Debug)]
pub struct Placed {
    /// Id of the customer.
    pub user_id: String,
    /// Possible lines.
    pub lines: BTreeSet<Lines>,
}

/// Quantity of each SKU.
pub type Lines = BTreeMap<String, u64>;
