//! Sends a batch of stream records to the bus.
//!
//! A failure that may succeed later is answered as a batch item failure: the stream
//! delivers again from the first such record. A permanent one (an outbox that cannot be
//! read, an event that is too large, an entry that the bus calls malformed) goes with
//! its whole record to the publisher's own dead-letter queue, so that it does not block
//! the shard.

use std::{collections::BTreeSet, sync::Arc};

use aws_lambda_events::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};
use serde_dynamo::AttributeValue;
use shared::{
    Context, Failure,
    bus::{DomainEvent, outbox::Outgoing},
    lambda::Invocation,
    table::item::EVENTS,
    telemetry::{Outcome, Scope},
};
use tokio::time::Instant;

use crate::{
    Config,
    batches::{self, Entry},
    stream::new_events,
};

/// SQS takes a message of 1 MiB. An item has 400 KB at most, but there are two images
/// of it, and JSON makes them longer: what SQS refuses would block the shard for a day.
const LARGEST_LETTER: usize = 1_000_000;

#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    bus: aws_sdk_eventbridge::Client,
    queues: aws_sdk_sqs::Client,
    config: Arc<Config>,
    context: Context,
}

/// Records, by position in the batch, with events that are not on the bus.
#[derive(Debug, Default)]
struct Unsent {
    /// May succeed later.
    retry: BTreeSet<usize>,
    /// Can never succeed.
    dead: BTreeSet<usize>,
}

impl Publisher {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: Config, context: Context) -> Self {
        Self {
            bus: aws_sdk_eventbridge::Client::new(aws),
            queues: aws_sdk_sqs::Client::new(aws),
            config: Arc::new(config),
            context,
        }
    }

    /// Publishes a batch; the reply names the record to retry from.
    pub(crate) async fn run(self, event: Event, invocation: Invocation) -> DynamoDbEventResponse {
        let began = Instant::now();
        let request_id = self.context.ids.next::<shared::id::RequestKind>().to_string();
        let scope = Scope::new(request_id, None, invocation.deadline);

        let mut unsent = Unsent::default();
        let mut entries = Vec::new();
        let mut foreign = 0_usize;
        for (place, record) in event.records.iter().enumerate() {
            match new_events(record) {
                Ok(events) if events.iter().any(|event| !belongs(event, record)) => {
                    foreign += 1;
                    unsent.dead.insert(place);
                }
                Ok(events) if !events.iter().any(batches::is_too_large) => {
                    entries.extend(events.into_iter().map(|event| Entry { record: place, event }));
                }
                Ok(_) | Err(_) => {
                    unsent.dead.insert(place);
                }
            }
        }
        let events = entries.len();
        for batch in batches::split(entries) {
            self.send(&batch, &scope, &mut unsent).await;
            // The stream delivers again from there, so later records are sent then.
            if let (Some(first), Some(last)) = (unsent.retry.first(), batch.last()) {
                unsent.retry = BTreeSet::from([*first]);
                unsent.dead.retain(|place| *place <= last.record);
                break;
            }
        }
        for place in std::mem::take(&mut unsent.dead) {
            if let Err(failure) = self.bury(&event.records[place]).await {
                scope.set_cause(failure.to_string());
                unsent.retry.insert(place);
            }
        }

        let mut response = DynamoDbEventResponse::default();
        if let Some(first) = unsent.retry.first() {
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier.clone_from(&event.records[*first].change.sequence_number);
            response.batch_item_failures.push(failure);
        }
        if foreign > 0 {
            scope.set_cause(format!("events of others' items in {foreign} records"));
        }
        let (level, outcome) = match (response.batch_item_failures.is_empty(), foreign) {
            (true, 0) => ("info", "done"),
            (true, _) => ("warn", "done"),
            (false, _) => ("error", "failed"),
        };
        let action = format!("publish {events} events of {} records", event.records.len());
        let outcome = Outcome { level, action, outcome: outcome.to_owned(), code: None };
        self.context.log_line(&scope, began, outcome);
        response
    }

    /// One `PutEvents` call. It answers 200 also if entries failed: each has its own
    /// result.
    async fn send(&self, batch: &[Entry], scope: &Scope, unsent: &mut Unsent) {
        let entries = batch.iter().map(|entry| {
            PutEventsRequestEntry::builder()
                .event_bus_name(&self.config.bus_name)
                .source(&entry.event.source)
                .detail_type(&entry.event.kind)
                .detail(&entry.event.detail)
                .build()
        });
        let put = self.bus.put_events().set_entries(Some(entries.collect())).send();
        let results = match tokio::time::timeout(scope.remaining(), put).await {
            Ok(Ok(output)) => output.entries.unwrap_or_default(),
            Ok(Err(error)) => {
                scope.set_cause(Failure::from(error).to_string());
                Vec::new()
            }
            Err(_) => {
                scope.set_cause("deadline".to_owned());
                Vec::new()
            }
        };
        for (place, entry) in batch.iter().enumerate() {
            match results.get(place).map(PutEventsResultEntry::error_code) {
                Some(None) => {}
                Some(Some(code)) if is_permanent(code) => {
                    scope.set_cause(code.to_owned());
                    unsent.dead.insert(entry.record);
                }
                Some(Some(code)) => {
                    scope.set_cause(code.to_owned());
                    unsent.retry.insert(entry.record);
                }
                None => {
                    unsent.retry.insert(entry.record);
                }
            }
        }
    }

    /// Sends a record to the dead-letter queue: its keys and outboxes only. The rest of
    /// its images may be personal data and stays in the table.
    async fn bury(&self, record: &EventRecord) -> Result<(), Failure> {
        let mut record = record.clone();
        for image in [&mut record.change.old_image, &mut record.change.new_image] {
            image.retain(|name, _| ["pk", "sk", EVENTS].contains(&name.as_str()));
        }
        let mut body = serde_json::to_string(&record).map_err(Failure::internal)?;
        if body.len() > LARGEST_LETTER {
            // The keys locate the item in the table.
            for image in [&mut record.change.old_image, &mut record.change.new_image] {
                image.remove(EVENTS);
            }
            body = serde_json::to_string(&record).map_err(Failure::internal)?;
        }
        self.queues
            .send_message()
            .queue_url(&self.config.dead_letter_queue_url)
            .message_body(body)
            .send()
            .await?;
        Ok(())
    }
}

/// True if an event belongs to the record's item.
fn belongs(event: &Outgoing, record: &EventRecord) -> bool {
    match record.change.keys.get("pk") {
        Some(AttributeValue::S(pk)) => DomainEvent::belongs(&event.kind, pk),
        Some(_) | None => false,
    }
}

/// True for an entry's error that no retry can change.
fn is_permanent(code: &str) -> bool {
    matches!(
        code,
        "MalformedDetail" | "InvalidArgument" | "ValidationException" | "NotAuthorizedForSourceException"
    )
}
