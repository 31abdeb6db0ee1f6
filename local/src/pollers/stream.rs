//! The poller of the table's stream. Records are handed over in order; a failed batch
//! blocks those after it until it succeeds or is discarded.

use std::collections::VecDeque;

use aws_lambda_events::{dynamodb, streams::DynamoDbEventResponse};
use serde_json::{Value, json};
use shared::clock::Clock;
use tokio::{sync::watch, time::timeout};

use crate::{
    cloud::{Cloud, StreamRecord},
    stack::{StreamMapping, TemplateError},
};

use super::{
    Positions, StreamInvoker,
    batch::{Filter, wait_after},
    stopping,
};

/// Number of records read from the table at a time, as in Lambda.
const PAGE: usize = 1000;

pub(super) struct Poller {
    cloud: Cloud,
    clock: Clock,
    function: String,
    mapping: StreamMapping,
    filter: Filter,
    invoker: StreamInvoker,
    positions: Positions,
}

/// Records of one invocation.
struct Batch {
    records: Vec<StreamRecord>,
    /// Last record that was read for it; records between its own did not pass the
    /// filter.
    through: i64,
    /// Number of its failures.
    failures: u32,
}

/// Outcome of an invocation.
enum Outcome {
    Handled,
    /// Records from this one on are retried.
    FailedFrom(usize),
    /// The function did not reply.
    Failed,
}

/// The platform stops: unhandled records stay in the stream.
struct Stopped;

impl Poller {
    pub(super) fn new(
        cloud: Cloud,
        clock: Clock,
        function: &str,
        mapping: &StreamMapping,
        invoker: StreamInvoker,
        positions: Positions,
    ) -> Result<Self, TemplateError> {
        Ok(Self {
            filter: Filter::parse(&mapping.filters, &mapping.place)?,
            cloud,
            clock,
            function: function.to_owned(),
            mapping: mapping.clone(),
            invoker,
            positions,
        })
    }

    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        // A waiter for the end of the stream is notified through the announcements, as
        // the poller itself is of new records.
        let mut changes = self.cloud.changes();
        loop {
            changes.mark_unchanged();
            let mut records = self.read();
            if records.is_empty() {
                tokio::select! {
                    news = changes.changed() => if news.is_err() { return },
                    () = stopping(&mut stopped) => return,
                }
                continue;
            }
            if records.len() < self.mapping.batch_size && !self.mapping.window.is_zero() {
                if timeout(self.mapping.window, stopping(&mut stopped)).await.is_ok() {
                    return;
                }
                records = self.read();
            }
            for batch in self.batches(records) {
                if let Err(Stopped) = self.hand_over(batch, &mut stopped).await {
                    return;
                }
            }
        }
    }

    fn read(&self) -> Vec<StreamRecord> {
        self.cloud.stream_after(self.positions.get(&self.function), PAGE)
    }

    fn batches(&self, records: Vec<StreamRecord>) -> Vec<Batch> {
        let mut batches = Vec::new();
        let mut batch = Batch { records: Vec::new(), through: 0, failures: 0 };
        for record in records {
            batch.through = record.sequence;
            if self.filter.passes(&record.value) && !self.is_too_old(&record) {
                batch.records.push(record);
            }
            if batch.records.len() == self.mapping.batch_size {
                let next = Batch { records: Vec::new(), through: batch.through, failures: 0 };
                batches.push(std::mem::replace(&mut batch, next));
            }
        }
        batches.push(batch);
        batches
    }

    fn is_too_old(&self, record: &StreamRecord) -> bool {
        self.mapping.maximum_age.is_some_and(|maximum| {
            let created =
                record.value["dynamodb"]["ApproximateCreationDateTime"].as_f64().unwrap_or(f64::MAX);
            let now = self.clock.now().millis();
            #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a float exactly")]
            let age = now as f64 / 1000.0 - created;
            age > maximum.as_secs_f64()
        })
    }

    /// Hands over a batch until it is handled or discarded.
    async fn hand_over(&self, batch: Batch, stopped: &mut watch::Receiver<bool>) -> Result<(), Stopped> {
        let mut waiting = VecDeque::from([batch]);
        while let Some(mut batch) = waiting.pop_front() {
            let failed = match self.invoke(&batch).await {
                Outcome::Handled => {
                    self.advance(batch.through);
                    continue;
                }
                Outcome::FailedFrom(0) | Outcome::Failed => batch,
                Outcome::FailedFrom(first) => {
                    let records = batch.records.split_off(first);
                    self.advance(records[0].sequence - 1);
                    Batch { records, through: batch.through, failures: 0 }
                }
            };
            let failures = failed.failures + 1;
            if self.mapping.retries.is_some_and(|retries| failures > retries) {
                self.give_up(&failed).await;
                self.advance(failed.through);
                continue;
            }
            if *stopped.borrow() || timeout(wait_after(failures), stopping(stopped)).await.is_ok() {
                return Err(Stopped);
            }
            for part in self.bisect(Batch { failures, ..failed }).into_iter().rev() {
                waiting.push_front(part);
            }
        }
        if *stopped.borrow() { Err(Stopped) } else { Ok(()) }
    }

    /// The batch, halved if the mapping bisects failed batches.
    fn bisect(&self, mut batch: Batch) -> Vec<Batch> {
        if !self.mapping.bisects || batch.records.len() < 2 {
            return vec![batch];
        }
        let records = batch.records.split_off(batch.records.len() / 2);
        let second = Batch { records, ..batch };
        let first = Batch { through: second.records[0].sequence - 1, ..batch };
        vec![first, second]
    }

    async fn invoke(&self, batch: &Batch) -> Outcome {
        if batch.records.is_empty() {
            return Outcome::Handled;
        }
        self.invoker.ready().await;
        let records: Vec<&Value> = batch.records.iter().map(|record| &record.value).collect();
        let event: dynamodb::Event = match serde_json::from_value(json!({ "Records": records })) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(%error, "the stream's records are not what Lambda's types say");
                return Outcome::Failed;
            }
        };
        match self.invoker.call(event).await {
            Ok(answer) if self.mapping.reports_failures => outcome(&answer, batch),
            Ok(_) => Outcome::Handled,
            Err(error) => {
                tracing::warn!(function = self.function, %error, "a batch of the stream failed");
                Outcome::Failed
            }
        }
    }

    fn advance(&self, to: i64) {
        self.positions.advance(&self.function, to);
        self.cloud.announce();
    }

    /// Reports a discarded batch to the mapping's failure destination, if it has one;
    /// as in Lambda, by its position in the stream, not its records.
    async fn give_up(&self, batch: &Batch) {
        let (Some(first), Some(last)) = (batch.records.first(), batch.records.last()) else { return };
        tracing::error!(
            function = self.function,
            records = batch.records.len(),
            "a batch of the stream is given up"
        );
        let queue = self.mapping.on_failure.as_deref().and_then(|arn| self.cloud.queues().name_of(arn));
        if let Some(queue) = queue {
            let body = json!({
                "requestContext": { "functionArn": self.function, "condition": "RetryAttemptsExhausted" },
                "DDBStreamBatchInfo": {
                    "startSequenceNumber": first.value["dynamodb"]["SequenceNumber"],
                    "endSequenceNumber": last.value["dynamodb"]["SequenceNumber"],
                    "batchSize": batch.records.len(),
                    "streamArn": self.mapping.stream,
                },
            });
            if let Err(error) = self.cloud.queues().send(queue, body.to_string()).await {
                tracing::error!(error, "the failure destination refused a batch");
            }
        }
    }
}

/// Lambda goes by the lowest sequence number in the reply; a reply that names none of
/// the batch fails the whole batch.
fn outcome(answer: &DynamoDbEventResponse, batch: &Batch) -> Outcome {
    if answer.batch_item_failures.is_empty() {
        return Outcome::Handled;
    }
    let place = |identifier: &str| {
        batch.records.iter().position(|record| record.value["dynamodb"]["SequenceNumber"] == identifier)
    };
    let places =
        answer.batch_item_failures.iter().map(|failure| failure.item_identifier.as_deref().and_then(place));
    match places.collect::<Option<Vec<_>>>() {
        Some(places) => places.into_iter().min().map_or(Outcome::Handled, Outcome::FailedFrom),
        None => Outcome::Failed,
    }
}
