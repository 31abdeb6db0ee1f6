//! The table, the buses with their rules, and the queues.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use super::{
    Resource, Scalar, TemplateError,
    identifiers::{queue_arn, stream_arn},
    typed,
};

/// The table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Logical id.
    pub id: String,
    /// Name on the local platform.
    pub name: String,
    /// Types of the key attributes.
    pub attributes: Vec<Attribute>,
    /// Primary key.
    pub key: Vec<Key>,
    /// Global secondary indexes.
    pub indexes: Vec<Index>,
    /// Attribute with the expiry of an item.
    pub expires_at: Option<String>,
    /// View type of its stream; `None` without a stream.
    pub stream_view: Option<String>,
    /// ARN of its stream.
    pub stream_arn: String,
}

/// The type of a key attribute.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Attribute {
    /// Name.
    pub attribute_name: String,
    /// `S`, `N` or `B`.
    pub attribute_type: String,
}

/// One attribute of a key.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Key {
    /// Name.
    pub attribute_name: String,
    /// `HASH` or `RANGE`.
    pub key_type: String,
}

/// One global secondary index.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Index {
    /// Name.
    pub index_name: String,
    /// Key.
    pub key_schema: Vec<Key>,
    /// Projection, in DynamoDB's form.
    pub projection: Value,
}

/// An event bus.
#[derive(Debug, Clone)]
pub struct Bus {
    /// Logical id.
    pub id: String,
    /// Name on the local platform.
    pub name: String,
}

/// A rule of a bus.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Logical id.
    pub id: String,
    /// Name of its bus.
    pub bus: String,
    /// Pattern of its events.
    pub pattern: Value,
    /// Targets.
    pub targets: Vec<Target>,
}

/// Target of a rule.
#[derive(Debug, Clone)]
pub struct Target {
    /// Id within the rule.
    pub id: String,
    /// ARN of the queue.
    pub arn: String,
    /// ARN of the queue for events that could not be delivered.
    pub dead_letters: Option<String>,
}

/// A queue.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Logical id.
    pub id: String,
    /// Name on the local platform.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// Visibility timeout of a received message.
    pub visibility: Duration,
    /// Redrive policy; `None` keeps messages in the queue.
    pub redrive: Option<Redrive>,
}

/// Redrive policy of a queue.
#[derive(Debug, Clone)]
pub struct Redrive {
    /// ARN of the dead-letter queue.
    pub dead_letters: String,
    /// Maximum number of receives.
    pub maximum_receives: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TableProperties {
    attribute_definitions: Vec<Attribute>,
    key_schema: Vec<Key>,
    #[serde(default)]
    global_secondary_indexes: Vec<Index>,
    time_to_live_specification: Option<TimeToLive>,
    stream_specification: Option<StreamSpecification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    attribute_name: String,
    enabled: Scalar,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSpecification {
    stream_view_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RuleProperties {
    event_bus_name: String,
    event_pattern: Value,
    targets: Vec<TargetShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TargetShape {
    id: String,
    arn: String,
    dead_letter_config: Option<DeadLetterConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeadLetterConfig {
    arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueueProperties {
    visibility_timeout: Option<Scalar>,
    redrive_policy: Option<RedrivePolicy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedrivePolicy {
    dead_letter_target_arn: String,
    max_receive_count: Scalar,
}

impl Table {
    pub(super) fn of(resource: &Resource) -> Result<Self, TemplateError> {
        let properties: TableProperties = typed(&resource.properties, &resource.place())?;
        let expires_at = properties.time_to_live_specification.filter(|ttl| ttl.enabled.is_true());
        Ok(Self {
            id: resource.id.clone(),
            name: resource.name.clone(),
            attributes: properties.attribute_definitions,
            key: properties.key_schema,
            indexes: properties.global_secondary_indexes,
            expires_at: expires_at.map(|ttl| ttl.attribute_name),
            stream_view: properties.stream_specification.map(|stream| stream.stream_view_type),
            stream_arn: stream_arn(&resource.name),
        })
    }
}

impl Bus {
    pub(super) fn of(resource: &Resource) -> Self {
        Self { id: resource.id.clone(), name: resource.name.clone() }
    }
}

impl Rule {
    pub(super) fn of(resource: &Resource) -> Result<Self, TemplateError> {
        let properties: RuleProperties = typed(&resource.properties, &resource.place())?;
        Ok(Self {
            id: resource.id.clone(),
            bus: properties.event_bus_name,
            pattern: properties.event_pattern,
            targets: properties
                .targets
                .into_iter()
                .map(|target| Target {
                    id: target.id,
                    arn: target.arn,
                    dead_letters: target.dead_letter_config.map(|config| config.arn),
                })
                .collect(),
        })
    }
}

impl Queue {
    pub(super) fn of(resource: &Resource) -> Result<Self, TemplateError> {
        let place = resource.place();
        let properties: QueueProperties = typed(&resource.properties, &place)?;
        let redrive = match properties.redrive_policy {
            None => None,
            Some(policy) => Some(Redrive {
                dead_letters: policy.dead_letter_target_arn,
                maximum_receives: policy
                    .max_receive_count
                    .number(&format!("{place}.RedrivePolicy.maxReceiveCount"))?,
            }),
        };
        // Thirty seconds is SQS' default.
        let visibility = properties.visibility_timeout.unwrap_or(Scalar::Number(30));
        Ok(Self {
            id: resource.id.clone(),
            name: resource.name.clone(),
            arn: queue_arn(&resource.name),
            visibility: Duration::from_secs(visibility.number(&format!("{place}.VisibilityTimeout"))?),
            redrive,
        })
    }

    /// Attributes of the queue's creation.
    pub(crate) fn attributes(&self) -> BTreeMap<&'static str, String> {
        let mut attributes = BTreeMap::from([("VisibilityTimeout", self.visibility.as_secs().to_string())]);
        if let Some(Redrive { dead_letters, maximum_receives }) = &self.redrive {
            let policy = serde_json::json!({
                "deadLetterTargetArn": dead_letters,
                "maxReceiveCount": maximum_receives,
            });
            attributes.insert("RedrivePolicy", policy.to_string());
        }
        attributes
    }
}
