//! Data for development: realistic, and the same each time, so that a second run changes
//! nothing.
//!
//! | module | content |
//! |---|---|
//! | [`people`] | accounts, created by the operator |
//! | [`demo`] | a shop, filled over the API by its administrator, a file a group |

pub mod demo;

// Outside, because the operator creates accounts of them, and `demo` uses an operator.
pub use crate::people::{self, PASSWORD};
