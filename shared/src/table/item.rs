//! The item codec: an entity's fields beside the attributes of every item.
//!
//! | attribute | meaning |
//! |---|---|
//! | `pk`, `sk` | primary key |
//! | `type` | the entity's type, checked on read |
//! | `v` | schema version: a newer one is read (unknown fields are ignored), an older one is upgraded on read |
//! | `version` | counts the item's writes: optimistic lock, ETag, part of event ids |
//! | `events` | domain events of the last write ([`crate::bus::outbox`]) |
//! | `expires_at` | TTL, epoch seconds |

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::schema::{IndexKey, Key};
use crate::{Failure, clock::Timestamp};

/// Attributes of an item.
pub type Attributes = HashMap<String, AttributeValue>;

/// The name of the outbox attribute. The stream mapping's filter in
/// `template.yaml` names it too.
pub const EVENTS: &str = "events";

/// Name of the attribute of the entity's type.
pub const ENTITY_TYPE: &str = "type";

/// Name of the attribute of the schema version.
pub const SCHEMA_VERSION: &str = "v";

/// Name of the attribute of the item's version.
pub const VERSION: &str = "version";

const EXPIRES_AT: &str = "expires_at";

/// Decoder of one entity for callers that do not know its type: tests of stored data,
/// and commands that read the whole table.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The item's `type`.
    pub entity: &'static str,
    /// Current schema version.
    pub schema_version: u32,
    /// Decodes an item.
    pub read: fn(Attributes) -> Result<(), Failure>,
}

impl Reader {
    /// The reader of `T`.
    pub const fn of<T: Entity>() -> Self {
        Self {
            entity: T::TYPE,
            schema_version: T::SCHEMA_VERSION,
            read: |item| decode::<T>(item).map(|_| ()),
        }
    }
}

/// Data that is stored as one item.
pub trait Entity: Serialize + DeserializeOwned + Send + Sync {
    /// The item's `type`.
    const TYPE: &'static str;
    /// Current schema version.
    const SCHEMA_VERSION: u32 = 1;

    /// The primary key.
    fn key(&self) -> Key;

    /// The index lists that the item is in. They show the attribute `card`.
    fn index_keys(&self) -> Vec<IndexKey> {
        Vec::new()
    }

    /// The time from which the item may be removed.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }

    /// Upgrades an item from schema version `from` to the current one.
    fn upgrade(from: u32, item: Attributes) -> Attributes {
        let _ = from;
        item
    }
}

/// An entity that was read.
#[derive(Debug, Clone)]
pub struct Stored<T> {
    /// The entity.
    pub entity: T,
    /// The item's version.
    pub version: u64,
}

/// A deleted item's replacement, so that a late write finds a key that is not empty.
/// Reads treat it as no item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tombstone {
    #[serde(skip)]
    key: Key,
    deleted_at: Timestamp,
    #[serde(skip)]
    lifetime: Duration,
}

impl Tombstone {
    /// Makes the tombstone of the item at `key`. `lifetime` must exceed the delay of
    /// the latest write.
    pub fn new(key: Key, now: Timestamp, lifetime: Duration) -> Self {
        Self { key, deleted_at: now, lifetime }
    }

    /// True if an item is a tombstone.
    pub(super) fn is(item: &Attributes) -> bool {
        item.get(ENTITY_TYPE).and_then(|value| value.as_s().ok()).is_some_and(|found| found == Self::TYPE)
    }
}

impl Entity for Tombstone {
    const TYPE: &'static str = "tombstone";

    fn key(&self) -> Key {
        self.key.clone()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.deleted_at + self.lifetime)
    }
}

/// The attributes of the primary key.
pub fn key_attributes(key: Key) -> Attributes {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(key.pk)),
        ("sk".to_owned(), AttributeValue::S(key.sk)),
    ])
}

/// The attributes `type` and `v`.
pub fn type_attributes<T: Entity>() -> Attributes {
    HashMap::from([
        (ENTITY_TYPE.to_owned(), AttributeValue::S(T::TYPE.to_owned())),
        (SCHEMA_VERSION.to_owned(), AttributeValue::N(T::SCHEMA_VERSION.to_string())),
    ])
}

/// Encodes an item; `events` is the text of the outbox.
pub fn encode<T: Entity>(entity: &T, version: u64, events: Option<String>) -> Result<Attributes, Failure> {
    let mut item: Attributes = serde_dynamo::to_item(entity)
        .map_err(|_| Failure::internal(format!("a value of type {} cannot be an item", T::TYPE)))?;
    item.extend(key_attributes(entity.key()));
    item.extend(type_attributes::<T>());
    for IndexKey { index, key, .. } in entity.index_keys() {
        item.insert(index.partition_key().to_owned(), AttributeValue::S(key.pk));
        item.insert(index.sort_key().to_owned(), AttributeValue::S(key.sk));
    }
    item.insert(VERSION.to_owned(), AttributeValue::N(version.to_string()));
    if let Some(at) = entity.expires_at() {
        item.insert(EXPIRES_AT.to_owned(), AttributeValue::N(at.seconds().to_string()));
    }
    if let Some(events) = events {
        item.insert(EVENTS.to_owned(), AttributeValue::S(events));
    }
    Ok(item)
}

/// Decodes an item of type `T`. The cause of a failure names the type, never a value.
pub fn decode<T: Entity>(mut item: Attributes) -> Result<Stored<T>, Failure> {
    let found = item.get(ENTITY_TYPE).and_then(|value| value.as_s().ok());
    if found.map(String::as_str) != Some(T::TYPE) {
        return Err(Failure::internal(format!("an item that should be {} is of another type", T::TYPE)));
    }
    let schema_version = number(&item, SCHEMA_VERSION)?;
    let version = number(&item, VERSION)?;
    if schema_version < u64::from(T::SCHEMA_VERSION) {
        item = T::upgrade(u32::try_from(schema_version).unwrap_or_default(), item);
    }
    // serde's own message would repeat the value that did not fit.
    let entity = serde_dynamo::from_item(item)
        .map_err(|_| Failure::internal(format!("an item of type {} does not fit its schema", T::TYPE)))?;
    Ok(Stored { entity, version })
}

fn number(item: &Attributes, name: &str) -> Result<u64, Failure> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Failure::internal(format!("an item has no number {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Lamp {
        id: u32,
        watts: u32,
    }

    impl Entity for Lamp {
        const TYPE: &'static str = "lamp";
        const SCHEMA_VERSION: u32 = 2;

        fn key(&self) -> Key {
            Key { pk: format!("LAMP#{}", self.id), sk: "LAMP".to_owned() }
        }

        fn upgrade(from: u32, mut item: Attributes) -> Attributes {
            assert_eq!(from, 1);
            if let Some(power) = item.remove("power") {
                item.insert("watts".to_owned(), power);
            }
            item
        }
    }

    #[test]
    fn an_entity_survives_its_item() {
        let item = encode(&Lamp { id: 1, watts: 60 }, 7, None).expect("encodes");
        let stored: Stored<Lamp> = decode(item).expect("decodes");
        assert_eq!((stored.entity, stored.version), (Lamp { id: 1, watts: 60 }, 7));
    }

    #[test]
    fn a_newer_item_is_read_and_an_older_one_upgraded() {
        let mut newer = encode(&Lamp { id: 1, watts: 60 }, 1, None).expect("encodes");
        newer.insert("v".to_owned(), AttributeValue::N("3".to_owned()));
        newer.insert("colour".to_owned(), AttributeValue::S("warm".to_owned()));
        assert_eq!(decode::<Lamp>(newer).expect("decodes").entity.watts, 60);

        let mut older = encode(&Lamp { id: 1, watts: 60 }, 1, None).expect("encodes");
        older.insert("v".to_owned(), AttributeValue::N("1".to_owned()));
        if let Some(watts) = older.remove("watts") {
            older.insert("power".to_owned(), watts);
        }
        assert_eq!(decode::<Lamp>(older).expect("decodes").entity.watts, 60);
    }

    #[test]
    fn an_item_of_another_type_is_refused_without_its_values() {
        let mut item = encode(&Lamp { id: 1, watts: 60 }, 1, None).expect("encodes");
        item.insert("type".to_owned(), AttributeValue::S("secret".to_owned()));
        let failure = decode::<Lamp>(item).expect_err("is no lamp").to_string();
        assert!(!failure.contains("secret"), "{failure}");
    }
}
