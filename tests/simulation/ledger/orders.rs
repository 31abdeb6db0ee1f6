//! What those who sell and those who buy know.

use std::collections::{BTreeMap, BTreeSet};

/// See the [module](self).
#[derive(Debug, Default)]
pub struct Orders {
    /// Orders that somebody was told that there are, by their ids.
    pub placed: BTreeMap<String, Placed>,
    /// How many keys there are under which somebody may have ordered, by person.
    pub keys: BTreeMap<String, usize>,
    /// Changes of stocks, by their reasons, and whether somebody was told that they
    /// are made.
    pub adjustments: BTreeMap<String, bool>,
}

/// An order that somebody was told of.
#[derive(Debug)]
pub struct Placed {
    /// Whose it is.
    pub user_id: String,
    /// It has one of these: so many of each sku.
    pub lines: BTreeSet<Lines>,
}

/// So many of each sku.
pub type Lines = BTreeMap<String, u64>;
