//! What travelled on the bus lately: type, id, and who was given it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use serde_json::Value;
use shared::clock::Clock;

use crate::stack::Stack;

/// How many events are remembered.
const LENGTH: usize = 500;

/// The latest events. Clones share it.
#[derive(Clone)]
pub struct Journal {
    entries: Arc<Mutex<VecDeque<Travelled>>>,
    /// A queue's ARN -> the function that it feeds.
    consumers: Arc<BTreeMap<String, String>>,
    clock: Clock,
}

/// One event that was put on the bus.
#[derive(Debug, Clone, Serialize)]
pub struct Travelled {
    /// When: RFC 3339, UTC.
    pub time: String,
    /// Its type: `user.created`.
    pub r#type: String,
    /// The group that wrote it: `agora.users`.
    pub source: String,
    /// Its envelope's id.
    pub id: String,
    /// The functions whose queues it was given to.
    pub consumers: Vec<String>,
}

impl Journal {
    pub(super) fn new(stack: &Stack, clock: Clock) -> Self {
        let consumers = stack.functions.values().flat_map(|function| {
            function.queues.iter().map(|mapping| (mapping.queue.clone(), function.id.clone()))
        });
        Self { entries: Arc::default(), consumers: Arc::new(consumers.collect()), clock }
    }

    /// Notes the entries of a `PutEvents` call.
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

    /// Notes that a queue was given the event with this envelope id.
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
