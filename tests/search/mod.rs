//! Searches in memory.

mod analysis;
mod engine;
