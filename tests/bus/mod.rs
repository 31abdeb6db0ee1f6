//! The way of an event, step by step.

mod batches;
mod mails;
mod publisher;
