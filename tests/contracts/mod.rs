//! What must say the same in two places.

mod configuration;
mod documents;
mod drift;
mod events;
mod fixtures;
mod secrets;
mod template;
mod units;
