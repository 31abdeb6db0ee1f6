//! Functions: what they are given, what wakes them, what they may do.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use super::{OneOrMany, Resource, Scalar, TemplateError, template::within, typed};

/// One Lambda function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its logical id: `AuthApi`.
    pub id: String,
    /// Its binary: `auth-api`.
    pub bin: String,
    /// Its memory, in MB.
    pub memory: u32,
    /// How long an invocation may take.
    pub timeout: Duration,
    /// Its environment, resolved.
    pub variables: BTreeMap<String, String>,
    /// The statements of its policies, resolved.
    pub statements: Vec<Statement>,
    /// The routes of the HTTP API that lead to it.
    pub routes: Vec<Route>,
    /// The queues that it is fed from.
    pub queues: Vec<QueueMapping>,
    /// The streams that it is fed from.
    pub streams: Vec<StreamMapping>,
    /// When it is started by the clock.
    pub schedules: Vec<Schedule>,
}

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The event's name in the template.
    pub name: String,
    /// What it matches.
    pub key: RouteKey,
}

/// What a route matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteKey {
    /// A path, which may hold `{name}` segments and end in `{name+}`.
    Path {
        /// The method, or `None` for `ANY`.
        method: Option<String>,
        /// The path, beginning with a slash.
        path: String,
    },
    /// `$default`: whatever no other route matches.
    Default,
}

impl fmt::Display for RouteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path { method, path } => write!(f, "{} {path}", method.as_deref().unwrap_or("ANY")),
            Self::Default => f.write_str("$default"),
        }
    }
}

/// A queue that feeds a function.
#[derive(Debug, Clone)]
pub struct QueueMapping {
    /// The place in the template.
    pub place: String,
    /// The queue's ARN.
    pub queue: String,
    /// How many messages a batch holds at most.
    pub batch_size: usize,
    /// Which messages the function sees: event patterns, one of which must
    /// match. None: all messages.
    pub filters: Vec<String>,
    /// Whether the function's reply names the messages that failed.
    pub reports_failures: bool,
    /// How many batches may be with the function at once.
    pub concurrency: Option<usize>,
}

/// A table's stream that feeds a function.
#[derive(Debug, Clone)]
pub struct StreamMapping {
    /// The place in the template.
    pub place: String,
    /// The stream's ARN.
    pub stream: String,
    /// Whether reading begins at the oldest record that there is.
    pub from_the_start: bool,
    /// How many records a batch holds at most.
    pub batch_size: usize,
    /// How long a batch may wait to become full.
    pub window: Duration,
    /// Which records the function sees: event patterns, one of which must
    /// match. None: all records.
    pub filters: Vec<String>,
    /// Whether a batch that failed is halved before it is tried again.
    pub bisects: bool,
    /// Whether the function's reply names the records that failed.
    pub reports_failures: bool,
    /// How often a batch is tried again; `None`: until it succeeds.
    pub retries: Option<u32>,
    /// Records older than this are skipped; `None`: none are.
    pub maximum_age: Option<Duration>,
    /// The ARN of the queue that learns of batches that were given up.
    pub on_failure: Option<String>,
}

/// A start by the clock.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The place in the template.
    pub place: String,
    /// `rate(1 minute)` or a cron expression.
    pub expression: String,
    /// What the function is given.
    pub input: Option<String>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// The actions, with `*` and `?` as they stand.
    pub actions: Vec<String>,
    /// The resources, likewise.
    pub resources: Vec<String>,
    /// Operator -> condition key -> values.
    pub conditions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever allows.
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HttpApiEvent {
    method: Option<String>,
    path: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SqsEvent {
    queue: String,
    batch_size: Option<Scalar>,
    #[serde(default)]
    filter_criteria: FilterCriteria,
    #[serde(default)]
    function_response_types: Vec<String>,
    scaling_config: Option<ScalingConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ScalingConfig {
    maximum_concurrency: Scalar,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamEvent {
    stream: String,
    starting_position: String,
    batch_size: Option<Scalar>,
    maximum_batching_window_in_seconds: Option<Scalar>,
    #[serde(default)]
    filter_criteria: FilterCriteria,
    bisect_batch_on_function_error: Option<Scalar>,
    #[serde(default)]
    function_response_types: Vec<String>,
    maximum_retry_attempts: Option<Scalar>,
    maximum_record_age_in_seconds: Option<Scalar>,
    destination_config: Option<DestinationConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DestinationConfig {
    on_failure: Destination,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    destination: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct FilterCriteria {
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    pattern: String,
}

impl FilterCriteria {
    fn patterns(self) -> Vec<String> {
        self.filters.into_iter().map(|filter| filter.pattern).collect()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ScheduleEvent {
    #[serde(alias = "ScheduleExpression")]
    schedule: String,
    input: Option<String>,
}

impl Function {
    /// Reads one function; `globals` are the properties that all share.
    pub(super) fn of(resource: Resource, globals: &Value) -> Result<Self, TemplateError> {
        let place = format!("Resources.{}.Properties", resource.id);
        let Some(bin) = resource.metadata["BuildProperties"]["Binary"].as_str() else {
            let place = format!("Resources.{}.Metadata.BuildProperties.Binary", resource.id);
            return Err(TemplateError::new(place, "names no binary"));
        };
        let mut merged = globals.clone();
        merge(&mut merged, resource.properties);
        let properties: Properties = typed(&merged, &place)?;
        let mut function = Self {
            bin: bin.to_owned(),
            memory: properties.memory_size.number(&within(&place, "MemorySize"))?,
            timeout: Duration::from_secs(properties.timeout.number(&within(&place, "Timeout"))?),
            variables: properties
                .environment
                .variables
                .iter()
                .map(|(name, value)| (name.clone(), value.text()))
                .collect(),
            statements: properties
                .policies
                .into_iter()
                .flat_map(|policy| policy.statement)
                .map(Statement::of)
                .collect(),
            routes: Vec::new(),
            queues: Vec::new(),
            streams: Vec::new(),
            schedules: Vec::new(),
            id: resource.id,
        };
        for (name, event) in properties.events {
            function.add_event(name.clone(), &event, &within(&place, &format!("Events.{name}")))?;
        }
        Ok(function)
    }

    fn add_event(&mut self, name: String, event: &Event, place: &str) -> Result<(), TemplateError> {
        let inside = within(place, "Properties");
        match event.r#type.as_str() {
            "HttpApi" => self
                .routes
                .push(Route { name, key: RouteKey::of(typed(&event.properties, &inside)?, &inside)? }),
            "SQS" => self.queues.push(QueueMapping::of(typed(&event.properties, &inside)?, &inside)?),
            "DynamoDB" => self.streams.push(StreamMapping::of(typed(&event.properties, &inside)?, &inside)?),
            "Schedule" | "ScheduleV2" => {
                let schedule: ScheduleEvent = typed(&event.properties, &inside)?;
                self.schedules.push(Schedule {
                    place: place.to_owned(),
                    expression: schedule.schedule,
                    input: schedule.input,
                });
            }
            other => {
                return Err(TemplateError::new(
                    place,
                    format!("the local platform knows no events of type {other}"),
                ));
            }
        }
        Ok(())
    }
}

impl RouteKey {
    fn of(event: HttpApiEvent, place: &str) -> Result<Self, TemplateError> {
        match (event.method, event.path) {
            (None, None) => Ok(Self::Default),
            (method, Some(path)) if path.starts_with('/') => {
                let method = method
                    .map(|method| method.to_ascii_uppercase())
                    .filter(|method| method != "ANY" && method != "*");
                Ok(Self::Path { method, path })
            }
            _ => Err(TemplateError::new(
                place,
                "a route has a Path that begins with a slash, or neither Path nor Method",
            )),
        }
    }
}

impl QueueMapping {
    fn of(event: SqsEvent, place: &str) -> Result<Self, TemplateError> {
        Ok(Self {
            place: place.to_owned(),
            queue: event.queue,
            batch_size: number(event.batch_size, 10, place, "BatchSize")?,
            filters: event.filter_criteria.patterns(),
            reports_failures: reports_failures(&event.function_response_types),
            concurrency: event
                .scaling_config
                .map(|scaling| scaling.maximum_concurrency.number(&within(place, "ScalingConfig")))
                .transpose()?,
        })
    }
}

impl StreamMapping {
    fn of(event: StreamEvent, place: &str) -> Result<Self, TemplateError> {
        // -1 stands for "no limit" in the two limits below.
        let limit = |value: Option<Scalar>, name| {
            Ok::<_, TemplateError>(u32::try_from(number::<i64>(value, -1, place, name)?).ok())
        };
        Ok(Self {
            place: place.to_owned(),
            stream: event.stream,
            from_the_start: event.starting_position == "TRIM_HORIZON",
            batch_size: number(event.batch_size, 100, place, "BatchSize")?,
            window: Duration::from_secs(number(
                event.maximum_batching_window_in_seconds,
                0,
                place,
                "MaximumBatchingWindowInSeconds",
            )?),
            filters: event.filter_criteria.patterns(),
            bisects: event.bisect_batch_on_function_error.is_some_and(|flag| flag.is_true()),
            reports_failures: reports_failures(&event.function_response_types),
            retries: limit(event.maximum_retry_attempts, "MaximumRetryAttempts")?,
            maximum_age: limit(event.maximum_record_age_in_seconds, "MaximumRecordAgeInSeconds")?
                .map(|seconds| Duration::from_secs(seconds.into())),
            on_failure: event.destination_config.map(|config| config.on_failure.destination),
        })
    }
}

fn number<T: TryFrom<i64>>(
    value: Option<Scalar>,
    default: i64,
    place: &str,
    name: &str,
) -> Result<T, TemplateError> {
    value.unwrap_or(Scalar::Number(default)).number(&within(place, name))
}

fn reports_failures(response_types: &[String]) -> bool {
    response_types.iter().any(|response| response == "ReportBatchItemFailures")
}

impl Statement {
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

/// Lays `properties` over `base`, as SAM lays a function's over the globals:
/// maps are merged, lists are joined, all else is replaced.
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
