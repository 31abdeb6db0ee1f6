//! A user's journeys over HTTP alone: the same against the local platform,
//! `cargo lambda watch` and a deployed stack.
//!
//! | variable | meaning |
//! |---|---|
//! | `AGORA_URL` | URL of Agora; without it each journey starts a platform of its own |
//! | `AGORA_MAILS_URL` | URL of the list of sent mails; by default `AGORA_URL/_local/mails` |
//! | `AGORA_GRANT` | command that makes the account of an email address an administrator |

mod account;
mod catalog;
mod events;
mod orders;
mod organizations;
mod passwords;
mod registration;
mod roles;
mod sessions;
mod target;
