//! `/api/v1`

mod auth;
mod catalog;
mod orders;
mod users;
