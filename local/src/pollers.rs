//! Lambda's event source mappings: take batches from the stream and the queues and hand
//! them to the functions, with the settings of the template's mappings; and
//! EventBridge's schedules.
//!
//! A poller sleeps until the cloud announces a change, so an event reaches its consumer
//! within milliseconds and an idle platform does nothing.

mod batch;
mod invoke;
mod queue;
mod schedule;
mod stream;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws_lambda_events::{
    dynamodb,
    sqs::{SqsBatchResponse, SqsEvent},
    streams::DynamoDbEventResponse,
};
use serde_json::Value;
use shared::clock::Clock;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    cloud::Cloud,
    stack::{Stack, TemplateError},
};

pub use invoke::{FunctionError, Invoker, Remote};
pub(crate) use schedule::Schedules;

/// Hands a queue's batches to a function.
pub type QueueInvoker = Invoker<SqsEvent, SqsBatchResponse>;

/// Hands the stream's batches to a function.
pub type StreamInvoker = Invoker<dynamodb::Event, DynamoDbEventResponse>;

/// Starts a function by its schedule.
pub type ScheduleInvoker = Invoker<Value, ()>;

/// Access to the functions that are started by events or schedules.
pub trait Consumers {
    /// The function with this logical id, for a queue's batches.
    fn queue(&self, function: &str) -> Option<QueueInvoker>;

    /// The function with this logical id, for the stream's batches.
    fn stream(&self, function: &str) -> Option<StreamInvoker>;

    /// The function with this logical id, for its schedule.
    fn schedule(&self, function: &str) -> Option<ScheduleInvoker>;
}

/// The running pollers. Dropping this stops them at once.
pub(crate) struct Pollers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Position of each function in the stream, by logical id.
#[derive(Clone, Default)]
pub(crate) struct Positions(Arc<Mutex<BTreeMap<String, i64>>>);

impl Positions {
    pub(crate) fn new(saved: BTreeMap<String, i64>) -> Self {
        Self(Arc::new(Mutex::new(saved)))
    }

    fn get(&self, function: &str) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(function).copied().unwrap_or(0)
    }

    fn advance(&self, function: &str, to: i64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(function.to_owned(), to);
    }

    /// All positions.
    pub(crate) fn all(&self) -> BTreeMap<String, i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lowest position; nothing before it is read again.
    pub(crate) fn least(&self) -> i64 {
        self.all().into_values().min().unwrap_or(0)
    }
}

/// Progress of the platform in handling its writes.
#[derive(Clone)]
pub(crate) struct Progress {
    pub(crate) cloud: Cloud,
    pub(crate) positions: Positions,
    /// Number of batches in functions.
    busy: Arc<AtomicUsize>,
}

impl Progress {
    pub(crate) fn new(cloud: Cloud, positions: Positions) -> Self {
        Self { cloud, positions, busy: Arc::default() }
    }

    /// True if all writes have been handled: the stream is read to its end, the bus is
    /// idle and no queue that feeds a function holds a message. The parts are checked
    /// in the order in which an event passes them, so that none is missed.
    pub(crate) async fn is_idle(&self) -> bool {
        if self.unread(1) > 0 || !self.cloud.bus_is_idle() {
            return false;
        }
        for queue in self.cloud.queues().sources() {
            if !self.cloud.queues().count(queue).await.is_empty() {
                return false;
            }
        }
        true
    }

    /// True if no function is running and none could be started: like
    /// [`is_idle`](Self::is_idle), except for messages that wait for their next
    /// delivery.
    pub(crate) async fn is_at_rest(&self) -> bool {
        if self.unread(1) > 0 || !self.cloud.bus_is_idle() {
            return false;
        }
        for queue in self.cloud.queues().sources() {
            if self.cloud.queues().count(queue).await.available > 0 {
                return false;
            }
        }
        self.busy.load(Ordering::Acquire) == 0
    }

    /// Number of unread stream records, counted up to `most`.
    pub(crate) fn unread(&self, most: usize) -> usize {
        // A stream that cannot be read is not known to be at its end.
        self.cloud
            .dynamodb()
            .records_after(self.positions.least(), most)
            .map_or(most, |records| records.len())
    }

    /// The positions before which everything has been handled, if that is now.
    pub(crate) async fn settled(&self) -> Option<BTreeMap<String, i64>> {
        // Read first: later writes are after them.
        let positions = self.positions.all();
        self.is_idle().await.then_some(positions)
    }
}

impl Pollers {
    /// Starts a poller for each mapping of `stack`.
    pub(crate) fn start(
        stack: &Stack,
        progress: &Progress,
        clock: &Clock,
        consumers: &impl Consumers,
    ) -> Result<Self, TemplateError> {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let Progress { cloud, positions, busy } = progress;
        for function in stack.functions.values() {
            for mapping in &function.streams {
                let Some(invoker) = consumers.stream(&function.id) else {
                    return Err(TemplateError::new(
                        &mapping.place,
                        "the function is not made for a stream's batches",
                    ));
                };
                // A function without a saved position begins at its mapping's starting
                // position; the platform's stream begins with the data folder.
                positions.advance(&function.id, positions.get(&function.id));
                let poller = stream::Poller::new(
                    cloud.clone(),
                    clock.clone(),
                    &function.id,
                    mapping,
                    invoker,
                    positions.clone(),
                )?;
                tasks.spawn(poller.run(stopped.clone()));
            }
            for mapping in &function.queues {
                let Some(invoker) = consumers.queue(&function.id) else {
                    return Err(TemplateError::new(
                        &mapping.place,
                        "the function is not made for a queue's batches",
                    ));
                };
                let poller = queue::Poller::new(cloud.clone(), mapping, invoker, busy.clone())?;
                for _ in 0..poller.concurrency() {
                    tasks.spawn(poller.clone().run(stopped.clone()));
                }
            }
        }
        Ok(Self { stop, tasks })
    }

    /// Stops the pollers after their running batches.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Resolves when the platform stops.
pub(crate) async fn stopping(stopped: &mut watch::Receiver<bool>) {
    // The sender outlives the pollers; if it is dropped, the platform has stopped.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
