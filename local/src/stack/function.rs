//! Functions: their configuration and permissions.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use super::{
    OneOrMany, QueueMapping, Resource, Route, Scalar, Schedule, StreamMapping, TemplateError,
    template::within, typed,
};

/// One Lambda function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Logical id: `AuthApi`.
    pub id: String,
    /// Binary: `auth-api`.
    pub bin: String,
    /// Memory, in MB.
    pub memory: u32,
    /// Time limit of an invocation.
    pub timeout: Duration,
    /// Environment, resolved.
    pub variables: BTreeMap<String, String>,
    /// Statements of its policies, resolved.
    pub statements: Vec<Statement>,
    /// Statements of its permissions boundary: an action must be allowed by both.
    pub boundary: Vec<Statement>,
    /// Routes of the HTTP API to it.
    pub routes: Vec<Route>,
    /// Queues that feed it.
    pub queues: Vec<QueueMapping>,
    /// Streams that feed it.
    pub streams: Vec<StreamMapping>,
    /// Schedules that start it.
    pub schedules: Vec<Schedule>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name.
    pub sid: Option<String>,
    /// Effect.
    pub effect: Effect,
    /// Actions, with `*` and `?` unexpanded.
    pub actions: Vec<String>,
    /// Resources, unexpanded too.
    pub resources: Vec<String>,
    /// Conditions: operator -> condition key -> values.
    pub conditions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// Effect of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Effect {
    /// Allows.
    Allow,
    /// Denies, overriding any allow.
    Deny,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    #[serde(default = "default_memory")]
    memory_size: Scalar,
    #[serde(default = "default_timeout")]
    timeout: Scalar,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    events: BTreeMap<String, Event>,
    #[serde(default)]
    policies: Vec<Policy>,
    permissions_boundary: Option<String>,
}

/// Lambda's defaults: 128 MB and 3 seconds.
fn default_memory() -> Scalar {
    Scalar::Number(128)
}

fn default_timeout() -> Scalar {
    Scalar::Number(3)
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct Environment {
    #[serde(default)]
    variables: BTreeMap<String, Scalar>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    r#type: String,
    properties: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    statement: Vec<StatementShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatementShape {
    sid: Option<String>,
    effect: Effect,
    action: OneOrMany<String>,
    resource: OneOrMany<String>,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, OneOrMany<Scalar>>>,
}

impl Function {
    /// Reads one function; `globals` are the shared properties, `bounds` the template's
    /// managed policies by name.
    pub(super) fn of(
        resource: Resource,
        globals: &Value,
        bounds: &BTreeMap<String, Vec<Statement>>,
    ) -> Result<Self, TemplateError> {
        let place = format!("Resources.{}.Properties", resource.id);
        let Some(bin) = resource.metadata["BuildProperties"]["Binary"].as_str() else {
            let place = format!("Resources.{}.Metadata.BuildProperties.Binary", resource.id);
            return Err(TemplateError::new(place, "names no binary"));
        };
        let mut merged = globals.clone();
        merge(&mut merged, resource.properties);
        let properties: Properties = typed(&merged, &place)?;
        let boundary = properties.permissions_boundary.and_then(|name| bounds.get(&name));
        let mut function = Self {
            boundary: boundary.cloned().unwrap_or_default(),
            bin: bin.to_owned(),
            memory: properties.memory_size.number(&within(&place, "MemorySize"))?,
            timeout: Duration::from_secs(properties.timeout.number(&within(&place, "Timeout"))?),
            variables: properties
                .environment
                .variables
                .iter()
                .map(|(name, value)| (name.clone(), value.text()))
                .collect(),
            statements: properties.policies.into_iter().flat_map(Policy::statements).collect(),
            routes: Vec::new(),
            queues: Vec::new(),
            streams: Vec::new(),
            schedules: Vec::new(),
            id: resource.id,
        };
        for (name, event) in properties.events {
            function.add_event(&name, &event, &within(&place, &format!("Events.{name}")))?;
        }
        Ok(function)
    }

    fn add_event(&mut self, name: &str, event: &Event, place: &str) -> Result<(), TemplateError> {
        let properties = &event.properties;
        let inside = within(place, "Properties");
        match event.r#type.as_str() {
            "HttpApi" => self.routes.push(Route::of(name, properties, &inside)?),
            "SQS" => self.queues.push(QueueMapping::of(properties, &inside)?),
            "DynamoDB" => self.streams.push(StreamMapping::of(properties, &inside)?),
            "Schedule" | "ScheduleV2" => self.schedules.push(Schedule::of(properties, &inside)?),
            other => {
                let fault = format!("the local platform knows no events of type {other}");
                return Err(TemplateError::new(place, fault));
            }
        }
        Ok(())
    }
}

impl Policy {
    fn statements(self) -> impl Iterator<Item = Statement> {
        self.statement.into_iter().map(Statement::of)
    }
}

impl Statement {
    /// Statements of a managed policy.
    pub(super) fn of_managed_policy(resource: &Resource) -> Result<Vec<Self>, TemplateError> {
        let place = within(&resource.place(), "PolicyDocument");
        let policy: Policy = typed(&resource.properties["PolicyDocument"], &place)?;
        Ok(policy.statements().collect())
    }

    fn of(shape: StatementShape) -> Self {
        let values = |values: OneOrMany<Scalar>| Vec::from(values).iter().map(Scalar::text).collect();
        let keys = |keys: BTreeMap<String, OneOrMany<Scalar>>| {
            keys.into_iter().map(|(key, list)| (key, values(list))).collect()
        };
        Self {
            sid: shape.sid,
            effect: shape.effect,
            actions: shape.action.into(),
            resources: shape.resource.into(),
            conditions: shape.condition.into_iter().map(|(operator, list)| (operator, keys(list))).collect(),
        }
    }
}

/// Merges `properties` over `base`, as SAM merges a function's over the globals: maps
/// are merged, lists are joined, all else is replaced.
fn merge(base: &mut Value, properties: Value) {
    match (base, properties) {
        (Value::Object(base), Value::Object(properties)) => {
            for (key, value) in properties {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(base), Value::Array(items)) => base.extend(items),
        (base, value) => *base = value,
    }
}
