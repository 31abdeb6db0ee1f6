//! Foundation of every function of Agora, and their common language: events, keys and
//! ids. Behaviour of a group does not belong here.
//!
//! | module | content |
//! |---|---|
//! | [`lambda`] | the only Lambda entry code: one `serve_*` for each kind of trigger |
//! | [`context`] | inputs of a function: variables, AWS, clock, randomness, log; and the state derived from them |
//! | [`config`] | variables, read once into typed configuration, every fault at once |
//! | [`clock`], [`random`], [`id`] | injected time and randomness, typed prefixed ids |
//! | [`text`] | strings parsed into types: addresses, names, locales |
//! | [`money`] | amounts in minor units |
//! | [`http`] | `endpoints!`, `problems!`, the middleware, extractors, replies, pages, documents |
//! | [`identity`] | users, logins and sessions, which `auth` and `users` share; access tokens and their keys; permissions |
//! | [`roots`] | certificate authorities trusted for AWS |
//! | [`secrets`] | secrets in SSM, created by their first reader |
//! | [`changes`] | names of the fields in which two states of a resource differ |
//! | [`vocabulary`] | roles and statuses, and words of later releases |
//! | [`table`] | the one table: schema, item codec, transactions, claims on names, cursors, units |
//! | [`json`] | JSON of callers: an object has each name once |
//! | [`journal`] | state in memory that is folded from a numbered log, with snapshots |
//! | [`imports`] | uploads of rows, processed in chunks, with a report |
//! | [`bus`] | domain events, their envelope, the outbox, the batch runner |
//! | [`walk`] | lists that take more than one delivery: pages, cursors, continuations |
//! | [`telemetry`] | one canonical line a request or message |

pub mod buckets;
pub mod bus;
pub mod changes;
pub mod clock;
pub mod config;
pub mod context;
pub mod failure;
pub mod group;
pub mod http;
pub mod id;
pub mod identity;
pub mod imports;
mod invocation;
pub mod journal;
pub mod json;
pub mod lambda;
pub mod money;
pub mod random;
pub mod roots;
pub mod secrets;
pub mod table;
pub mod telemetry;
pub mod text;
pub mod units;
pub mod vocabulary;
pub mod walk;

pub use context::{Context, Environment, StartError};
pub use failure::{Failure, Refused, UnlessRefused};

/// Crates named in the expansions of this crate's macros; not for use by hand.
#[doc(hidden)]
pub mod expansion {
    pub use axum;
    pub use pastey::paste;
    pub use serde_json;
    pub use utoipa;
}
