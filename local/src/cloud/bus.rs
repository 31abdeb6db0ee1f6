//! EventBridge: rustack's bus with the template's rules, whose targets are the
//! queues of this cloud.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Response};
use rustack_events_core::{
    config::EventsConfig,
    delivery::{DeliveryError, TargetDelivery},
    handler::RustackEventsHandler,
    provider::RustackEvents,
};
use rustack_events_http::{
    dispatch::dispatch_operation, response::error_to_response, router::resolve_operation,
};
use rustack_events_model::{
    error::EventsError,
    input::{CreateEventBusInput, PutRuleInput, PutTargetsInput},
    operations::EventsOperation,
    types::Target,
};
use serde_json::{Value, json};

use crate::stack::{ACCOUNT, REGION, Stack};

use super::{Changes, CloudError, journal::Journal, queues::Queues, reply::whole};

pub(super) struct Bus {
    provider: Arc<RustackEvents>,
    handler: RustackEventsHandler,
    journal: Journal,
    finished: Arc<AtomicU64>,
}

impl Bus {
    pub(super) fn open(
        stack: &Stack,
        queues: Queues,
        journal: Journal,
        changes: Changes,
    ) -> Result<Self, CloudError> {
        let config = EventsConfig {
            default_region: REGION.to_owned(),
            account_id: ACCOUNT.to_owned(),
            ..EventsConfig::default()
        };
        let finished = Arc::new(AtomicU64::new(0));
        let delivery = ToQueues { queues, journal: journal.clone(), changes, finished: finished.clone() };
        let provider = Arc::new(RustackEvents::new(config, Arc::new(delivery)));
        set_up(&provider, stack)?;
        Ok(Self { handler: RustackEventsHandler::new(provider.clone()), provider, journal, finished })
    }

    /// Answers one call.
    pub(super) async fn call(&self, headers: &HeaderMap, body: Bytes) -> Response<Bytes> {
        let result = match resolve_operation(headers) {
            Ok(operation) => {
                if operation == EventsOperation::PutEvents {
                    self.journal.put(&body);
                }
                dispatch_operation(&self.handler, operation, body).await
            }
            Err(error) => Err(error),
        };
        whole(result.unwrap_or_else(|error| error_to_response(&error, "local"))).await
    }

    /// True if every accepted event has reached its queues.
    pub(super) fn is_idle(&self) -> bool {
        self.finished.load(Ordering::Acquire) == self.provider.delivery_stats().accepted
    }
}

fn set_up(provider: &RustackEvents, stack: &Stack) -> Result<(), CloudError> {
    let refused = |id: &str| {
        let id = id.to_owned();
        move |error: EventsError| CloudError::Refused { id, fault: error.message }
    };
    for bus in &stack.buses {
        let input = CreateEventBusInput { name: bus.name.clone(), ..CreateEventBusInput::default() };
        provider.handle_create_event_bus(&input).map_err(refused(&bus.id))?;
    }
    for rule in &stack.rules {
        let put_rule =
            json!({ "Name": rule.id, "EventBusName": rule.bus, "EventPattern": rule.pattern.to_string() });
        // A target's dead-letter queue is left out: a queue in this process is always
        // reachable, and rustack supports no such target.
        let put_targets = json!({
            "Rule": rule.id,
            "EventBusName": rule.bus,
            "Targets": rule.targets.iter().map(|target| json!({ "Id": target.id, "Arn": target.arn })).collect::<Value>(),
        });
        let put_rule: PutRuleInput = input(&rule.id, put_rule)?;
        let put_targets: PutTargetsInput = input(&rule.id, put_targets)?;
        provider.handle_put_rule(put_rule).map_err(refused(&rule.id))?;
        provider.handle_put_targets(put_targets).map_err(refused(&rule.id))?;
    }
    Ok(())
}

fn input<T: serde::de::DeserializeOwned>(id: &str, value: Value) -> Result<T, CloudError> {
    serde_json::from_value(value)
        .map_err(|error| CloudError::Refused { id: id.to_owned(), fault: error.to_string() })
}

/// Delivers matched events to queues.
struct ToQueues {
    queues: Queues,
    journal: Journal,
    changes: Changes,
    finished: Arc<AtomicU64>,
}

impl std::fmt::Debug for ToQueues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ToQueues")
    }
}

#[async_trait]
impl TargetDelivery for ToQueues {
    fn validate(&self, target: &Target) -> Result<(), DeliveryError> {
        match self.queues.name_of(&target.arn) {
            Some(_) => Ok(()),
            None => Err(DeliveryError::InvalidArn(target.arn.clone())),
        }
    }

    async fn deliver(&self, target: &Target, event_json: &str) -> Result<(), DeliveryError> {
        let mut event: Value = serde_json::from_str(event_json).unwrap_or_default();
        // rustack adds this member, EventBridge does not.
        if let Some(event) = event.as_object_mut() {
            event.remove("event-bus-name");
        }
        let sent = match self.queues.name_of(&target.arn) {
            Some(queue) => self.queues.send(queue, event.to_string()).await,
            None => Err("there is no such queue".to_owned()),
        };
        if sent.is_ok() {
            self.journal.delivered(event["detail"]["id"].as_str().unwrap_or_default(), &target.arn);
        }
        self.finished.fetch_add(1, Ordering::AcqRel);
        self.changes.announce();
        sent.map_err(DeliveryError::TargetError)
    }
}
