//! Searches in memory: words of texts, and an index of documents.

pub mod analysis;
pub mod engine;
