//! Lists: a part of one partition, of the table or of an index, in the order of
//! its sort key.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use serde::de::DeserializeOwned;

use super::{
    Access, Kind,
    item::{Attributes, Entity, Stored, Tombstone, decode},
    schema::Index,
};
use crate::Failure;

/// Greater than every sort key: no text holds this character.
const HIGHEST: char = char::MAX;

/// The longest sort key that DynamoDB stores, in bytes: it refuses a bound that
/// is longer, and no key lies between one and its beginning.
const LONGEST: usize = 1024;

fn bound(text: impl Into<String>) -> String {
    let mut text = text.into();
    text.truncate(text.floor_char_boundary(LONGEST));
    text
}

/// Which items of a partition, and in which order. Both bounds belong to it.
#[derive(Debug, Clone)]
pub struct Query {
    index: Option<Index>,
    pk: String,
    from: String,
    to: String,
    descending: bool,
    limit: usize,
}

impl Query {
    /// The whole partition `pk` of the table.
    pub fn table(pk: String) -> Self {
        Self::new(None, pk)
    }

    /// The whole partition `pk` of an index.
    pub fn index(index: Index, pk: String) -> Self {
        Self::new(Some(index), pk)
    }

    fn new(index: Option<Index>, pk: String) -> Self {
        // A key condition takes no empty text.
        Self { index, pk, from: " ".to_owned(), to: HIGHEST.into(), descending: false, limit: usize::MAX }
    }

    /// Nothing before `sort`.
    #[must_use]
    pub fn from(mut self, sort: impl Into<String>) -> Self {
        self.from = self.from.max(bound(sort));
        self
    }

    /// Nothing behind `sort`.
    #[must_use]
    pub fn to(mut self, sort: impl Into<String>) -> Self {
        self.to = self.to.min(bound(sort));
        self
    }

    /// Only sort keys that begin with `prefix`.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        self.from(prefix).to(format!("{prefix}{HIGHEST}"))
    }

    /// From the greatest sort key to the least.
    #[must_use]
    pub fn descending(mut self, descending: bool) -> Self {
        self.descending = descending;
        self
    }

    /// At most so many items.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

/// An item as an index shows it.
#[derive(Debug, Clone)]
pub struct Listed<C> {
    /// The partition key of the item itself.
    pub pk: String,
    /// The sort key in the index.
    pub sort: String,
    /// What the index projects.
    pub card: C,
}

impl Access<'_> {
    /// The items of a partition of the table, strongly consistent: 1 round trip
    /// a megabyte, 1 RRU each 4 KB.
    pub async fn list<T: Entity>(&self, query: Query) -> Result<Vec<Stored<T>>, Failure> {
        self.query(query).await?.into_iter().map(decode).collect()
    }

    /// The cards of a partition of an index, which may lag behind: 1 round trip
    /// a megabyte, 0.5 RRU each 4 KB.
    pub async fn list_cards<C: DeserializeOwned>(&self, query: Query) -> Result<Vec<Listed<C>>, Failure> {
        let sort = query.index.map_or("sk", Index::sort_key);
        let items = self.query(query).await?;
        items.into_iter().map(|item| listed(item, sort)).collect()
    }

    async fn query(&self, query: Query) -> Result<Vec<Attributes>, Failure> {
        let (pk, sk) = query.index.map_or(("pk", "sk"), |index| (index.partition_key(), index.sort_key()));
        let mut found = Vec::new();
        if query.from > query.to {
            return Ok(found);
        }
        let request = self
            .table
            .client
            .query()
            .table_name(&self.table.name)
            .set_index_name(query.index.map(|index| index.name().to_owned()))
            .consistent_read(query.index.is_none())
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", pk)
            .expression_attribute_names("#sk", sk)
            .expression_attribute_values(":pk", AttributeValue::S(query.pk))
            .expression_attribute_values(":from", AttributeValue::S(query.from))
            .expression_attribute_values(":to", AttributeValue::S(query.to))
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
            found.extend(items.filter(|item| !Tombstone::is(item)));
            start = output.last_evaluated_key;
            if start.is_none() || found.len() >= query.limit {
                return Ok(found);
            }
        }
    }
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

    #[test]
    fn no_bound_is_longer_than_a_key_can_be() {
        let query = Query::table("THINGS".to_owned()).prefix(&"é".repeat(600)).to("\u{10ffff}".repeat(300));
        assert!(query.from.len() == LONGEST && query.to.len() == LONGEST);
        let odd = Query::table("THINGS".to_owned()).from(format!("a{}", "é".repeat(600)));
        assert_eq!(odd.from.len(), LONGEST - 1);
    }
}
