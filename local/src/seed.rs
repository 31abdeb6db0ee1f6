//! Data to develop with: believable, and the same each time, so that whoever seeds
//! twice has it once.
//!
//! | module | what it holds |
//! |---|---|
//! | [`people`] | accounts, made as an operator makes them |
//! | [`demo`] | a shop, filled over the API as its administrator would, a file a group |

pub mod demo;
pub mod people;

/// What every seeded account logs in with.
pub const PASSWORD: &str = "wooden lighthouse over the bay";
