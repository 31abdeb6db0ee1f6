//! What must say the same in two places.

mod configuration;
mod documents;
mod drift;
mod events;
mod everything;
mod everything_catalog;
mod fixtures;
mod permissions;
mod secrets;
mod template;
mod units;
