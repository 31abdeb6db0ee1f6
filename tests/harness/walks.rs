//! Long lists, and consumers that walk them page by page.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use serde_json::Value;
use shared::{
    bus::DomainEvent,
    id::{Id, Identified},
    lambda::SqsHandler,
    table::item::Attributes,
};

use super::App;

/// Consumers that walk lists.
pub const WALKERS: [&str; 5] =
    ["CatalogConsumer", "EventsConsumer", "OrdersConsumer", "OrganizationsConsumer", "UsersConsumer"];

/// Less time than a walk needs for another page: a delivery ends after one page.
pub const HURRY: Duration = Duration::from_secs(5);

/// Maximum time for a test's deliveries: a walk that restarts each time never ends.
const PATIENCE: Duration = Duration::from_mins(2);

/// Maximum number of items in `BatchWriteItem`.
const BATCH: usize = 25;

/// Sets a time-out for consumers with walks that ends each delivery after one page.
pub fn in_a_hurry(template: &mut Value) {
    for function in WALKERS {
        template["Resources"][function]["Properties"]["Timeout"] = HURRY.as_secs().into();
    }
}

/// Attributes with another id in their texts.
fn with_id(attributes: Attributes, id: &str, other: &str) -> Attributes {
    let replaced = attributes.into_iter().map(|(name, value)| {
        let value = match value {
            AttributeValue::S(text) => AttributeValue::S(text.replace(id, other)),
            AttributeValue::M(map) => AttributeValue::M(with_id(map, id, other)),
            value => value,
        };
        (name, value)
    });
    replaced.collect()
}

impl App {
    /// Declares that the lists of these operations are longer than their budgets
    /// assume.
    pub fn has_long_lists(&self, operations: &[&'static str]) {
        self.long_lists.lock().unwrap().extend(operations);
    }

    /// Copies the item of `id` to `count` new ids, and returns these. Its events are
    /// left out.
    pub async fn copy_item<K: Identified>(&self, pk: &str, sk: &str, id: &str, count: u32) -> Vec<String> {
        let mut item = self.item(pk, sk).await.expect("an item");
        item.remove("events");
        let copies: Vec<(String, Attributes)> = (1..=count)
            .map(|number| {
                let mut bytes = [0x40; 16];
                bytes[12..].copy_from_slice(&number.to_be_bytes());
                let copy = Id::<K>::from_bytes(bytes).to_string();
                let item = with_id(item.clone(), id, &copy);
                (copy, item)
            })
            .collect();
        let (client, table) = (self.dynamodb(), &self.platform.stack().table.name);
        for batch in copies.chunks(BATCH) {
            let writes = batch.iter().map(|(_, item)| {
                let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
                WriteRequest::builder().put_request(put).build()
            });
            let items = HashMap::from([(table.clone(), writes.collect::<Vec<_>>())]);
            let written = client.batch_write_item().set_request_items(Some(items)).send().await.unwrap();
            assert!(written.unprocessed_items.unwrap_or_default().is_empty(), "an item was not written");
        }
        copies.into_iter().map(|(id, _)| id).collect()
    }

    /// Every item of a partition of the table.
    pub async fn query(&self, pk: &str) -> Vec<Attributes> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let query = self.dynamodb().query().table_name(&self.platform.stack().table.name);
            let query = query.key_condition_expression("pk = :pk").set_exclusive_start_key(start);
            let query = query.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
            let page = query.send().await.unwrap();
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return items;
            }
        }
    }

    /// Settles; fails if a walk does not end.
    pub async fn settle_walks(&self) {
        let settled = tokio::time::timeout(PATIENCE, self.platform.settle()).await;
        settled.expect("a walk begins anew each time");
    }

    /// Delivers an event of the aggregate's `version` to a consumer with `time`, and
    /// a cursor for a continuation; returns true unless it must be delivered again.
    pub async fn hand_over_in(
        &self,
        time: Duration,
        consumer: &SqsHandler,
        (data, version): (DomainEvent, u64),
        cursor: Option<&str>,
    ) -> bool {
        self.deliver(consumer, &self.envelope(data, version), cursor, time).await
    }

    /// Outcomes of a function's deliveries of an event, the oldest first.
    pub fn outcomes(&self, function: &str, action: &str) -> Vec<String> {
        let lines = self.lines.of(function).into_iter().filter(|line| line.action == action);
        lines.map(|line| line.outcome).collect()
    }

    /// Number of uses of an operation.
    pub fn uses(&self, operation: &str) -> u32 {
        let measured = self.lines.measured();
        measured.get(operation).into_iter().flatten().map(|consumption| consumption.uses).sum()
    }
}
