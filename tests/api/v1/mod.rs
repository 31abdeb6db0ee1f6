//! `/api/v1`

mod auth;
mod catalog;
pub mod orders;
mod organizations;
mod sellers;
mod users;
