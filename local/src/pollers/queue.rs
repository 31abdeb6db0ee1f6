//! The poller of a queue. Handled messages are deleted; others become visible again
//! when their visibility timeout ends, and the queue itself moves them to the
//! dead-letter queue after too many receives.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::{
    cloud::{Cloud, LARGEST_BATCH, Message},
    stack::{QueueMapping, REGION, TemplateError},
};

use super::{QueueInvoker, batch::Filter, stopping};

/// Maximum wait of an SQS receive.
const LONG_POLL: Duration = Duration::from_secs(20);

/// Initial number of Lambda's pollers on a queue.
const POLLERS: usize = 5;

#[derive(Clone)]
pub(super) struct Poller {
    cloud: Cloud,
    queue: String,
    mapping: QueueMapping,
    filter: Filter,
    invoker: QueueInvoker,
    /// Number of batches in functions.
    busy: Arc<AtomicUsize>,
}

impl Poller {
    pub(super) fn new(
        cloud: Cloud,
        mapping: &QueueMapping,
        invoker: QueueInvoker,
        busy: Arc<AtomicUsize>,
    ) -> Result<Self, TemplateError> {
        let queue = cloud.queues().name_of(&mapping.queue).unwrap_or_default().to_owned();
        let filter = Filter::parse(&mapping.filters, &mapping.place)?;
        Ok(Self { cloud, queue, mapping: mapping.clone(), filter, invoker, busy })
    }

    /// Number of concurrent loops of this poller.
    pub(super) fn concurrency(&self) -> usize {
        self.invoker.concurrency(self.mapping.concurrency.unwrap_or(POLLERS))
    }

    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let receive = async {
                self.invoker.ready().await;
                self.cloud
                    .queues()
                    .receive(&self.queue, self.mapping.batch_size.min(LARGEST_BATCH), LONG_POLL)
                    .await
            };
            tokio::select! {
                messages = receive => {
                    self.busy.fetch_add(1, Ordering::AcqRel);
                    self.hand_over(messages).await;
                    self.busy.fetch_sub(1, Ordering::AcqRel);
                    self.cloud.announce();
                }
                () = stopping(&mut stopped) => return,
            }
        }
    }

    async fn hand_over(&self, messages: Vec<Message>) {
        // As in Lambda, a message that the filter rejects is deleted.
        let (messages, unwanted): (Vec<_>, Vec<_>) =
            messages.into_iter().partition(|message| self.filter.passes(&filtered(message)));
        self.delete(&unwanted).await;
        if messages.is_empty() {
            return;
        }
        let records: Value = messages.iter().map(|message| self.record(message)).collect();
        let event: SqsEvent = match serde_json::from_value(json!({ "Records": records })) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(%error, "the queue's messages are not what Lambda's types say");
                return;
            }
        };
        match self.invoker.call(event).await {
            Ok(answer) => self.delete(&handled(messages, &answer, self.mapping.reports_failures)).await,
            Err(error) => tracing::warn!(queue = self.queue, %error, "a batch of messages failed"),
        }
    }

    async fn delete(&self, messages: &[Message]) {
        for message in messages {
            self.cloud.queues().delete(&self.queue, message).await;
        }
    }

    /// A message in Lambda's form.
    fn record(&self, message: &Message) -> Value {
        let attributes: Map<String, Value> = message
            .message_attributes
            .iter()
            .map(|(name, attribute)| {
                let attribute = json!({
                    "stringValue": attribute.string_value,
                    "stringListValues": [],
                    "binaryListValues": [],
                    "dataType": attribute.data_type,
                });
                (name.clone(), attribute)
            })
            .collect();
        json!({
            "messageId": message.message_id,
            "receiptHandle": message.receipt_handle,
            "body": message.body,
            "attributes": message.attributes,
            "messageAttributes": attributes,
            "md5OfBody": message.md5_of_body,
            "eventSource": "aws:sqs",
            "eventSourceARN": self.mapping.queue,
            "awsRegion": REGION,
        })
    }
}

/// Value that a filter is matched against: a JSON body is parsed.
fn filtered(message: &Message) -> Value {
    let text = message.body.as_deref().unwrap_or_default();
    json!({ "body": serde_json::from_str::<Value>(text).unwrap_or_else(|_| json!(text)) })
}

/// The messages to delete. A reply that names a message outside the batch fails the
/// whole batch, as in Lambda.
fn handled(messages: Vec<Message>, answer: &SqsBatchResponse, reports_failures: bool) -> Vec<Message> {
    if !reports_failures {
        return messages;
    }
    let failed: Vec<&str> =
        answer.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
    let known = |id: &&str| messages.iter().any(|message| message.message_id.as_deref() == Some(*id));
    if !failed.iter().all(known) {
        tracing::warn!("the answer names messages that are not in the batch");
        return Vec::new();
    }
    messages
        .into_iter()
        .filter(|message| !failed.iter().any(|id| message.message_id.as_deref() == Some(*id)))
        .collect()
}
