//! EventBridge: accepts all or some of the events of a call, and sends each to the
//! queues of the matching rules.

use std::sync::Mutex;

use local::stack::Stack;
use rustack_events_core::pattern::{EventPattern, matches, parse_event_pattern};
use serde_json::{Value, json};

use super::faults::{Fault, Plan};

/// The bus.
pub struct Bus {
    rules: Vec<(EventPattern, Vec<String>)>,
    travelled: Mutex<Vec<Value>>,
}

impl Bus {
    pub fn new(stack: &Stack) -> Self {
        let rules = stack.rules.iter().map(|rule| {
            let queues = rule.targets.iter().map(|target| target.arn.clone()).collect();
            (parse_event_pattern(&rule.pattern.to_string()).unwrap(), queues)
        });
        Self { rules: rules.collect(), travelled: Mutex::default() }
    }

    /// Accepts the entries of a call; returns the response, and the deliveries of
    /// events to queues.
    pub fn put(&self, body: &Value, plan: &mut Plan) -> (Value, Vec<(String, String)>) {
        let mut deliveries = Vec::new();
        let mut results = Vec::new();
        for entry in body["Entries"].as_array().into_iter().flatten() {
            if plan.fault == Fault::Unprocessed && plan.dice.happens(500) {
                results.push(json!({ "ErrorCode": "InternalFailure", "ErrorMessage": "" }));
                continue;
            }
            results.push(json!({ "EventId": format!("event-{}", plan.number) }));
            let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
            let event = json!({
                "version": "0",
                "id": format!("event-{}", plan.number),
                "source": entry["Source"],
                "detail-type": entry["DetailType"],
                "resources": [],
                "detail": detail,
            });
            for (pattern, queues) in &self.rules {
                if matches(pattern, &event) {
                    deliveries.extend(queues.iter().map(|queue| (queue.clone(), event.to_string())));
                }
            }
            self.travelled.lock().unwrap().push(detail);
        }
        let failed = results.iter().filter(|result| result["ErrorCode"].is_string()).count();
        (json!({ "FailedEntryCount": failed, "Entries": results }), deliveries)
    }

    /// The accepted envelopes, oldest first.
    pub fn travelled(&self) -> Vec<Value> {
        self.travelled.lock().unwrap().clone()
    }
}
