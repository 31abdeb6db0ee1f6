//! `/api/v1/auth`

mod health;
mod me;
mod register;
