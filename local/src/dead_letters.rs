//! Dead letters, on this machine and in a deployed stack: their number, their content
//! and their redrive. A message goes back to its source queue; a record of the stream
//! is handed to the publisher again.

mod describe;

use std::{collections::BTreeMap, time::Duration};

use aws_lambda_events::dynamodb;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as Attribute, QueueAttributeName};
use aws_types::SdkConfig;
use serde::{Deserialize, Serialize};
use shared::{Environment, Failure, clock::Clock, lambda::Invocation, random::Random, telemetry::Log};

use crate::{
    deployed::{StageError, name_prefix},
    functions::{FUNCTIONS, FunctionStartError, Handler},
    settings::parameters,
    stack::{Function, Queue, Stack, Template, TemplateError, queue_url},
};

/// Visibility timeout of letters that are read: SQS has no way to look without
/// receiving.
const HIDDEN: Duration = Duration::from_mins(1);

/// Time limit of a deployed publisher's code that runs here.
const TIME: Duration = Duration::from_secs(30);

/// A command about dead letters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Lists the number of letters of each queue.
    List,
    /// Shows the letters of a queue.
    Show {
        /// Logical id of the queue: `NotificationsDeadLetters`.
        queue: String,
    },
    /// Redrives letters.
    Redrive {
        /// Logical id of the queue.
        queue: String,
        /// Id of one letter; `None` for all.
        message: Option<String>,
    },
}

/// Errors of a command.
#[derive(Debug, thiserror::Error)]
pub enum DeadLetterError {
    /// The queue does not exist.
    #[error("there is no dead-letter queue {0}\nhint: `dlq list` shows their names")]
    UnknownQueue(String),
    /// The stage cannot be reached.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The template is not valid.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The publisher could not be started here.
    #[error(transparent)]
    Start(#[from] FunctionStartError),
    /// A call to AWS failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// The dead letters of one stack.
pub struct DeadLetters {
    stack: Stack,
    aws: SdkConfig,
    queues: aws_sdk_sqs::Client,
    /// Logical id -> URL.
    urls: BTreeMap<String, String>,
}

/// Source of a queue's letters.
enum Origin<'a> {
    /// A queue.
    Queue(&'a Queue),
    /// The function that reads the stream.
    Stream(&'a Function),
}

impl DeadLetters {
    /// The dead letters of the local platform.
    pub(crate) fn local(stack: &Stack, aws: SdkConfig) -> Self {
        let urls = stack.queues.iter().map(|queue| (queue.id.clone(), queue_url(&queue.name)));
        Self { urls: urls.collect(), queues: aws_sdk_sqs::Client::new(&aws), aws, stack: stack.clone() }
    }

    /// The dead letters of a deployed stage.
    pub(crate) async fn of_stage(stage: &str, aws: SdkConfig) -> Result<Self, DeadLetterError> {
        let mut stack = Stack::of(&Template::built_in()?, &parameters("https://agora.example"))?;
        let queues = aws_sdk_sqs::Client::new(&aws);
        let prefix = format!("agora-{stage}-");
        let found = queues.list_queues().queue_name_prefix(&prefix).max_results(1000).send().await;
        let found = found.map_err(Failure::from)?.queue_urls.unwrap_or_default();
        let mut urls = BTreeMap::new();
        for queue in &stack.queues {
            let name = format!("/{}", name_prefix(stage, &queue.id));
            let url = found
                .iter()
                .find(|url| url.contains(&name))
                .ok_or_else(|| StageError::NotDeployed { stage: stage.to_owned(), what: queue.id.clone() })?;
            urls.insert(queue.id.clone(), url.clone());
        }
        for function in stack.functions.values_mut() {
            function.variables.insert("STAGE".to_owned(), stage.to_owned());
            function.variables.insert("BUS_NAME".to_owned(), format!("agora-{stage}"));
        }
        Ok(Self { stack, aws, queues, urls })
    }

    /// Runs a command, and describes its result.
    pub async fn run(&self, command: Command) -> Result<String, DeadLetterError> {
        match command {
            Command::List => self.list().await,
            Command::Show { queue } => self.show(&queue).await,
            Command::Redrive { queue, message } => self.redrive(&queue, message.as_deref()).await,
        }
    }

    async fn list(&self) -> Result<String, DeadLetterError> {
        let mut lines = Vec::new();
        for queue in self.stack.dead_letter_queues() {
            let attributes = self.queues.get_queue_attributes().queue_url(&self.urls[&queue.id]);
            let count = QueueAttributeName::ApproximateNumberOfMessages;
            let attributes = attributes.attribute_names(count.clone()).send().await.map_err(Failure::from)?;
            let held = attributes.attributes.unwrap_or_default().remove(&count).unwrap_or_default();
            lines.push(format!("{held:>6}  {}", queue.id));
        }
        Ok(lines.join("\n"))
    }

    async fn show(&self, queue: &str) -> Result<String, DeadLetterError> {
        self.origin(queue)?;
        let url = &self.urls[queue];
        let letters = self.take_all(url).await?;
        let said: Vec<String> = letters.iter().map(describe::letter).collect();
        for letter in &letters {
            self.put_back(url, letter).await?;
        }
        Ok(if said.is_empty() { format!("{queue} is empty.") } else { said.join("\n\n") })
    }

    async fn redrive(&self, queue: &str, message: Option<&str>) -> Result<String, DeadLetterError> {
        let origin = self.origin(queue)?;
        let url = &self.urls[queue];
        let (mut sent, mut kept) = (0, 0);
        // All are received first: one that fails again at once must not be redriven
        // twice.
        for letter in self.take_all(url).await? {
            let meant = message.is_none_or(|id| letter.message_id() == Some(id));
            if meant && self.send_back(&origin, queue, &letter).await? {
                let delete = self.queues.delete_message().queue_url(url);
                let delete = delete.set_receipt_handle(letter.receipt_handle).send().await;
                delete.map_err(Failure::from)?;
                sent += 1;
            } else {
                self.put_back(url, &letter).await?;
                kept += 1;
            }
        }
        let to = match origin {
            Origin::Queue(queue) => &queue.id,
            Origin::Stream(function) => &function.id,
        };
        Ok(format!("{sent} redriven to {to}, {kept} left in {queue}."))
    }

    /// Source of a queue's letters.
    fn origin(&self, id: &str) -> Result<Origin<'_>, DeadLetterError> {
        let unknown = || DeadLetterError::UnknownQueue(id.to_owned());
        let letters = self.stack.dead_letter_queues().find(|queue| queue.id == id).ok_or_else(unknown)?;
        let sets_aside = |queue: &&Queue| {
            queue.redrive.as_ref().is_some_and(|redrive| redrive.dead_letters == letters.arn)
        };
        let source = self.stack.queues.iter().find(sets_aside).map(Origin::Queue);
        let reader = || self.stack.functions.values().find(|function| !function.streams.is_empty());
        source.or_else(|| reader().map(Origin::Stream)).ok_or_else(unknown)
    }

    /// Receives every letter of a queue, hidden from others for [`HIDDEN`].
    async fn take_all(&self, url: &str) -> Result<Vec<Message>, Failure> {
        let hidden = i32::try_from(HIDDEN.as_secs()).unwrap_or(i32::MAX);
        let mut letters = Vec::new();
        loop {
            let receive = self.queues.receive_message().queue_url(url).max_number_of_messages(10);
            // A wait makes SQS query all of its servers.
            let receive = receive.visibility_timeout(hidden).wait_time_seconds(1);
            let receive = receive.message_system_attribute_names(Attribute::All);
            let taken = receive.message_attribute_names("All").send().await?.messages.unwrap_or_default();
            if taken.is_empty() {
                return Ok(letters);
            }
            letters.extend(taken);
        }
    }

    /// Makes a letter visible again.
    async fn put_back(&self, url: &str, letter: &Message) -> Result<(), Failure> {
        let change = self.queues.change_message_visibility().queue_url(url).visibility_timeout(0);
        change.set_receipt_handle(letter.receipt_handle.clone()).send().await?;
        Ok(())
    }

    /// Redrives one letter; true if it may be deleted.
    async fn send_back(
        &self,
        origin: &Origin<'_>,
        queue: &str,
        letter: &Message,
    ) -> Result<bool, DeadLetterError> {
        let body = letter.body().unwrap_or_default();
        match origin {
            Origin::Queue(queue) => {
                let send = self.queues.send_message().queue_url(&self.urls[&queue.id]);
                send.message_body(body).send().await.map_err(Failure::from)?;
                Ok(true)
            }
            Origin::Stream(function) => {
                let Ok(record) = serde_json::from_str(body) else { return Ok(false) };
                self.publish(function, queue, record).await
            }
        }
    }

    /// Publishes one record with the code of the stream's reader. If that fails again,
    /// the record becomes a new dead letter.
    async fn publish(
        &self,
        function: &Function,
        queue: &str,
        record: dynamodb::EventRecord,
    ) -> Result<bool, DeadLetterError> {
        let mut variables = function.variables.clone();
        variables.insert("DEAD_LETTER_QUEUE_URL".to_owned(), self.urls[queue].clone());
        let environment = Environment {
            variables: variables.into_iter().collect(),
            aws: self.aws.clone(),
            clock: Clock::system(),
            random: Random::system(),
            log: Log::from_fn(|_| {}),
        };
        let declared = FUNCTIONS.iter().find(|declared| declared.id == function.id);
        let declared = declared.ok_or_else(|| FunctionStartError::Unknown(function.id.clone()))?;
        let refused = |error| FunctionStartError::Refused { id: function.id.clone(), error };
        match (declared.start)(environment).await.map_err(refused)? {
            Handler::Stream(handler) => {
                let mut batch = dynamodb::Event::default();
                batch.records.push(record);
                let deadline = tokio::time::Instant::now() + TIME;
                let reply = handler.call(batch, Invocation { deadline, client_address: None }).await;
                Ok(reply.batch_item_failures.is_empty())
            }
            Handler::Http(_) | Handler::Queue(_) | Handler::Schedule(_) => Ok(false),
        }
    }
}
