//! Batch reads: several items by their keys, in one round trip.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::batch_get_item::BatchGetItemError,
    types::{AttributeValue, KeysAndAttributes, ReturnConsumedCapacity},
};

use super::{
    Access, Conflict, Kind,
    item::{Attributes, Entity, Stored, Tombstone, decode, key_attributes},
    schema::Key,
};
use crate::Failure;

/// Consistency of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consistency {
    /// May be stale: 0.5 RRU each 4 KB.
    Eventual,
    /// Current: 1 RRU each 4 KB.
    Strong,
}

/// The items that a batch read found.
#[derive(Debug, Default)]
pub struct Found(HashMap<(String, String), Attributes>);

impl Found {
    /// The item at `key`, if there is one.
    pub fn take<T: Entity>(&mut self, key: Key) -> Result<Option<Stored<T>>, Failure> {
        self.0.remove(&(key.pk, key.sk)).filter(|item| !Tombstone::is(item)).map(decode).transpose()
    }

    fn insert(&mut self, item: Attributes) -> Result<(), Failure> {
        let text = |name: &str| match item.get(name) {
            Some(AttributeValue::S(text)) => Ok(text.clone()),
            Some(_) | None => Err(Failure::internal("an item has no key")),
        };
        self.0.insert((text("pk")?, text("sk")?), item);
        Ok(())
    }
}

impl Access<'_> {
    /// Reads up to 100 items, of any types, by distinct keys: 1 round trip, and
    /// another for keys that DynamoDB leaves unprocessed.
    pub async fn get_many(
        &self,
        keys: impl IntoIterator<Item = Key>,
        consistency: Consistency,
    ) -> Result<Found, Failure> {
        let keys: Vec<Attributes> = keys.into_iter().map(key_attributes).collect();
        let mut found = Found::default();
        if keys.is_empty() {
            return Ok(found);
        }
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(consistency == Consistency::Strong)
            .build()
            .map_err(Failure::internal)?;
        let mut wanted = HashMap::from([(self.table.name.clone(), wanted)]);
        while !wanted.is_empty() {
            let request = self
                .table
                .client
                .batch_get_item()
                .set_request_items(Some(std::mem::take(&mut wanted)))
                .return_consumed_capacity(ReturnConsumedCapacity::Total);
            let output = self
                .call(
                    Kind::Read,
                    || request.clone().send(),
                    |output| {
                        output.consumed_capacity().iter().map(|consumed| super::units(Some(consumed))).sum()
                    },
                )
                .await?;
            for item in output.responses.into_iter().flat_map(HashMap::into_values).flatten() {
                found.insert(item)?;
            }
            wanted = output.unprocessed_keys.unwrap_or_default();
        }
        Ok(found)
    }
}

impl Conflict for BatchGetItemError {
    fn is_conflict(&self) -> bool {
        false
    }
}
