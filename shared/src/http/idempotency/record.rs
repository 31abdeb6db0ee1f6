//! What stays of a request that may be repeated: what it was like, and what it
//! made.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    clock::Timestamp,
    http::{Problem, json::sorted, problem::Attach},
    table::{
        Condition, Expression,
        item::Entity,
        schema::{self, Key},
    },
};

/// How long a request may be repeated.
const KEPT: Duration = Duration::from_hours(24);

/// What tells one body from another, in whatever order its fields stand.
pub(super) fn fingerprint(body: Map<String, Value>) -> String {
    hash(&sorted(Value::Object(body)).to_string())
}

fn hash(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// That a request has been done, and what it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// A hash of caller, method, route and key.
    scope: String,
    /// A hash of the body.
    fingerprint: String,
    /// The id of what it made.
    resource: String,
    /// When it was done.
    made_at: Timestamp,
    /// Until when it may be repeated.
    ends_at: Timestamp,
}

impl Entity for IdempotencyRecord {
    const TYPE: &'static str = "idempotency";

    fn key(&self) -> Key {
        schema::idempotency(&self.scope)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.ends_at)
    }
}

impl IdempotencyRecord {
    /// That what `scope` tells from other requests has made `resource` of `body`.
    pub(super) fn new(scope: &str, body: Map<String, Value>, resource: String, now: Timestamp) -> Self {
        let (scope, fingerprint) = (hash(scope), fingerprint(body));
        Self { scope, fingerprint, resource, made_at: now, ends_at: now + KEPT }
    }

    /// That there is no record of the key, or one that has ended: DynamoDB
    /// removes it hours later.
    pub fn unused(&self) -> Condition {
        let ended = Expression::new("attribute_not_exists(#pk) OR #ends_at <= :now");
        Condition::When(ended.text(":now", self.made_at))
    }

    /// The id of what `first` made, if this is the same request anew.
    pub fn repeats<'r>(&self, first: &'r Self) -> Result<&'r str, KeyReused> {
        if self.fingerprint == first.fingerprint { Ok(&first.resource) } else { Err(KeyReused) }
    }
}

/// That a key was used for another body; a 422 carries it:
///
/// ```
/// shared::problems! {
///     /// Why no lamp is made.
///     pub enum CreateLampError {
///         /// This Idempotency-Key was used for another request.
///         KeyReused(#[from] shared::http::KeyReused) => 422 idempotency_key_reused,
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyReused;

impl Attach for KeyReused {
    fn attach(self, problem: Problem) -> Problem {
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(body: &str) -> IdempotencyRecord {
        let body = serde_json::from_str(body).expect("is JSON");
        IdempotencyRecord::new("1", body, "made".to_owned(), Timestamp::from_millis(0))
    }

    #[test]
    fn a_body_is_the_same_in_any_order() {
        let first = record(r#"{"a": {"x": 1, "y": 2}, "b": 3}"#);
        for (text, same) in [
            (r#"{"b": 3, "a": {"y": 2, "x": 1}}"#, true),
            (r#"{"b": 3, "a": {"y": 2, "x": 2}}"#, false),
            (r#"{"b": 3}"#, false),
        ] {
            let again = record(text);
            assert_eq!(again.key(), first.key());
            assert_eq!(again.repeats(&first), if same { Ok("made") } else { Err(KeyReused) }, "{text}");
        }
    }

    #[test]
    fn a_record_goes_after_a_day() {
        assert_eq!(record("{}").expires_at(), Some(Timestamp::from_millis(24 * 3_600_000)));
    }
}
