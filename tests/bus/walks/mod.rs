//! Walks over long lists: cut after each page, complete, and once for each item.

mod continuations;
mod erasures;
mod exports;
mod helpers;
mod large;
mod lists;

pub use self::lists::{LISTS, long_lists};

/// Number of orders in the default tests: seven and a half pages.
const ORDERS: u32 = 300;
