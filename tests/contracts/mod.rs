//! What must say the same in two places.

mod configuration;
mod documents;
mod events;
mod fixtures;
mod secrets;
mod template;
mod units;
