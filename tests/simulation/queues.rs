//! SQS: messages come late, twice and out of order; a message that is not deleted in
//! time comes again, and after too many deliveries it becomes a dead letter.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use local::stack::Stack;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::seeded::Dice;

/// The queues that feed functions.
pub struct Queues {
    queues: Vec<Mutex<Queue>>,
    /// Dead letters.
    dead: Mutex<Vec<String>>,
}

/// Index of a queue.
pub type Place = usize;

struct Queue {
    arn: String,
    function: String,
    batch_size: usize,
    visibility: Duration,
    receives: u32,
    messages: Vec<Message>,
    sent: u64,
}

#[derive(Debug, Clone)]
struct Message {
    id: String,
    body: String,
    visible_at: Instant,
    received: u32,
}

impl Queues {
    pub fn new(stack: &Stack) -> Self {
        let mappings = stack
            .functions
            .values()
            .flat_map(|function| function.queues.iter().map(|mapping| (function.id.clone(), mapping)));
        let queues = mappings.map(|(function, mapping)| {
            let queue = stack.queue_by_arn(&mapping.queue).unwrap();
            Mutex::new(Queue {
                arn: mapping.queue.clone(),
                function,
                batch_size: mapping.batch_size,
                visibility: queue.visibility,
                receives: queue.redrive.as_ref().map_or(u32::MAX, |redrive| redrive.maximum_receives),
                messages: Vec::new(),
                sent: 0,
            })
        });
        Self { queues: queues.collect(), dead: Mutex::default() }
    }

    /// Every queue, with its function.
    pub fn all(&self) -> Vec<(Place, String)> {
        self.queues.iter().map(|queue| lock(queue).function.clone()).enumerate().collect()
    }

    /// Sends a message to a queue, visible after `delay`.
    pub fn send(&self, arn: &str, body: &str, delay: Duration) {
        let mut queues = self.queues.iter().map(lock);
        let mut queue = queues.find(|queue| queue.arn == arn).unwrap();
        queue.sent += 1;
        let id = format!("message-{}", queue.sent);
        let visible_at = Instant::now() + delay;
        queue.messages.push(Message { id, body: body.to_owned(), visible_at, received: 0 });
    }

    /// Sends a message to the queue at `url`; a queue that no function reads is a
    /// dead-letter queue.
    pub fn send_to(&self, url: &str, body: &str, delay: Duration) {
        match self.arn(url) {
            Some(arn) => self.send(&arn, body, delay),
            None => self.set_aside(body),
        }
    }

    /// True if a function reads the queue at `url`.
    pub fn feeds_a_function(&self, url: &str) -> bool {
        self.arn(url).is_some()
    }

    fn arn(&self, url: &str) -> Option<String> {
        let name = url.rsplit('/').next().unwrap_or_default();
        let mut arns = self.queues.iter().map(|queue| lock(queue).arn.clone());
        arns.find(|arn| arn.rsplit(':').next() == Some(name))
    }

    /// Receives some of the visible messages, in any order, in Lambda's form.
    pub fn take(&self, place: Place, dice: &mut Dice) -> Vec<Value> {
        let mut queue = lock(&self.queues[place]);
        let now = Instant::now();
        let (limit, visibility, arn) = (queue.receives, queue.visibility, queue.arn.clone());
        let worn_out =
            queue.messages.extract_if(.., |message| message.visible_at <= now && message.received >= limit);
        self.dead.lock().unwrap().extend(worn_out.map(|message| message.body));
        let most = 1 + dice.below(queue.batch_size);
        let mut batch = Vec::new();
        while batch.len() < most {
            let seen: Vec<usize> =
                (0..queue.messages.len()).filter(|place| queue.messages[*place].visible_at <= now).collect();
            let Some(place) = dice.pick(&seen) else { break };
            let message = &mut queue.messages[*place];
            message.visible_at = now + visibility;
            message.received += 1;
            batch.push(json!({
                "messageId": message.id,
                "receiptHandle": message.id,
                "body": message.body,
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": arn,
            }));
        }
        batch
    }

    /// Deletes a message that has been handled.
    pub fn delete(&self, place: Place, id: &str) {
        lock(&self.queues[place]).messages.retain(|message| message.id != id);
    }

    /// Time at which the next message of a queue is visible.
    pub fn next(&self, place: Place) -> Option<Instant> {
        lock(&self.queues[place]).messages.iter().map(|message| message.visible_at).min()
    }

    /// Adds a dead letter.
    pub fn set_aside(&self, body: &str) {
        self.dead.lock().unwrap().push(body.to_owned());
    }

    /// Dead letters.
    pub fn dead(&self) -> Vec<String> {
        self.dead.lock().unwrap().clone()
    }

    pub fn are_empty(&self) -> bool {
        self.queues.iter().all(|queue| lock(queue).messages.is_empty())
    }
}

fn lock(queue: &Mutex<Queue>) -> std::sync::MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}
