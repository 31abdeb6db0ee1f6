//! The way of an event, step by step.

mod batches;
mod dead_letters;
mod mails;
mod publisher;
mod trace;
pub mod walks;
