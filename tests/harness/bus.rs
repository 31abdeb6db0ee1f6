//! Events of groups that do not run in a test, sent as the publisher would send them.

use std::time::Duration;

use serde_json::json;
use shared::{
    bus::{DomainEvent, Envelope},
    id::Id,
    lambda::{Invocation, SqsHandler},
};

use super::{App, client};

/// A consumer's time for a delivery.
const TIME: Duration = Duration::from_secs(30);

impl App {
    /// Sends an event of the aggregate's `version`, and waits until every consumer
    /// has handled it.
    pub async fn publish(&self, data: DomainEvent, version: u64) {
        self.send_event(data, version).await;
        self.platform.settle().await;
    }

    /// Sends an event of the aggregate's `version`.
    async fn send_event(&self, data: DomainEvent, version: u64) {
        let envelope = self.envelope(data, version);
        let entry = aws_sdk_eventbridge::types::PutEventsRequestEntry::builder()
            .event_bus_name(&self.platform.stack().buses[0].name)
            .source(&envelope.source)
            .detail_type(envelope.kind)
            .detail(serde_json::to_string(&envelope).unwrap())
            .build();
        let bus = aws_sdk_eventbridge::Client::new(&client::sdk_config(&self.platform));
        let sent = bus.put_events().entries(entry).send().await.unwrap();
        assert_eq!(sent.failed_entry_count(), 0);
    }

    /// Delivers an event of the aggregate's `version` to a consumer; returns true
    /// unless it must be delivered again.
    pub async fn hand_over(&self, consumer: &SqsHandler, data: DomainEvent, version: u64) -> bool {
        self.deliver(consumer, &self.envelope(data, version), None, TIME).await
    }

    pub(super) async fn deliver(
        &self,
        consumer: &SqsHandler,
        envelope: &Envelope,
        cursor: Option<&str>,
        time: Duration,
    ) -> bool {
        let mut body = json!({ "detail": envelope });
        if let Some(cursor) = cursor {
            body["cursor"] = cursor.into();
        }
        let event = json!({ "Records": [{ "messageId": "m", "body": body.to_string() }] });
        let deadline = tokio::time::Instant::now() + time;
        let invocation = Invocation { deadline, client_address: None };
        let response = consumer.call(serde_json::from_value(event).unwrap(), invocation).await;
        response.batch_item_failures.is_empty()
    }

    pub(super) fn envelope(&self, data: DomainEvent, version: u64) -> Envelope {
        let aggregate_id = data.aggregate_id();
        let group = data.kind().split('.').next().unwrap_or_default();
        Envelope {
            id: format!("{aggregate_id}.{version}.0"),
            source: format!("agora.{group}"),
            kind: data.kind(),
            schema_version: data.schema_version(),
            aggregate_id,
            aggregate_version: version,
            occurred_at: self.now(),
            actor: None,
            request_id: None,
            traceparent: None,
            data,
        }
    }

    /// Makes the id of a test's item with this number.
    pub fn id<K>(number: u8) -> Id<K> {
        Id::from_bytes([number; 16])
    }
}
