//! What must say the same in two places.

mod architecture;
mod asvs;
mod canary;
mod configuration;
mod corpus;
mod decisions;
mod documents;
mod drift;
mod events;
mod everything;
mod everything_catalog;
mod examples;
mod fixtures;
mod limits;
mod new_group;
mod openapi;
mod operations;
mod permissions;
mod production;
mod python;
mod secrets;
mod template;
mod time_zones;
mod units;
mod vocabulary;
mod written;
