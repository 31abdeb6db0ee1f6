//! The embedded outbox: the item that a command writes carries that write's events,
//! so a change and its events commit together without an extra write. The next write
//! without events removes them; the publisher reads the stream.
//!
//! The attribute is one text, a JSON array of envelopes, and not a list of maps: it
//! is smaller, the publisher passes each envelope on unchanged, and the stream
//! mapping's filter can match a leaf.

use serde_json::value::RawValue;

use super::{DomainEvent, Envelope};
use crate::{Context, Failure, telemetry::Scope};

/// Encodes the outbox of an item of `version`; `None` without events.
pub fn encode(context: &Context, version: u64, events: Vec<DomainEvent>) -> Result<Option<String>, Failure> {
    if events.is_empty() {
        return Ok(None);
    }
    let scope = Scope::current();
    let group = context.function.split('-').next().unwrap_or_default();
    let envelopes: Vec<Envelope> = events
        .into_iter()
        .enumerate()
        .map(|(ordinal, data)| {
            let aggregate_id = data.aggregate_id();
            Envelope {
                id: format!("{aggregate_id}.{version}.{ordinal}"),
                source: format!("agora.{group}"),
                kind: data.kind(),
                schema_version: data.schema_version(),
                aggregate_id,
                aggregate_version: version,
                occurred_at: context.clock.now(),
                actor: scope.as_ref().and_then(|scope| scope.actor()),
                request_id: scope.as_ref().map(|scope| scope.request_id.clone()),
                traceparent: scope.as_ref().and_then(|scope| scope.traceparent.clone()),
                data,
            }
        })
        .collect();
    serde_json::to_string(&envelopes).map(Some).map_err(Failure::internal)
}

/// An envelope for the publisher, parsed only as far as `PutEvents` needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The event's id.
    pub id: String,
    /// EventBridge's source.
    pub source: String,
    /// EventBridge's detail-type.
    pub kind: String,
    /// EventBridge's detail: the envelope, unchanged.
    pub detail: String,
}

/// Decodes the envelopes of an outbox.
pub fn decode(text: &str) -> Result<Vec<Outgoing>, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Head {
        id: String,
        source: String,
        #[serde(rename = "type")]
        kind: String,
    }

    let details: Vec<&RawValue> = serde_json::from_str(text)?;
    details
        .into_iter()
        .map(|detail| {
            let head: Head = serde_json::from_str(detail.get())?;
            Ok(Outgoing {
                id: head.id,
                source: head.source,
                kind: head.kind,
                detail: detail.get().to_owned(),
            })
        })
        .collect()
}
