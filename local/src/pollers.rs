//! What Lambda's event source mappings do: take batches from the stream and
//! the queues and hand them to the functions, as the template's mappings say;
//! and what EventBridge's schedules do.
//!
//! A poller sleeps until the cloud announces a change, so an event is with its
//! consumer within milliseconds and an idle platform does nothing.

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

/// Starts a function by the clock.
pub type ScheduleInvoker = Invoker<Value, ()>;

/// How to reach the functions that are fed by events or started by the clock.
pub trait Consumers {
    /// The function with this logical id, for a queue's batches.
    fn queue(&self, function: &str) -> Option<QueueInvoker>;

    /// The function with this logical id, for the stream's batches.
    fn stream(&self, function: &str) -> Option<StreamInvoker>;

    /// The function with this logical id, for the clock.
    fn schedule(&self, function: &str) -> Option<ScheduleInvoker>;
}

/// The running pollers. Dropping this stops them where they are.
pub(crate) struct Pollers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// How far each function has read the stream, by logical id.
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

    /// All of them.
    pub(crate) fn all(&self) -> BTreeMap<String, i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The one that is furthest behind; nothing before it is read again.
    pub(crate) fn least(&self) -> i64 {
        self.all().into_values().min().unwrap_or(0)
    }
}

/// How far the platform has come with what was written.
#[derive(Clone)]
pub(crate) struct Progress {
    pub(crate) cloud: Cloud,
    pub(crate) positions: Positions,
    /// How many batches of messages are with functions.
    busy: Arc<AtomicUsize>,
}

impl Progress {
    pub(crate) fn new(cloud: Cloud, positions: Positions) -> Self {
        Self { cloud, positions, busy: Arc::default() }
    }

    /// Whether everything that was written has been handled: the stream is
    /// read to its end, the bus is idle and no queue that feeds a function
    /// holds a message. The parts are asked in the order in which an event
    /// passes them, so none can slip by.
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

    /// Whether no function is at work and none could be put to work: like
    /// [`is_idle`](Self::is_idle), but for messages that wait to come again.
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

    /// How many of the stream's records wait, counted up to `most`.
    pub(crate) fn unread(&self, most: usize) -> usize {
        // A stream that cannot be read is not known to be at its end.
        self.cloud
            .dynamodb()
            .records_after(self.positions.least(), most)
            .map_or(most, |records| records.len())
    }

    /// The positions up to which everything has been handled, if that is now.
    pub(crate) async fn settled(&self) -> Option<BTreeMap<String, i64>> {
        // Taken first: what is written meanwhile is behind them.
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
                // A function without a saved position begins where its mapping
                // says; the platform's stream begins with the data folder.
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

    /// Stops the pollers; batches that are with a function are finished.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Resolves when the platform stops.
pub(crate) async fn stopping(stopped: &mut watch::Receiver<bool>) {
    // The sender outlives the pollers; if it is gone, so is the platform.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
