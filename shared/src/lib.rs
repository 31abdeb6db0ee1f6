//! The kit of every function of Agora, and the groups' shared language: events, keys
//! and ids. No group's behaviour belongs here.
//!
//! | module | contents |
//! |---|---|
//! | [`lambda`] | the only Lambda entry code: one `serve_*` for each kind of trigger |
//! | [`context`] | input of a function: variables, AWS, clock, randomness, log; and the state derived from it |
//! | [`config`] | variables, read once into typed configuration, every fault at once |
//! | [`clock`], [`random`], [`id`] | injected time and randomness, typed prefixed ids |
//! | [`text`] | strings parsed into types: addresses, names, locales |
//! | [`money`] | amounts in minor units |
//! | [`http`] | `endpoints!`, `problems!`, the middleware, extractors, replies, pages, documents |
//! | [`identity`] | users, logins and sessions, which `auth` and `users` share; access tokens and their keys; permissions |
//! | [`membership`] | members of organisations: their roles, what a role may do, and its check in a write |
//! | [`seller`] | seller of a product, an offer or an order |
//! | [`listed_status`] | part of the product lists that a product is in |
//! | [`roots`] | root certificates of AWS's endpoints |
//! | [`search`] | words of texts in two languages, and an index of documents in memory |
//! | [`secrets`] | secrets in SSM, created by the first function that needs them |
//! | [`changes`] | names of the fields in which two states of a resource differ |
//! | [`vocabulary`] | roles and statuses, and words of later releases |
//! | [`table`] | the one table: schema, item codec, transactions, claims on names, cursors, units |
//! | [`evolution`] | jobs that bring stored items of earlier releases into their current form |
//! | [`json`] | JSON of callers, without duplicate names |
//! | [`journal`] | state in memory that is folded from a numbered log, with snapshots |
//! | [`imports`] | uploads of rows, processed in chunks, with a report |
//! | [`bus`] | domain events, their envelope, the outbox, the batch runner |
//! | [`walk`] | lists that take more than one delivery: pages, cursors, continuations |
//! | [`sweep`] | scheduled work on everything that is due |
//! | [`telemetry`] | one canonical line a request or message |

pub mod buckets;
pub mod bus;
pub mod changes;
pub mod clock;
pub mod config;
pub mod context;
pub mod evolution;
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
pub mod listed_status;
pub mod membership;
pub mod money;
pub mod organizer;
pub mod random;
pub mod roots;
pub mod search;
pub mod secrets;
pub mod seller;
pub mod sweep;
pub mod table;
pub mod telemetry;
pub mod text;
pub mod units;
pub mod vocabulary;
pub mod walk;

pub use context::{Context, Environment, StartError};
pub use failure::{Failure, Refused, UnlessRefused};

/// Items that the expansions of this crate's macros name; not for direct use.
#[doc(hidden)]
pub mod expansion {
    pub use axum;
    pub use pastey::paste;
    pub use serde_json;
    pub use utoipa;
}
