//! Jobs that bring stored items of earlier releases into their current form. A job is a
//! type in the crate of the group that owns the items; `agora schema` runs all jobs
//! beside live traffic. No function runs one.
//!
//! A job is judged item by item and does not remember anything, so it may be repeated
//! and stopped anywhere. It changes nothing that a caller sees: no version in an `ETag`,
//! no event.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{
    Failure,
    table::{
        item::{Attributes, Entity, SCHEMA_VERSION, Stored, decode, encode},
        schema::{Index, Key},
    },
};

/// A change of the stored form of one kind of item.
pub trait Evolution {
    /// Entity.
    type Entity: Entity;
    /// Name in reports: `account-names`.
    const NAME: &'static str;
    /// Attributes of earlier releases, and their current form.
    const ABOUT: &'static str;

    /// Change of an item; `None` if it is in its current form. By default, every item is
    /// written as this release writes it.
    fn change(
        before: &Stored<Self::Entity>,
        item: &Attributes,
    ) -> Result<Option<Change<Self::Entity>>, Failure>
    where
        Self::Entity: Clone,
    {
        let _ = item;
        Ok(Some(Change::of(before.entity.clone())))
    }
}

/// New content of an entity.
#[derive(Debug)]
pub struct Change<T> {
    entity: T,
    beside: Vec<Beside>,
    takes_a_version: bool,
}

impl<T> Change<T> {
    /// A change of one item. Its version stays, and with it its `ETag`. A concurrent
    /// writer that has read the item before replaces it as a whole.
    pub fn of(entity: T) -> Self {
        Self { entity, beside: Vec::new(), takes_a_version: false }
    }

    /// Adds writes of other items that commit together with the item.
    #[must_use]
    pub fn with(mut self, beside: Vec<Beside>) -> Self {
        self.beside = beside;
        self
    }

    /// Raises the item's version, so that a concurrent writer that has read the item
    /// before reads it again: for an item whose writers derive other items from what
    /// they have read. The version that callers see must be another attribute.
    #[must_use]
    pub fn taking_a_version(mut self) -> Self {
        self.takes_a_version = true;
        self
    }
}

/// Write of another item.
#[derive(Debug, Clone)]
pub enum Beside {
    /// Writes an item in place of any other.
    Put(Attributes),
    /// Writes an item unless there is one.
    PutNew(Attributes, IfPresent),
    /// Removes an item.
    Remove(Key),
}

/// Consequence of an item that is present already.
#[derive(Debug, Clone, Copy)]
pub enum IfPresent {
    /// It stays, and the rest is written.
    Keep,
    /// Nothing is written, and the item is reported with this reason.
    Fail(&'static str),
}

impl Beside {
    /// Writes an entity in place of any other.
    pub fn put<T: Entity>(entity: &T) -> Result<Self, Failure> {
        Ok(Self::Put(encode(entity, 1, None)?))
    }

    /// Writes an entity unless there is one.
    pub fn put_new<T: Entity>(entity: &T, if_present: IfPresent) -> Result<Self, Failure> {
        Ok(Self::PutNew(encode(entity, 1, None)?, if_present))
    }
}

/// Rewrite of one item, for a caller that does not know its type.
#[derive(Debug, Clone)]
pub struct Rewrite {
    /// New content of the item.
    pub item: Attributes,
    /// Writes that commit with it.
    pub beside: Vec<Beside>,
}

/// A job, for a caller that does not know its entity.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// See [`Evolution::NAME`].
    pub name: &'static str,
    /// See [`Evolution::ABOUT`].
    pub about: &'static str,
    /// The `type` of its items.
    pub entity: &'static str,
    rewrite: fn(&Attributes) -> Result<Option<Rewrite>, Failure>,
}

impl Job {
    /// The job of a type.
    pub const fn of<E: Evolution>() -> Self
    where
        E::Entity: Clone,
    {
        Self { name: E::NAME, about: E::ABOUT, entity: E::Entity::TYPE, rewrite: rewrite::<E> }
    }

    /// Rewrite of an item of the job's entity; `None` if it is in its current form, or
    /// was written by a later release.
    pub fn rewrite(&self, item: &Attributes) -> Result<Option<Rewrite>, Failure> {
        (self.rewrite)(item)
    }
}

fn rewrite<E: Evolution>(item: &Attributes) -> Result<Option<Rewrite>, Failure>
where
    E::Entity: Clone,
{
    if is_of_a_later_release::<E::Entity>(item) {
        return Ok(None);
    }
    let before: Stored<E::Entity> = decode(item.clone())?;
    let Some(Change { entity, beside, takes_a_version }) = E::change(&before, item)? else {
        return Ok(None);
    };
    let version = before.version + u64::from(takes_a_version);
    let known = encode(&before.entity, before.version, None)?;
    let after = onto(item, &known, encode(&entity, version, None)?);
    Ok((after != *item).then_some(Rewrite { item: after, beside }))
}

fn is_of_a_later_release<T: Entity>(item: &Attributes) -> bool {
    let version = item.get(SCHEMA_VERSION).and_then(|value| value.as_n().ok()?.parse().ok());
    version.is_none_or(|version: u32| version > T::SCHEMA_VERSION)
}

/// The item with the attributes of `after`. Attributes that this release does not know
/// stay, also in maps: a later release may have written them. Removed are index keys, and
/// attributes that the entity had `before`.
fn onto(item: &Attributes, before: &Attributes, after: Attributes) -> Attributes {
    let is_key =
        |name: &str| Index::ALL.iter().any(|index| index.partition_key() == name || index.sort_key() == name);
    let mut merged = item.clone();
    merged.retain(|name, _| after.contains_key(name) || !(is_key(name) || before.contains_key(name)));
    for (name, value) in after {
        let value = match merged.remove(&name) {
            Some(present) => value_onto(&present, value),
            None => value,
        };
        merged.insert(name, value);
    }
    merged
}

fn value_onto(present: &AttributeValue, value: AttributeValue) -> AttributeValue {
    match (present, value) {
        (AttributeValue::M(present), AttributeValue::M(mut fields)) => {
            for (name, present) in present {
                let field = fields.remove(name);
                let field = field.map_or_else(|| present.clone(), |field| value_onto(present, field));
                fields.insert(name.clone(), field);
            }
            AttributeValue::M(fields)
        }
        (AttributeValue::L(present), AttributeValue::L(values)) if present.len() == values.len() => {
            let values = present.iter().zip(values);
            AttributeValue::L(values.map(|(present, value)| value_onto(present, value)).collect())
        }
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, Clone, Serialize, Deserialize)]
    struct Lamp {
        id: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        power: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        watts: Option<u32>,
    }

    impl Entity for Lamp {
        const TYPE: &'static str = "lamp";

        fn key(&self) -> Key {
            Key { pk: format!("LAMP#{}", self.id), sk: "LAMP".to_owned() }
        }
    }

    struct Watts;

    impl Evolution for Watts {
        type Entity = Lamp;
        const NAME: &'static str = "lamp-watts";
        const ABOUT: &'static str = "Power, by its unit.";

        fn change(before: &Stored<Lamp>, _: &Attributes) -> Result<Option<Change<Lamp>>, Failure> {
            let lamp = &before.entity;
            Ok(lamp.power.map(|power| Change::of(Lamp { power: None, watts: Some(power), ..lamp.clone() })))
        }
    }

    fn old() -> Attributes {
        encode(&Lamp { id: 1, power: Some(60), watts: None }, 7, Some("[]".to_owned())).expect("encodes")
    }

    #[test]
    fn a_rewrite_keeps_the_version_the_events_and_unknown_attributes() {
        let mut item = old();
        item.insert("colour".to_owned(), AttributeValue::S("warm".to_owned()));
        let rewrite = Job::of::<Watts>().rewrite(&item).expect("is read").expect("is old");
        let mut expected = item.clone();
        let power = expected.remove("power").expect("had power");
        expected.insert("watts".to_owned(), power);
        assert_eq!(rewrite.item, expected);
        assert!(Job::of::<Watts>().rewrite(&rewrite.item).expect("is read").is_none(), "only once");
    }

    #[test]
    fn an_item_of_a_later_schema_version_is_left_alone() {
        let mut item = old();
        item.insert("v".to_owned(), AttributeValue::N("2".to_owned()));
        assert!(Job::of::<Watts>().rewrite(&item).expect("is read").is_none());
    }

    #[test]
    fn unknown_fields_of_nested_maps_stay() {
        let number = |n: u8| AttributeValue::N(n.to_string());
        let map = |fields: &[(&str, u8)]| {
            AttributeValue::M(fields.iter().map(|(name, n)| ((*name).to_owned(), number(*n))).collect())
        };
        let list = |map: AttributeValue| AttributeValue::L(vec![map]);
        let merged = value_onto(&list(map(&[("a", 1), ("later", 2)])), list(map(&[("a", 3), ("b", 4)])));
        assert_eq!(merged, list(map(&[("a", 3), ("b", 4), ("later", 2)])));
    }
}
