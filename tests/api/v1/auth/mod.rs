//! `/api/v1/auth`

mod email_verification_confirm;
mod health;
mod me;
mod register;
