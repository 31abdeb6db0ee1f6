//! The envelope of a domain event: its name, its aggregate and its origin.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::DomainEvent;
use crate::clock::Timestamp;

/// A domain event on its way. The JSON of it is EventBridge's `detail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Envelope {
    /// Aggregate, version and ordinal: the same fact always has the same id.
    pub id: String,
    /// EventBridge's source: `agora.<group>`.
    pub source: String,
    /// The event's type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// See [`DomainEvent::schema_version`].
    pub schema_version: u32,
    /// The id of what the event is about.
    pub aggregate_id: String,
    /// The version of that thing after the event.
    pub aggregate_version: u64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The id of the user who did it; absent where nobody was signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The request that it happened in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The W3C trace context of that request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// The event.
    #[schema(value_type = Object)]
    pub data: DomainEvent,
}

/// An envelope whose data is not parsed yet.
#[derive(Deserialize)]
struct Incoming<'a> {
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    schema_version: u32,
    aggregate_id: String,
    aggregate_version: u64,
    occurred_at: Timestamp,
    actor: Option<String>,
    request_id: Option<String>,
    traceparent: Option<String>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// Errors of decoding an envelope.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A type that this release does not know: skipped without a failure.
    #[error("unknown event type")]
    UnknownType,
    /// A text that is no envelope, or has data that do not fit its type. Only the
    /// position is reported, never a value.
    #[error("malformed event at line {line}, column {column}")]
    Malformed {
        /// The line in the text.
        line: usize,
        /// The column in the line.
        column: usize,
    },
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed { line: error.line(), column: error.column() }
    }
}

impl Envelope {
    /// Reads EventBridge's `detail`. Unknown fields are ignored, so a newer schema
    /// version is read as far as it fits.
    pub fn decode(detail: &str) -> Result<Self, DecodeError> {
        let incoming: Incoming<'_> = serde_json::from_str(detail)?;
        let data = DomainEvent::decode(&incoming.kind, incoming.data).ok_or(DecodeError::UnknownType)??;
        Ok(Self {
            id: incoming.id,
            source: incoming.source,
            kind: data.kind(),
            schema_version: incoming.schema_version,
            aggregate_id: incoming.aggregate_id,
            aggregate_version: incoming.aggregate_version,
            occurred_at: incoming.occurred_at,
            actor: incoming.actor,
            request_id: incoming.request_id,
            traceparent: incoming.traceparent,
            data,
        })
    }
}
