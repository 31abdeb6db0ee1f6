//! Triggers of a function: routes, queues, streams and schedules.

use std::{fmt, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use super::{Scalar, TemplateError, template::within, typed};

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Name of the event in the template.
    pub name: String,
    /// Match of the route.
    pub key: RouteKey,
}

/// Match of a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteKey {
    /// A path, which may hold `{name}` segments and end in `{name+}`.
    Path {
        /// Method, or `None` for `ANY`.
        method: Option<String>,
        /// Path, beginning with a slash.
        path: String,
    },
    /// `$default`: requests that no other route matches.
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
    /// Path in the template.
    pub place: String,
    /// ARN of the queue.
    pub queue: String,
    /// Maximum number of messages in a batch.
    pub batch_size: usize,
    /// Event patterns of the messages that the function sees: one must match. None: all
    /// messages.
    pub filters: Vec<String>,
    /// True if the function's reply names the failed messages.
    pub reports_failures: bool,
    /// Maximum number of concurrent batches.
    pub concurrency: Option<usize>,
}

/// A table's stream that feeds a function.
#[derive(Debug, Clone)]
pub struct StreamMapping {
    /// Path in the template.
    pub place: String,
    /// ARN of the stream.
    pub stream: String,
    /// True if reading begins at the oldest record.
    pub from_the_start: bool,
    /// Maximum number of records in a batch.
    pub batch_size: usize,
    /// Maximum wait for a full batch.
    pub window: Duration,
    /// Event patterns of the records that the function sees: one must match. None: all
    /// records.
    pub filters: Vec<String>,
    /// True if a failed batch is halved before its retry.
    pub bisects: bool,
    /// True if the function's reply names the failed records.
    pub reports_failures: bool,
    /// Maximum retries of a batch; `None`: unlimited.
    pub retries: Option<u32>,
    /// Maximum age of a record; older ones are skipped. `None`: unlimited.
    pub maximum_age: Option<Duration>,
    /// ARN of the queue that is told of discarded batches.
    pub on_failure: Option<String>,
}

/// A schedule of a function.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Path in the template.
    pub place: String,
    /// `rate(1 minute)` or a cron expression.
    pub expression: String,
    /// Input of the function.
    pub input: Option<String>,
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

impl Route {
    pub(super) fn of(name: &str, properties: &Value, place: &str) -> Result<Self, TemplateError> {
        Ok(Self { name: name.to_owned(), key: RouteKey::of(typed(properties, place)?, place)? })
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
    pub(super) fn of(properties: &Value, place: &str) -> Result<Self, TemplateError> {
        let event: SqsEvent = typed(properties, place)?;
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
    pub(super) fn of(properties: &Value, place: &str) -> Result<Self, TemplateError> {
        let event: StreamEvent = typed(properties, place)?;
        // -1 means "no limit" in the two limits below.
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

impl Schedule {
    pub(super) fn of(properties: &Value, place: &str) -> Result<Self, TemplateError> {
        let event: ScheduleEvent = typed(properties, place)?;
        Ok(Self { place: place.to_owned(), expression: event.schedule, input: event.input })
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
