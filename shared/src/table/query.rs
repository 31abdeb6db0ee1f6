//! Queries: a range of one partition of the table, or of one or several partitions of
//! an index, in the order of the sort key.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use futures::future::try_join_all;
use serde::de::DeserializeOwned;

use super::{
    Access, Kind,
    item::{Attributes, Entity, Stored, Tombstone, decode},
    schema::{self, Index, IndexKey, Key},
};
use crate::{
    Failure,
    id::{Id, Identified},
    telemetry::Scope,
};

/// Greater than every sort key: no text holds this character.
const HIGHEST: char = char::MAX;

/// DynamoDB's maximum for a sort key, in bytes: it refuses a longer bound, and no key
/// lies between a longer bound and its first 1,024 bytes.
const LONGEST: usize = 1024;

fn bound(text: impl Into<String>) -> String {
    let mut text = text.into();
    text.truncate(text.floor_char_boundary(LONGEST));
    text
}

/// A range of sort keys, both bounds inclusive, of one partition or of several
/// partitions of one index.
#[derive(Debug, Clone)]
pub struct Query {
    index: Option<Index>,
    /// See [`IndexKey::of`]; if empty, items of any type.
    of: &'static [&'static str],
    pks: Vec<String>,
    from: String,
    to: String,
    after: Option<String>,
    descending: bool,
    limit: usize,
    strong: bool,
}

impl Query {
    /// Selects the whole partition of `key` in the table.
    pub fn table(key: Key) -> Self {
        Self::new(None, vec![key.pk])
    }

    /// Selects the whole partition of `key` in its index.
    pub fn index(key: IndexKey) -> Self {
        Self { of: key.of, ..Self::new(Some(key.index), vec![key.key.pk]) }
    }

    /// Selects the whole partitions of `keys`, all of one index and sorted by the
    /// same text, as one list.
    pub fn merged(keys: impl IntoIterator<Item = IndexKey>) -> Self {
        let (mut index, mut of, mut pks) = (None, &[][..], Vec::new());
        for key in keys {
            index = Some(key.index);
            of = key.of;
            pks.push(key.key.pk);
        }
        Self { of, ..Self::new(index, pks) }
    }

    fn new(index: Option<Index>, pks: Vec<String>) -> Self {
        Self {
            index,
            of: &[],
            pks,
            // DynamoDB refuses an empty text in a key condition.
            from: " ".to_owned(),
            to: HIGHEST.into(),
            after: None,
            descending: false,
            limit: usize::MAX,
            strong: index.is_none(),
        }
    }

    /// Reads with eventual consistency, for half the price.
    #[must_use]
    pub fn eventually(mut self) -> Self {
        self.strong = false;
        self
    }

    /// Number of partitions: an operation counts each as one use.
    pub fn partitions(&self) -> usize {
        self.pks.len()
    }

    /// Continues a list: the entry that follows the sort key `after`, in the order of
    /// the list, is the first.
    #[must_use]
    pub fn after(mut self, after: Option<impl Into<String>>) -> Self {
        self.after = after.map(Into::into);
        self
    }

    /// Excludes sort keys less than `sort`.
    #[must_use]
    pub fn from(mut self, sort: impl Into<String>) -> Self {
        self.from = self.from.max(bound(sort));
        self
    }

    /// Excludes sort keys greater than `sort`.
    #[must_use]
    pub fn to(mut self, sort: impl Into<String>) -> Self {
        self.to = self.to.min(bound(sort));
        self
    }

    /// Selects sort keys with the prefix.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        self.from(prefix).to(format!("{prefix}{HIGHEST}"))
    }

    /// True if an item belongs to the list: items of other entities may have its key.
    fn owns(&self, item: &Attributes) -> bool {
        let is_own = |pk: &String| self.of.iter().any(|prefix| pk.starts_with(prefix));
        self.of.is_empty() || matches!(item.get("pk"), Some(AttributeValue::S(pk)) if is_own(pk))
    }

    /// Sorts from the greatest sort key to the least.
    #[must_use]
    pub fn descending(mut self, descending: bool) -> Self {
        self.descending = descending;
        self
    }

    /// Limits the number of items.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

/// An item as an index shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<C> {
    /// The partition key of the item itself.
    pub pk: String,
    /// The sort key in the index.
    pub sort: String,
    /// Attributes that the index projects.
    pub card: C,
}

impl<C> Listed<C> {
    /// The id in the item's partition key.
    pub fn id<K: Identified>(&self) -> Result<Id<K>, Failure> {
        let id = schema::id_of(&self.pk);
        id.ok_or_else(|| Failure::internal(format!("an index lists an item without an id of {}", K::NAME)))
    }
}

impl Access<'_> {
    /// Lists the items of a partition of the table, strongly consistent: 1 round trip
    /// a megabyte, 1 RRU each 4 KB.
    pub async fn list<T: Entity>(&self, query: Query) -> Result<Vec<Stored<T>>, Failure> {
        self.query(query).await?.into_iter().map(decode).collect()
    }

    /// Lists the keys of a partition's items of any type: 1 round trip a megabyte, 1
    /// RRU each 4 KB.
    pub async fn list_keys(&self, query: Query) -> Result<Vec<Key>, Failure> {
        self.query(query).await?.into_iter().map(key_of).collect()
    }

    /// Lists the cards of partitions of an index, which is eventually consistent: 1
    /// round trip a megabyte, 0.5 RRU each 4 KB of each partition. Several partitions
    /// are read at once; an item that changes its partition between these reads is
    /// listed once.
    pub async fn list_cards<C: DeserializeOwned>(&self, query: Query) -> Result<Vec<Listed<C>>, Failure> {
        let sort = query.index.map_or("sk", Index::sort_key);
        let (several, descending, limit) = (query.partitions() > 1, query.descending, query.limit);
        let items = self.query(query).await?.into_iter();
        let mut cards: Vec<Listed<C>> = items.map(|item| listed(item, sort)).collect::<Result<_, _>>()?;
        if several {
            cards.sort_by(|one, other| (&one.sort, &one.pk).cmp(&(&other.sort, &other.pk)));
            cards.dedup_by(|one, other| (&one.sort, &one.pk) == (&other.sort, &other.pk));
            if descending {
                cards.reverse();
            }
            cards.truncate(limit);
        }
        Ok(cards)
    }

    async fn query(&self, mut query: Query) -> Result<Vec<Attributes>, Failure> {
        // Bounds are inclusive: one more item is read, and the entry at `after` is
        // dropped.
        if let Some(after) = query.after.clone() {
            query.limit = query.limit.saturating_add(1);
            query = if query.descending { query.to(after) } else { query.from(after) };
        }
        if query.from > query.to {
            return Ok(Vec::new());
        }
        let read = query.pks.iter().map(|pk| self.partition(&query, pk));
        Ok(try_join_all(read).await?.into_iter().flatten().collect())
    }

    async fn partition(&self, query: &Query, pk: &str) -> Result<Vec<Attributes>, Failure> {
        let (pk_name, sk) =
            query.index.map_or(("pk", "sk"), |index| (index.partition_key(), index.sort_key()));
        let mut found = Vec::new();
        let request = self
            .table
            .client
            .query()
            .table_name(&self.table.name)
            .set_index_name(query.index.map(|index| index.name().to_owned()))
            .consistent_read(query.strong)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", pk_name)
            .expression_attribute_names("#sk", sk)
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .expression_attribute_values(":from", AttributeValue::S(query.from.clone()))
            .expression_attribute_values(":to", AttributeValue::S(query.to.clone()))
            .scan_index_forward(!query.descending)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let mut start = None;
        loop {
            let left = query.limit.saturating_sub(found.len());
            let request = request
                .clone()
                .set_limit((query.limit < usize::MAX).then(|| i32::try_from(left).unwrap_or(i32::MAX)))
                .set_exclusive_start_key(start.take());
            let output = self
                .call(
                    Kind::Read,
                    || request.clone().send(),
                    |output| super::units(output.consumed_capacity()),
                )
                .await?;
            let items = output.items.unwrap_or_default().into_iter();
            found.extend(items.filter(|item| {
                let is_own = query.owns(item);
                if !is_own {
                    Scope::note_foreign_row();
                }
                is_own && !Tombstone::is(item)
            }));
            start = output.last_evaluated_key;
            if start.is_none() || found.len() >= query.limit {
                if let Some(after) = &query.after {
                    found.retain(
                        |item| !matches!(item.get(sk), Some(AttributeValue::S(sort)) if sort == after),
                    );
                    found.truncate(query.limit - 1);
                }
                return Ok(found);
            }
        }
    }
}

fn key_of(mut item: Attributes) -> Result<Key, Failure> {
    let mut text = |name: &str| match item.remove(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(Failure::internal("an item has no key")),
    };
    Ok(Key { pk: text("pk")?, sk: text("sk")? })
}

fn listed<C: DeserializeOwned>(mut item: Attributes, sort: &str) -> Result<Listed<C>, Failure> {
    let unreadable = || Failure::internal("an item of an index does not fit its card");
    let mut text = |name: &str| match item.remove(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(unreadable()),
    };
    let (pk, sort) = (text("pk")?, text(sort)?);
    let card = item.remove("card").ok_or_else(unreadable)?;
    let card = serde_dynamo::from_attribute_value(card).map_err(|_| unreadable())?;
    Ok(Listed { pk, sort, card })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things() -> Key {
        Key { pk: "THINGS".to_owned(), sk: String::new() }
    }

    #[test]
    fn no_bound_is_longer_than_a_key_can_be() {
        let query = Query::table(things()).prefix(&"é".repeat(600)).to("\u{10ffff}".repeat(300));
        assert!(query.from.len() == LONGEST && query.to.len() == LONGEST);
        let odd = Query::table(things()).from(format!("a{}", "é".repeat(600)));
        assert_eq!(odd.from.len(), LONGEST - 1);
    }
}
