//! Data to develop with: believable, and the same each time, so that whoever seeds
//! twice has it once.
//!
//! | module | what it holds |
//! |---|---|
//! | [`people`] | accounts, made as an operator makes them |
//! | [`demo`] | a shop, filled over the API as its administrator would, a file a group |

pub mod demo;

// Outside, as the operator makes accounts of them, and `demo` asks an operator.
pub use crate::people::{self, PASSWORD};
