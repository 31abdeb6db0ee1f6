//! New events of a stream record: those of its new image that its old image lacks. A
//! filter of the event source mapping cannot compare the two.

use std::collections::HashSet;

use aws_lambda_events::dynamodb::EventRecord;
use serde_dynamo::AttributeValue;
use shared::{
    bus::outbox::{self, Outgoing},
    table::item::EVENTS,
};

/// An outbox that cannot be read, now or later.
#[derive(Debug)]
pub(crate) struct Malformed;

/// The record's new events, in order.
pub(crate) fn new_events(record: &EventRecord) -> Result<Vec<Outgoing>, Malformed> {
    let read = |image: &serde_dynamo::Item| match image.get(EVENTS) {
        None => Ok(Vec::new()),
        Some(AttributeValue::S(text)) => outbox::decode(text).map_err(|_| Malformed),
        Some(_) => Err(Malformed),
    };
    let events = read(&record.change.new_image)?;
    if events.is_empty() {
        return Ok(events);
    }
    // An old outbox that cannot be read went to the dead-letter queue when it was new;
    // the new events are published all the same.
    let known = read(&record.change.old_image).unwrap_or_default();
    let known: HashSet<&str> = known.iter().map(|event| event.id.as_str()).collect();
    Ok(events.into_iter().filter(|event| !known.contains(event.id.as_str())).collect())
}
