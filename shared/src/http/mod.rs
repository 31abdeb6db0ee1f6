//! HTTP, the same for every group: routes and documents from one list
//! ([`endpoints!`](crate::endpoints)), errors as problems
//! ([`problems!`](crate::problems)), one middleware ([`service`]).

pub mod documents;
pub mod endpoints;
pub mod fields;
pub mod idempotency;
pub mod json;
mod language;
pub mod merged;
mod mismatch;
mod money;
pub mod page;
pub mod patch;
pub mod path;
mod preconditions;
pub mod problem;
mod proxy;
pub mod query;
pub mod replies;
mod service;
pub mod signature;
#[cfg(test)]
mod testing;
mod text;
mod upload;

pub use fields::{Faults, Field};
pub use idempotency::{
    Attempt, IdempotencyKey, IdempotencyRecord, Idempotent, KeptReply, KeyRequired, KeyReused, Replayable,
    RequiredIdempotencyKey, once,
};
pub use json::Json;
pub use language::Language;
pub use mismatch::Mismatch;
pub use page::{InvalidCursor, List, Page, Paging, fits_reply};
pub use patch::{Change, Patch};
pub use path::Path;
pub use preconditions::{IfMatch, IfNoneMatch, Stale, Versioned, VersionedWithin};
pub use problem::{Limited, Problem};
pub use proxy::TrustedProxy;
pub use query::Query;
pub use replies::{Accepted, AcceptedAt, Created, Either, Health, NoContent, PublicReply, Reply};
pub use service::{Client, Service};
pub use text::{Format, Text};
pub use upload::Upload;
