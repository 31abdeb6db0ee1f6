//! What a person does, over HTTP alone: the same against the local platform,
//! `cargo lambda watch` and a deployed stack.
//!
//! | variable | what it says |
//! |---|---|
//! | `AGORA_URL` | where Agora is; without it each journey starts a platform of its own |
//! | `AGORA_MAILS_URL` | where the sent mails are listed; without it `AGORA_URL/_local/mails` |
//! | `AGORA_GRANT` | who makes an administrator there of the address that it is given: a command |

mod account;
mod catalog;
mod orders;
mod passwords;
mod registration;
mod roles;
mod sessions;
mod target;
