//! `/api/v1`

mod auth;
mod catalog;
mod events;
pub mod orders;
mod organizations;
mod sellers;
mod users;
