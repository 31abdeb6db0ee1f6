//! SQS: rustack's queues. Messages live in memory; after a kill they are replayed from
//! the stream, except dead letters, which are kept in the data folder.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Response};
use rustack_sqs_core::{config::SqsConfig, handler::RustackSqsHandler, provider::RustackSqs};
use rustack_sqs_http::{
    dispatch::dispatch_operation, response::error_to_response, router::resolve_operation,
};
use rustack_sqs_model::{
    input::{
        CreateQueueInput, DeleteMessageInput, GetQueueAttributesInput, ReceiveMessageInput, SendMessageInput,
    },
    types::MessageAttributeValue,
};
use serde::{Deserialize, Serialize};
use shared::clock::Timestamp;
use tokio::sync::Mutex;

use crate::{
    data::{DEAD_LETTERS, DataError, Folder},
    stack::{ACCOUNT, CLOUD_PORT, REGION, Stack, queue_url},
};

pub(crate) use rustack_sqs_model::types::Message;

use super::{CloudError, reply::whole};

/// Maximum number of messages in an SQS receive.
pub(crate) const LARGEST_BATCH: usize = 10;

/// The queues. Clones share them.
#[derive(Clone)]
pub(crate) struct Queues {
    provider: Arc<RustackSqs>,
    handler: Arc<RustackSqsHandler>,
    /// ARN -> name.
    names: Arc<BTreeMap<String, String>>,
    /// Names of the queues that no function reads.
    unread: Arc<Vec<String>>,
    /// First sending time of the dead letters of earlier starts, by message id: for
    /// rustack they were sent at this start.
    restored: Arc<Mutex<BTreeMap<String, String>>>,
    folder: Option<Folder>,
}

/// Number of messages in a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Visible messages.
    pub available: u64,
    /// Received and neither deleted nor visible again.
    pub in_flight: u64,
    /// Delayed messages.
    pub delayed: u64,
}

impl Counts {
    /// True if the queue is empty.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A dead letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Name of its queue.
    pub queue: String,
    /// Time of its first sending: RFC 3339, UTC.
    pub sent_at: String,
    /// Its body.
    pub body: String,
    /// Its attributes.
    #[serde(default, skip_serializing_if = "HashMap::is_empty")]
    pub attributes: HashMap<String, MessageAttributeValue>,
    /// Its SQS id, which changes with each start of the platform.
    #[serde(default)]
    pub message_id: String,
}

impl Queues {
    pub(super) async fn open(stack: &Stack, folder: Option<&Folder>) -> Result<Self, CloudError> {
        let provider = Arc::new(RustackSqs::new(SqsConfig {
            default_region: REGION.to_owned(),
            account_id: ACCOUNT.to_owned(),
            host: "127.0.0.1".to_owned(),
            port: CLOUD_PORT,
            ..SqsConfig::default()
        }));
        // A queue's dead-letter queue must exist before it.
        let (sources, targets): (Vec<_>, Vec<_>) =
            stack.queues.iter().partition(|queue| queue.redrive.is_some());
        for queue in targets.into_iter().chain(sources) {
            let input = CreateQueueInput {
                queue_name: queue.name.clone(),
                attributes: queue
                    .attributes()
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
                ..CreateQueueInput::default()
            };
            let refused = |error: rustack_sqs_model::error::SqsError| CloudError::Refused {
                id: queue.id.clone(),
                fault: error.message,
            };
            provider.create_queue(input).await.map_err(refused)?;
        }
        let queues = Self {
            handler: Arc::new(RustackSqsHandler::new(provider.clone())),
            provider,
            names: Arc::new(
                stack.queues.iter().map(|queue| (queue.arn.clone(), queue.name.clone())).collect(),
            ),
            unread: Arc::new(stack.dead_letter_queues().map(|queue| queue.name.clone()).collect()),
            restored: Arc::default(),
            folder: folder.cloned(),
        };
        queues.restore_dead_letters().await?;
        Ok(queues)
    }

    /// Answers one call.
    pub(super) async fn call(&self, headers: &HeaderMap, body: Bytes) -> Response<Bytes> {
        let result = match resolve_operation(headers) {
            Ok(operation) => dispatch_operation(&*self.handler, operation, body).await,
            Err(error) => Err(error),
        };
        whole(result.unwrap_or_else(|error| error_to_response(&error, "local"))).await
    }

    /// The name of the queue with this ARN.
    pub(crate) fn name_of(&self, arn: &str) -> Option<&str> {
        self.names.get(arn).map(String::as_str)
    }

    /// The queues that functions read.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.names
            .values()
            .map(String::as_str)
            .filter(|name| !self.unread.iter().any(|unread| unread == name))
    }

    pub(crate) async fn send(&self, queue: &str, body: String) -> Result<(), String> {
        let input = SendMessageInput {
            queue_url: queue_url(queue),
            message_body: body,
            ..SendMessageInput::default()
        };
        self.provider.send_message(input).await.map(drop).map_err(|error| error.message)
    }

    /// Receives up to `most` messages; waits up to `wait` for the first.
    pub(crate) async fn receive(&self, queue: &str, most: usize, wait: Duration) -> Vec<Message> {
        self.take(queue, most, wait, None).await
    }

    pub(crate) async fn delete(&self, queue: &str, message: &Message) {
        let input = DeleteMessageInput {
            queue_url: queue_url(queue),
            receipt_handle: message.receipt_handle.clone().unwrap_or_default(),
        };
        if let Err(error) = self.provider.delete_message(input).await {
            tracing::warn!(queue, error = error.message, "a handled message could not be deleted");
        }
    }

    async fn take(&self, queue: &str, most: usize, wait: Duration, visibility: Option<i32>) -> Vec<Message> {
        let input = ReceiveMessageInput {
            queue_url: queue_url(queue),
            max_number_of_messages: Some(i32::try_from(most.min(LARGEST_BATCH)).unwrap_or(1)),
            visibility_timeout: visibility,
            wait_time_seconds: Some(i32::try_from(wait.as_secs()).unwrap_or(0)),
            message_system_attribute_names: vec!["All".to_owned()],
            message_attribute_names: vec!["All".to_owned()],
            ..ReceiveMessageInput::default()
        };
        match self.provider.receive_message(input).await {
            Ok(output) => output.messages,
            Err(error) => {
                tracing::warn!(queue, error = error.message, "a queue could not be read");
                Vec::new()
            }
        }
    }

    /// The message counts of every queue, by name.
    pub(super) async fn counts(&self) -> Vec<(String, Counts)> {
        let mut counts = Vec::new();
        for name in self.names.values() {
            counts.push((name.clone(), self.count(name).await));
        }
        counts
    }

    /// The message counts of one queue.
    pub(crate) async fn count(&self, queue: &str) -> Counts {
        let input =
            GetQueueAttributesInput { queue_url: queue_url(queue), attribute_names: vec!["All".to_owned()] };
        let attributes = self.provider.get_queue_attributes(input).await.unwrap_or_default().attributes;
        let number = |name: &str| attributes.get(name).and_then(|text| text.parse().ok()).unwrap_or(0);
        Counts {
            available: number("ApproximateNumberOfMessages"),
            in_flight: number("ApproximateNumberOfMessagesNotVisible"),
            delayed: number("ApproximateNumberOfMessagesDelayed"),
        }
    }

    /// The dead letters, oldest first. SQS has no way to look without receiving, so
    /// they are received with a visibility timeout of zero until all were seen.
    pub(super) async fn dead_letters(&self) -> Vec<DeadLetter> {
        // Two concurrent readers would take the messages from each other.
        let restored = self.restored.lock().await;
        let mut letters = BTreeMap::new();
        for queue in &*self.unread {
            loop {
                let taken = self.take(queue, LARGEST_BATCH, Duration::ZERO, Some(0)).await;
                let before = letters.len();
                for message in taken {
                    let letter = DeadLetter::of(queue, message, &restored);
                    letters.insert((letter.sent_at.clone(), letter.message_id.clone()), letter);
                }
                if letters.len() == before {
                    break;
                }
            }
        }
        letters.into_values().collect()
    }

    /// Writes changed dead letters to the data folder; true if all could be read. A
    /// message that is being received cannot.
    pub(crate) async fn keep_dead_letters(&self) -> Result<bool, DataError> {
        let Some(folder) = &self.folder else { return Ok(true) };
        let letters = self.dead_letters().await;
        let mut held = 0;
        for queue in &*self.unread {
            let Counts { available, in_flight, delayed } = self.count(queue).await;
            held += available + in_flight + delayed;
        }
        if held != letters.len() as u64 {
            return Ok(false);
        }
        let ids = |letters: &[DeadLetter]| {
            letters.iter().map(|letter| letter.message_id.clone()).collect::<Vec<_>>()
        };
        if ids(&letters) != ids(&saved(folder)?) {
            save(folder, &letters)?;
        }
        Ok(true)
    }

    async fn restore_dead_letters(&self) -> Result<(), CloudError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut restored = self.restored.lock().await;
        let mut letters = saved(folder)?;
        for letter in &mut letters {
            let input = SendMessageInput {
                queue_url: queue_url(&letter.queue),
                message_body: letter.body.clone(),
                message_attributes: letter.attributes.clone(),
                ..SendMessageInput::default()
            };
            // A queue that is no longer in the template takes no letters either.
            if let Ok(output) = self.provider.send_message(input).await {
                letter.message_id = output.message_id.unwrap_or_default();
                restored.insert(letter.message_id.clone(), letter.sent_at.clone());
            }
        }
        Ok(save(folder, &letters)?)
    }
}

fn saved(folder: &Folder) -> Result<Vec<DeadLetter>, DataError> {
    Ok(folder.read(DEAD_LETTERS)?.unwrap_or_default())
}

fn save(folder: &Folder, letters: &[DeadLetter]) -> Result<(), DataError> {
    folder.save(DEAD_LETTERS, letters)
}

impl DeadLetter {
    fn of(queue: &str, message: Message, restored: &BTreeMap<String, String>) -> Self {
        let message_id = message.message_id.unwrap_or_default();
        let sent_at = restored.get(&message_id).cloned().unwrap_or_else(|| {
            let millis = message.attributes.get("SentTimestamp").and_then(|millis| millis.parse().ok());
            Timestamp::from_millis(millis.unwrap_or_default()).to_string()
        });
        Self {
            queue: queue.to_owned(),
            sent_at,
            body: message.body.unwrap_or_default(),
            attributes: message.message_attributes,
            message_id,
        }
    }
}
