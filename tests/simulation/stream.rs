//! The table's stream: the committed changes in order, and the positions of the
//! shards that the publisher reads.
//!
//! Records of one item stay in order; those of one transaction come through different
//! shards, separated and interleaved with others.

use std::collections::{BTreeMap, VecDeque};

use local::{
    cloud::{Cloud, StreamRecord},
    stack::Stack,
};
use rustack_events_core::pattern::{EventPattern, matches, parse_event_pattern};
use serde_json::{Value, json};

use super::aws::plain_item;
use crate::seeded::Dice;

/// Number of shards of the stream.
pub const SHARDS: usize = 2;

/// The committed changes.
pub struct Stream {
    /// Every record since the beginning.
    pub records: Vec<StreamRecord>,
    filters: Vec<EventPattern>,
    /// The pending records, by their indices.
    shards: [VecDeque<usize>; SHARDS],
    /// The items as seen by an eventually consistent reader, and the number of
    /// records that these include.
    behind: (BTreeMap<(String, String), Value>, usize),
}

impl Stream {
    pub fn new(stack: &Stack) -> Self {
        let mappings = stack.functions.values().flat_map(|function| &function.streams);
        let filters = mappings.flat_map(|mapping| &mapping.filters);
        let filters = filters.map(|pattern| parse_event_pattern(pattern).unwrap());
        Self {
            records: Vec::new(),
            filters: filters.collect(),
            shards: <[VecDeque<usize>; SHARDS]>::default(),
            behind: (BTreeMap::new(), 0),
        }
    }

    /// Reads new records of the table.
    pub fn follow(&mut self, cloud: &Cloud) {
        let last = self.records.last().map_or(0, |record| record.sequence);
        for record in cloud.stream_after(last, 1000) {
            if self.filters.iter().any(|filter| matches(filter, &record.value)) {
                let pk = record.value["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap();
                let shard = pk.bytes().map(usize::from).sum::<usize>() % SHARDS;
                self.shards[shard].push_back(self.records.len());
            }
            self.records.push(record);
        }
    }

    /// The next records of a shard, in Lambda's form.
    pub fn batch(&self, shard: usize, dice: &mut Dice) -> Vec<Value> {
        let most = 1 + dice.below(6);
        self.shards[shard].iter().take(most).map(|place| self.records[*place].value.clone()).collect()
    }

    /// Marks the first records of a shard as handled.
    pub fn advance(&mut self, shard: usize, count: usize) {
        self.shards[shard].drain(..count);
    }

    /// True if every record has been handled.
    pub fn is_read(&self) -> bool {
        self.shards.iter().all(VecDeque::is_empty)
    }

    /// Every change: the old and the new image.
    pub fn changes(&self) -> impl Iterator<Item = (Value, Value)> {
        self.records.iter().map(|record| {
            let image = |name: &str| plain_item(&record.value["dynamodb"][name]);
            (image("OldImage"), image("NewImage"))
        })
    }

    /// Answers a read with the state of the table some records ago. A stale reader
    /// catches up and never goes back.
    pub fn read_behind(&mut self, request: &Value, lag: usize) -> Value {
        let (items, taken) = &mut self.behind;
        while *taken + lag < self.records.len() {
            let change = &self.records[*taken].value["dynamodb"];
            let key = |name: &str| change["Keys"][name]["S"].as_str().unwrap().to_owned();
            match &change["NewImage"] {
                Value::Object(image) => items.insert((key("pk"), key("sk")), image.clone().into()),
                _ => items.remove(&(key("pk"), key("sk"))),
            };
            *taken += 1;
        }
        let item = |key: &Value| {
            let part = |name: &str| key[name]["S"].as_str().unwrap().to_owned();
            items.get(&(part("pk"), part("sk")))
        };
        if request["Key"].is_object() {
            return item(&request["Key"]).map_or_else(|| json!({}), |item| json!({ "Item": item }));
        }
        if let Some(tables) = request["RequestItems"].as_object() {
            let found = tables.iter().map(|(table, wanted)| {
                let keys = wanted["Keys"].as_array().into_iter().flatten();
                (table.clone(), keys.filter_map(item).cloned().collect::<Value>())
            });
            return json!({ "Responses": found.collect::<Value>() });
        }
        query(items.values(), request)
    }
}

/// The form of our own queries: a partition, and a range of sort keys.
fn query<'a>(items: impl Iterator<Item = &'a Value>, request: &Value) -> Value {
    let name = |alias: &str| request["ExpressionAttributeNames"][alias].as_str().unwrap().to_owned();
    let value = |alias: &str| request["ExpressionAttributeValues"][alias]["S"].as_str().unwrap();
    let (pk, sk) = (name("#pk"), name("#sk"));
    let sort = |item: &Value| item[&sk]["S"].as_str().unwrap_or_default().to_owned();
    let mut found: Vec<&Value> = items
        .filter(|item| item[&pk]["S"].as_str() == Some(value(":pk")))
        .filter(|item| (value(":from")..=value(":to")).contains(&sort(item).as_str()))
        .collect();
    found.sort_by_key(|item| sort(item));
    if request["ScanIndexForward"] == false {
        found.reverse();
    }
    if let Some(start) = request["ExclusiveStartKey"].as_object() {
        let start = start[&sk]["S"].as_str().unwrap();
        let at = found.iter().position(|item| sort(item) == start).map_or(0, |place| place + 1);
        found.drain(..at);
    }
    let limit = request["Limit"].as_u64().map_or(usize::MAX, |limit| usize::try_from(limit).unwrap());
    let more = found.len() > limit;
    found.truncate(limit);
    let shown = |item: &Value| -> Value {
        let projected = ["pk", "sk", &pk, &sk, "card"];
        projected.iter().map(|name| ((*name).to_owned(), item[name].clone())).collect()
    };
    let items: Vec<Value> = found.into_iter().map(shown).collect();
    let mut answer = json!({ "Items": items, "Count": items.len() });
    if more && let Some(last) = answer["Items"].as_array().and_then(|items| items.last()).cloned() {
        let keys = ["pk", "sk", &pk, &sk].map(|name| (name.to_owned(), last[name].clone()));
        answer["LastEvaluatedKey"] = keys.into_iter().collect();
    }
    answer
}
