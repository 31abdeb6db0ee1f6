//! The record of a request with an idempotency key.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::KeptReply;
use crate::{
    Failure, Refused,
    clock::Timestamp,
    http::{
        Problem,
        json::sorted,
        problem::{IDEMPOTENCY_KEY_REUSED, Named, Refusal},
    },
    table::{
        Access, Condition, Expression,
        item::{Entity, Stored},
        schema::{self, Key},
    },
};

/// Lifetime of a record.
const KEPT: Duration = Duration::from_hours(24);

/// Fingerprint of a body, independent of the order of its fields.
pub(super) fn fingerprint(body: Map<String, Value>) -> String {
    hash(&sorted(Value::Object(body)).to_string())
}

fn hash(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// A completed request and its reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// A hash of caller, method, route and key.
    scope: String,
    /// A hash of the body.
    fingerprint: String,
    /// Id of the created resource.
    resource: String,
    /// Body of the reply; absent if it is personal or can be read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply: Option<String>,
    /// Time of the first request.
    made_at: Timestamp,
    /// Time from which the key is free again.
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
    /// The record of a request; `scope` identifies caller, route and key.
    pub(super) fn new(scope: &str, body: Map<String, Value>, resource: String, now: Timestamp) -> Self {
        let (scope, fingerprint) = (hash(scope), fingerprint(body));
        Self { scope, fingerprint, resource, reply: None, made_at: now, ends_at: now + KEPT }
    }

    /// Adds the reply to the record.
    #[must_use]
    pub fn with_reply<T>(mut self, reply: &KeptReply<T>) -> Self {
        self.reply = Some(reply.text().to_owned());
        self
    }

    /// Id of the created resource.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The reply, if the record has one.
    pub fn reply<T>(self) -> Result<Option<KeptReply<T>>, Failure> {
        self.reply.map(KeptReply::from_text).transpose()
    }

    /// The condition that the key has no record, or an expired one: DynamoDB removes
    /// it hours later.
    pub fn unused(&self) -> Condition {
        let ended = Expression::new("attribute_not_exists(#pk) OR #ends_at <= :now");
        Condition::When(ended.text(":now", self.made_at))
    }

    /// Reads the record of the first request, and refuses another body than that of
    /// `repeated`: 1 round trip, 1 RRU each 4 KB.
    pub async fn first(
        repeated: Option<&Self>,
        access: Access<'_>,
    ) -> Result<Option<Self>, Refused<KeyReused>> {
        let Some(repeated) = repeated else { return Ok(None) };
        let first: Option<Stored<Self>> = access.get(repeated.key()).await?;
        let first = first.map(|stored| stored.entity).filter(|first| repeated.made_at < first.ends_at);
        first.map(|first| repeated.repeats(first)).transpose().map_err(Refused::By)
    }

    /// Returns `first` if both bodies have the same fingerprint.
    pub(super) fn repeats(&self, first: Self) -> Result<Self, KeyReused> {
        if self.fingerprint == first.fingerprint { Ok(first) } else { Err(KeyReused) }
    }
}

/// A key that was used for another body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyReused;

impl Refusal for KeyReused {
    const NAMED: Named = IDEMPOTENCY_KEY_REUSED;

    fn explain(self, problem: Problem) -> Problem {
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
            let repeated = again.repeats(first.clone());
            assert_eq!(repeated, if same { Ok(first.clone()) } else { Err(KeyReused) }, "{text}");
        }
    }

    #[test]
    fn a_record_goes_after_a_day() {
        assert_eq!(record("{}").expires_at(), Some(Timestamp::from_millis(24 * 3_600_000)));
    }
}
