//! State that is folded from a log.

mod ages;
mod appending;
mod names;
mod rebuilds;
mod snapshots;
mod trimming;
