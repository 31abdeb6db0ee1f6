//! Knowledge of merchants and customers.

use std::collections::{BTreeMap, BTreeSet};

/// See the [module](self).
#[derive(Debug, Default)]
pub struct Orders {
    /// Orders that somebody was told that there are, by their ids.
    pub placed: BTreeMap<String, Placed>,
    /// Number of keys that may have ordered, by person.
    pub keys: BTreeMap<String, usize>,
    /// Changes of stocks, by their reasons, and whether somebody was told that they
    /// are made.
    pub adjustments: BTreeMap<String, bool>,
}

/// An order that somebody was told of.
#[derive(Debug)]
pub struct Placed {
    /// Account of the order.
    pub user_id: String,
    /// It has one of these: so many of each sku.
    pub lines: BTreeSet<Lines>,
}

/// So many of each sku.
pub type Lines = BTreeMap<String, u64>;
