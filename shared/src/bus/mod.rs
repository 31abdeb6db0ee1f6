//! Domain events, in the language that all groups share.
//!
//! An event is written into the item of its aggregate ([`outbox`]), goes from the
//! table's stream over the publisher to the bus, and from a queue to each consumer
//! ([`batch`]). Delivery is at least once, in no order.
//!
//! Events carry ids and state, never personal data: no address, name, email or token.
//! So archives, dead-letter queues and logs hold nothing to erase.

pub mod batch;
mod envelope;
pub mod events;
pub mod outbox;

pub use envelope::{DecodeError, Envelope};
pub use events::{DomainEvent, EventType};
