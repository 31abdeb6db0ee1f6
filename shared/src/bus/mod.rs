//! Domain events: what has happened, in the language that all groups share.
//!
//! An event is written into the item that it is about ([`outbox`]), goes from
//! the table's stream over the publisher to the bus, and from a queue to each
//! group that listens ([`batch`]). At least once, in no order.
//!
//! Events carry ids and state, never personal data: no address, name, e-mail or
//! token. So archives, dead letters and logs hold nothing to erase.

pub mod batch;
mod envelope;
pub mod events;
pub mod outbox;

pub use envelope::{DecodeError, Envelope};
pub use events::{DomainEvent, EventType};
