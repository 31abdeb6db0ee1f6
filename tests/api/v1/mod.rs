//! `/api/v1`

mod auth;
mod orders;
mod users;
