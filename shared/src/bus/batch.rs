//! Runs a batch of queue messages, each on its own, so that only a message that fails
//! or panics is delivered again.

use std::{
    borrow::Cow,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::{
    FutureExt as _,
    future::{BoxFuture, join_all},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::{DecodeError, Envelope};
use crate::{
    Context, Failure,
    invocation::Invocation,
    telemetry::{Outcome, Scope},
};

/// Reactions of a group to events.
pub trait Reactions: Send + Sync + 'static {
    /// Types of the consumed events. The rule in `template.yaml` passes only these; a
    /// test holds the two equal.
    const EVENT_TYPES: &'static [&'static str];

    /// Handles one event. It may be delivered twice, late, or before an event that it
    /// builds on; after a failure it is delivered again.
    fn react(&self, delivery: &Delivery) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// One event in a queue message: from the bus, or from the consumer itself, which
/// continues a walk (see [`walk`](crate::walk)).
#[derive(Debug)]
pub struct Delivery {
    /// The event.
    pub envelope: Envelope,
    /// The event's JSON as received, with fields that this release does not know.
    detail: Box<RawValue>,
    cursor: Option<String>,
    scope: Arc<Scope>,
    is_continued: AtomicBool,
}

impl Delivery {
    pub(crate) fn new(
        envelope: Envelope,
        detail: Box<RawValue>,
        cursor: Option<String>,
        scope: Arc<Scope>,
    ) -> Self {
        Self { envelope, detail, cursor, scope, is_continued: AtomicBool::new(false) }
    }

    /// The cursor at which a walk continues; `None` for an event from the bus.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Time left for calls.
    pub(crate) fn remaining(&self) -> Duration {
        self.scope.remaining()
    }

    /// The body of a message with the same event and a cursor.
    pub(crate) fn continuation(&self, cursor: &str) -> Result<String, Failure> {
        let message = Message { detail: &self.detail, cursor: Some(cursor.into()) };
        serde_json::to_string(&message).map_err(Failure::internal)
    }

    /// Records that another delivery continues the walk.
    pub(crate) fn set_continued(&self) {
        self.is_continued.store(true, Ordering::Relaxed);
    }
}

/// Implements [`Reactions`] for a consumer: a line for each consumed event, with a
/// future on the right side. The events are named as in [`DomainEvent`]. A consumer
/// that walks lists names the [`Delivery`] as well: `|listener, envelope, delivery|`.
///
/// ```
/// use shared::{Failure, bus::events::UserDeleted};
///
/// struct Mourner;
///
/// impl Mourner {
/// async fn mourn(&self, _: &UserDeleted, version: u64) -> Result<(), Failure> {
/// if version > 0 { Ok(()) } else { Err(Failure::internal("not born yet")) }
/// }
/// }
///
/// shared::reactions! { Mourner, |mourner, envelope| {
/// UserDeleted(event) => mourner.mourn(event, envelope.aggregate_version),
/// } }
///
/// assert_eq!(<Mourner as shared::bus::batch::Reactions>::EVENT_TYPES, ["user.deleted"]);
/// ```
///
/// [`DomainEvent`]: super::DomainEvent
#[macro_export]
macro_rules! reactions {
    ($listener:ty, |$this:ident, $envelope:ident $(, $delivery:ident)?| {
        $($($event:ident($data:pat_param))|+ => $reaction:expr,)+
    }) => {
        impl $crate::bus::batch::Reactions for $listener {
            const EVENT_TYPES: &'static [&'static str] =
                &[$($($crate::bus::EventType::$event.name(),)+)+];

            async fn react(&self, delivery: &$crate::bus::batch::Delivery) -> Result<(), $crate::Failure> {
                let ($this, $envelope) = (self, &delivery.envelope);
                $(let $delivery = delivery;)?
                match &$envelope.data {
                    $($($crate::bus::DomainEvent::$event($data))|+ => $reaction.await,)+
                    // The rule passes no other type.
                    _ => Ok(()),
                }
            }
        }
    };
}

/// A group's consumer: its reactions to the messages of a queue.
#[derive(Clone)]
pub struct SqsHandler {
    run: Arc<dyn Fn(SqsEvent, Invocation) -> BoxFuture<'static, SqsBatchResponse> + Send + Sync>,
}

impl std::fmt::Debug for SqsHandler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqsHandler")
    }
}

impl SqsHandler {
    /// Makes a consumer with these reactions.
    pub fn new<R: Reactions>(context: Context, reactions: R) -> Self {
        let shared = Arc::new((context, reactions));
        Self {
            run: Arc::new(move |event, invocation| {
                let shared = Arc::clone(&shared);
                Box::pin(async move {
                    let (context, reactions) = &*shared;
                    let done = event
                        .records
                        .into_iter()
                        .map(|message| run_message(context, reactions, message, invocation.deadline));
                    let mut response = SqsBatchResponse::default();
                    response.batch_item_failures = join_all(done).await.into_iter().flatten().collect();
                    response
                })
            }),
        }
    }

    /// Runs a batch; the response names the messages to deliver again.
    pub async fn call(&self, event: SqsEvent, invocation: Invocation) -> SqsBatchResponse {
        (self.run)(event, invocation).await
    }
}

/// The body of a queue message: EventBridge's own envelope, or a continuation, which
/// has a cursor. A release that does not know cursors reads it as the event alone.
#[derive(Serialize, Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    detail: &'a RawValue,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    cursor: Option<Cow<'a, str>>,
}

/// Runs one message and writes its log line; `Some` makes SQS deliver it again.
async fn run_message<R: Reactions>(
    context: &Context,
    reactions: &R,
    message: SqsMessage,
    deadline: Instant,
) -> Option<BatchItemFailure> {
    let began = Instant::now();
    let message_id = message.message_id.unwrap_or_default();
    let body = message.body.unwrap_or_default();
    let decoded = serde_json::from_str::<Message<'_>>(&body)
        .map_err(DecodeError::from)
        .and_then(|message| Ok((Envelope::decode(message.detail.get())?, message)));
    let (scope, outcome) = match decoded {
        Ok((envelope, Message { detail, cursor })) => {
            let request_id = envelope.request_id.clone().unwrap_or_else(|| message_id.clone());
            let scope = Scope::new(request_id, envelope.traceparent.clone(), deadline);
            let action = envelope.kind.to_owned();
            let cursor = cursor.map(Cow::into_owned);
            let delivery = Delivery::new(envelope, detail.to_owned(), cursor, Arc::clone(&scope));
            let reaction = AssertUnwindSafe(reactions.react(&delivery)).catch_unwind();
            let outcome =
                match Arc::clone(&scope).enter(tokio::time::timeout(scope.remaining(), reaction)).await {
                    Ok(Ok(Ok(()))) if delivery.is_continued.load(Ordering::Relaxed) => Ok("continued"),
                    Ok(Ok(Ok(()))) => Ok("done"),
                    Ok(Ok(Err(failure))) => Err(failure.to_string()),
                    Ok(Err(_)) => Err("panic".to_owned()),
                    Err(_) => Err("deadline".to_owned()),
                };
            (scope, (action, outcome))
        }
        Err(error) => {
            let outcome = match error {
                DecodeError::UnknownType => Ok("skipped"),
                DecodeError::Malformed { .. } => Err(error.to_string()),
            };
            (Scope::new(message_id.clone(), None, deadline), ("unknown event".to_owned(), outcome))
        }
    };
    let (action, outcome) = outcome;
    let failed = outcome.is_err();
    let (level, outcome) = match outcome {
        Ok(outcome) => ("info", outcome),
        Err(cause) => {
            scope.set_cause(cause);
            ("error", "failed")
        }
    };
    context.log_line(&scope, began, Outcome { level, action, outcome: outcome.to_owned(), code: None });
    failed.then(|| {
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = message_id;
        failure
    })
}
