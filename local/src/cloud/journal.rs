//! Recent events of the bus: type, id and consumers.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use serde_json::Value;
use shared::clock::Clock;

use crate::stack::Stack;

/// Maximum number of events kept.
const LENGTH: usize = 500;

/// The latest events. Clones share it.
#[derive(Clone)]
pub struct Journal {
    entries: Arc<Mutex<VecDeque<Travelled>>>,
    /// A queue's ARN -> the function that it feeds.
    consumers: Arc<BTreeMap<String, String>>,
    clock: Clock,
}

/// An event of the bus.
#[derive(Debug, Clone, Serialize)]
pub struct Travelled {
    /// Time: RFC 3339, UTC.
    pub time: String,
    /// Type: `user.created`.
    pub r#type: String,
    /// Publishing group: `agora.users`.
    pub source: String,
    /// Id of its envelope.
    pub id: String,
    /// Functions whose queues received it.
    pub consumers: Vec<String>,
}

impl Journal {
    pub(super) fn new(stack: &Stack, clock: Clock) -> Self {
        let consumers = stack.functions.values().flat_map(|function| {
            function.queues.iter().map(|mapping| (mapping.queue.clone(), function.id.clone()))
        });
        Self { entries: Arc::default(), consumers: Arc::new(consumers.collect()), clock }
    }

    /// Records the entries of a `PutEvents` call.
    pub(super) fn put(&self, body: &[u8]) {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in request["Entries"].as_array().into_iter().flatten() {
            let detail: Value =
                entry["Detail"].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            if entries.len() == LENGTH {
                entries.pop_front();
            }
            entries.push_back(Travelled {
                time: self.clock.now().to_string(),
                r#type: text(&entry["DetailType"]),
                source: text(&entry["Source"]),
                id: text(&detail["id"]),
                consumers: Vec::new(),
            });
        }
    }

    /// Records the delivery of the event with this envelope id to a queue.
    pub(super) fn delivered(&self, id: &str, queue_arn: &str) {
        let consumer = self.consumers.get(queue_arn).map_or(queue_arn, String::as_str);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.iter_mut().rev().find(|entry| entry.id == id) {
            entry.consumers.push(consumer.to_owned());
        }
    }

    pub(super) fn entries(&self) -> Vec<Travelled> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
