//! The local cloud: it answers the AWS calls of Agora's functions in process, for the
//! resources of [`Stack`]. DynamoDB is dynoxide, EventBridge and SQS are rustack; the
//! few calls of SSM and SES are implemented here.
//!
//! It has two transports: [`connector`] for the SDK clients of functions in this
//! process, without sockets, and [`listener`] for all others. With its data in memory,
//! it needs neither real time nor other threads, so that a simulation can drive it.

mod bus;
pub mod connector;
mod dynamodb;
mod journal;
pub mod listener;
mod mail;
mod parameters;
mod queues;
mod reply;

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use bytes::Bytes;
use http::{Request, Response};
use shared::clock::Clock;
use tokio::sync::watch;

use crate::{
    data::{DataError, Folder},
    stack::Stack,
};

pub(crate) use self::queues::{LARGEST_BATCH, Message};
use self::{bus::Bus, dynamodb::DynamoDb, mail::Mails, parameters::Parameters, queues::Queues, reply::Fault};
pub use self::{
    dynamodb::StreamRecord,
    journal::{Journal, Travelled},
    mail::Mail,
    queues::{Counts, DeadLetter},
};

/// The local cloud. Clones share it.
#[derive(Clone)]
pub struct Cloud {
    services: Arc<Services>,
}

struct Services {
    dynamodb: DynamoDb,
    bus: Bus,
    queues: Queues,
    parameters: Parameters,
    mails: Mails,
    journal: Journal,
    changes: Changes,
}

/// Errors of opening the cloud.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// The data folder could not be read or written.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A service refused a resource of the template.
    #[error("template.yaml: Resources.{id}: {fault}")]
    Refused {
        /// Logical id of the resource.
        id: String,
        /// Message of the service.
        fault: String,
    },
    /// The table on disk was created from another template.
    #[error(
        "the table in {0} was created from another template.yaml\n\
         hint: `cargo run -- reset` removes the local data"
    )]
    OtherTable(String),
}

impl Cloud {
    /// Creates the resources of `stack`. The data is in `folder`, or in memory.
    pub async fn open(stack: &Stack, folder: Option<&Folder>, clock: &Clock) -> Result<Self, CloudError> {
        let changes = Changes::default();
        let journal = Journal::new(stack, clock.clone());
        let queues = Queues::open(stack, folder).await?;
        let services = Services {
            dynamodb: DynamoDb::open(&stack.table, folder, clock)?,
            bus: Bus::open(stack, queues.clone(), journal.clone(), changes.clone())?,
            queues,
            parameters: Parameters::open(folder, clock.clone())?,
            mails: Mails::open(folder, clock.clone())?,
            journal,
            changes,
        };
        Ok(Self { services: Arc::new(services) })
    }

    /// Answers one AWS call.
    pub async fn call(&self, request: Request<Bytes>) -> Response<Bytes> {
        let services = &*self.services;
        let (parts, body) = request.into_parts();
        let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
        match target.and_then(|target| target.split_once('.')) {
            Some(("DynamoDB_20120810" | "DynamoDBStreams_20120810", operation)) => {
                let response = services.dynamodb.call(operation, &body);
                if dynamodb::writes(operation) {
                    services.changes.announce();
                }
                response
            }
            Some(("AWSEvents", _)) => {
                let response = services.bus.call(&parts.headers, body).await;
                services.changes.announce();
                response
            }
            Some(("AmazonSQS", _)) => {
                let response = services.queues.call(&parts.headers, body).await;
                services.changes.announce();
                response
            }
            Some(("AmazonSSM", operation)) => services.parameters.call(operation, &body),
            None if parts.uri.path() == mail::PATH => services.mails.send(&body),
            Some(_) | None => {
                let what = target.unwrap_or(parts.uri.path());
                Fault::unknown_operation(what).into_response()
            }
        }
    }

    /// An HTTP client for the AWS SDK that calls this cloud in process.
    pub fn http_client(&self) -> SharedHttpClient {
        connector::http_client(self.clone())
    }

    /// Deletes the items that have expired by the cloud's clock, as DynamoDB does
    /// eventually; gives their number.
    pub fn sweep(&self) -> usize {
        let swept = self.services.dynamodb.sweep();
        if swept > 0 {
            self.services.changes.announce();
        }
        swept
    }

    /// The records of the table's stream after `position`, oldest first, at most
    /// `limit`; none if the stream cannot be read.
    pub fn stream_after(&self, position: i64, limit: usize) -> Vec<StreamRecord> {
        self.services.dynamodb.records_after(position, limit).unwrap_or_else(|error| {
            tracing::warn!(%error, "the stream could not be read");
            Vec::new()
        })
    }

    /// The sent emails, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.services.mails.all()
    }

    /// The recent events of the bus, oldest first.
    pub fn travelled(&self) -> Vec<Travelled> {
        self.services.journal.entries()
    }

    /// The message counts of every queue, by name.
    pub async fn queue_counts(&self) -> Vec<(String, Counts)> {
        self.services.queues.counts().await
    }

    /// The dead letters.
    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        self.services.queues.dead_letters().await
    }

    /// True if no event is on its way from the bus to a queue.
    pub(crate) fn bus_is_idle(&self) -> bool {
        self.services.bus.is_idle()
    }

    /// Subscribes to changes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.services.changes.0.subscribe()
    }

    /// Notifies the subscribers of a change.
    pub(crate) fn announce(&self) {
        self.services.changes.announce();
    }

    pub(crate) fn dynamodb(&self) -> &DynamoDb {
        &self.services.dynamodb
    }

    pub(crate) fn queues(&self) -> &Queues {
        &self.services.queues
    }
}

/// Number of changes, to wait for the next one.
#[derive(Clone)]
struct Changes(watch::Sender<u64>);

impl Default for Changes {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Changes {
    fn announce(&self) {
        self.0.send_modify(|count| *count += 1);
    }
}
