//! Conditions and updates in DynamoDB's expression language.
//!
//! An attribute is always written `#name`, because DynamoDB reserves hundreds of
//! words. A value is written `:name` and set by [`Expression::text`] or
//! [`Expression::number`].

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Display,
};

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    item::Attributes,
    schema::{Index, IndexKey},
};
use crate::bus::DomainEvent;

/// An expression with its values.
#[derive(Debug, Clone, Default)]
pub struct Expression {
    text: String,
    values: Attributes,
}

impl Expression {
    /// Makes an expression without values.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Attributes::new() }
    }

    /// Sets `name` (`:me`) to a text.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Display) -> Self {
        self.values.insert(name.to_owned(), AttributeValue::S(value.to_string()));
        self
    }

    /// Appends to the text of the expression.
    #[must_use]
    pub fn and(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Sets `name` (`:done`) to a boolean.
    #[must_use]
    pub fn boolean(mut self, name: &str, value: bool) -> Self {
        self.values.insert(name.to_owned(), AttributeValue::Bool(value));
        self
    }

    /// Sets `name` (`:count`) to a number.
    #[must_use]
    pub fn number(mut self, name: &str, value: impl Display) -> Self {
        self.values.insert(name.to_owned(), AttributeValue::N(value.to_string()));
        self
    }
}

/// Condition of a write.
#[derive(Debug, Clone)]
pub enum Condition {
    /// No item.
    New,
    /// Any item or none: for an item that another one of the same transaction guards.
    /// It begins at version 1.
    Any,
    /// No item; the version continues from that of the item which this one replaces,
    /// so that its events have ids of their own.
    NewAfter(u64),
    /// An item of this version.
    Version(u64),
    /// An item that meets the expression.
    When(Expression),
}

impl Condition {
    /// The version of an item that is written under the condition.
    pub(super) fn next_version(&self) -> u64 {
        match self {
            Self::New | Self::Any | Self::When(_) => 1,
            Self::NewAfter(version) | Self::Version(version) => version + 1,
        }
    }

    pub(super) fn into_expression(self) -> Option<Expression> {
        match self {
            Self::New | Self::NewAfter(_) => Some(Expression::new("attribute_not_exists(#pk)")),
            Self::Any => None,
            Self::Version(version) => {
                Some(Expression::new("#version = :version").number(":version", version))
            }
            Self::When(expression) => Some(expression),
        }
    }
}

/// A change of some attributes of an item. It increments the item's version and
/// removes the events of the previous write.
#[derive(Debug, Clone)]
pub struct Update {
    set: Expression,
    remove: Vec<String>,
    condition: Option<Expression>,
    pub(super) events: Vec<DomainEvent>,
}

impl Update {
    /// Sets attributes: `#counter = #counter + :one, #used_at = :now`.
    pub fn set(set: Expression) -> Self {
        Self { set, remove: Vec::new(), condition: None, events: Vec::new() }
    }

    /// Removes an attribute (`#name`).
    #[must_use]
    pub fn remove(mut self, attribute: &str) -> Self {
        self.remove.push(attribute.to_owned());
        self
    }

    /// Adds the item to the list of an index.
    #[must_use]
    pub fn list(mut self, key: IndexKey) -> Self {
        let IndexKey { index, key, .. } = key;
        let row = format!(", #{} = :listed_pk, #{} = :listed_sk", index.partition_key(), index.sort_key());
        self.set = self.set.and(&row).text(":listed_pk", key.pk).text(":listed_sk", key.sk);
        self
    }

    /// Removes the item from the list of an index.
    #[must_use]
    pub fn unlist(self, index: Index) -> Self {
        self.remove(&format!("#{}", index.partition_key())).remove(&format!("#{}", index.sort_key()))
    }

    /// Sets the condition of the update.
    #[must_use]
    pub fn when(mut self, condition: Expression) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Adds events. An update does not know the item's version, so each event must be
    /// the first one of the entity that it is about.
    #[must_use]
    pub fn announce(mut self, events: Vec<DomainEvent>) -> Self {
        self.events = events;
        self
    }

    /// The parts of the request, in the shape of the SDK's setters. `item` has the
    /// attributes that every write sets.
    pub(super) fn into_parts(self, item: Attributes) -> UpdateParts {
        let mut expression = self.set;
        let mut removed = self.remove;
        if !item.contains_key(super::item::EVENTS) {
            removed.push("#events".to_owned());
        }
        for (name, value) in item {
            expression.text = format!("{}, #{name} = :item_{name}", expression.text);
            expression.values.insert(format!(":item_{name}"), value);
        }
        let version = "#version = if_not_exists(#version, :zero) + :next";
        expression.text = format!("SET {}, {version}", expression.text);
        expression = expression.number(":zero", 0).number(":next", 1);
        if !removed.is_empty() {
            expression.text = format!("{} REMOVE {}", expression.text, removed.join(", "));
        }
        let condition = self.condition.map(|condition| {
            expression.values.extend(condition.values);
            condition.text
        });
        let texts = [expression.text.as_str(), condition.as_deref().unwrap_or_default()];
        UpdateParts {
            names: names(&texts),
            update: expression.text.clone(),
            condition,
            values: Some(expression.values),
        }
    }
}

/// See [`Update::into_parts`].
pub(super) struct UpdateParts {
    pub(super) update: String,
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Attributes>,
}

/// A condition in the shape of the SDK's setters.
#[derive(Default)]
pub(super) struct ConditionParts {
    pub(super) expression: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Attributes>,
}

impl From<Condition> for ConditionParts {
    fn from(condition: Condition) -> Self {
        let Some(Expression { text, values }) = condition.into_expression() else { return Self::default() };
        Self {
            names: names(&[&text]),
            // DynamoDB rejects an empty map.
            values: (!values.is_empty()).then_some(values),
            expression: Some(text),
        }
    }
}

/// Maps every `#name` in `texts` to its attribute.
fn names(texts: &[&str]) -> Option<HashMap<String, String>> {
    let found: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| text.split('#').skip(1))
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            &rest[..end]
        })
        .collect();
    (!found.is_empty()).then(|| found.into_iter().map(|name| (format!("#{name}"), name.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_those_of_the_texts() {
        let update = Update::set(Expression::new("#counter = #counter + :one").number(":one", 1))
            .remove("#grace")
            .when(Expression::new("#counter = :seen").number(":seen", 7));
        let parts = update.into_parts(Attributes::new());
        assert_eq!(
            parts.update,
            "SET #counter = #counter + :one, #version = if_not_exists(#version, :zero) + :next \
             REMOVE #grace, #events"
        );
        let names = parts.names.expect("names");
        assert_eq!(names.len(), 4, "{names:?}");
        assert_eq!(names["#counter"], "counter");
        assert_eq!(parts.values.expect("values").len(), 4);
    }
}
