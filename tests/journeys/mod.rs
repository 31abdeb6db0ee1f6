//! Journeys of a person, over HTTP alone: the same against the local platform,
//! `cargo lambda watch` and a deployed stack.
//!
//! | variable | content |
//! |---|---|
//! | `AGORA_URL` | URL of Agora; without it each journey starts a platform of its own |
//! | `AGORA_MAILS_URL` | URL of the list of sent emails; without it `AGORA_URL/_local/mails` |
//! | `AGORA_GRANT` | command that makes the account of the given address an administrator |

mod account;
mod catalog;
mod orders;
mod passwords;
mod registration;
mod roles;
mod sessions;
mod target;
