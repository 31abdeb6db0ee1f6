//! One canonical JSON line a request or message, and the [`Scope`] that collects its
//! parts. Diagnostics go through `tracing` to [`Diagnostics`]. There are no metrics
//! of our own: AWS measures durations, errors and units; a query over the lines gives
//! the rest.
//!
//! Personal data must not get here: no field exists for an address, name, body, token
//! or client address.

use std::{
    collections::BTreeMap,
    fmt,
    future::Future,
    io::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use tokio::time::Instant;

use crate::{clock::Timestamp, units::Units};

tokio::task_local! {
    static SCOPE: Arc<Scope>;
}

/// One request or message on its way through a function: its actor, its deadline and
/// its cost so far.
#[derive(Debug)]
pub struct Scope {
    /// Our id of the request in logs, events and problems.
    pub request_id: String,
    /// The caller's `X-Request-Id`, for the log line only.
    caller_request_id: Option<String>,
    /// The caller's W3C trace context.
    pub traceparent: Option<String>,
    /// Time by which the response must be sent.
    pub deadline: Instant,
    found: Mutex<Found>,
}

/// Values that lower layers add to the line.
#[derive(Debug, Default)]
struct Found {
    actor: Option<String>,
    cause: Option<String>,
    meter: Meter,
    hashes: u32,
    foreign_rows: u32,
}

/// Consumption of the calls to the table, in all and by store operation.
#[derive(Debug, Default)]
struct Meter {
    total: Gauge,
    operations: BTreeMap<&'static str, Gauge>,
}

/// Counts calls. Overlapping calls are one round trip.
#[derive(Debug, Default)]
struct Gauge {
    uses: u32,
    in_flight: u32,
    units: Units,
}

impl Gauge {
    fn call_begins(&mut self) {
        self.units.round_trips += u32::from(self.in_flight == 0);
        self.in_flight += 1;
    }

    fn call_ends(&mut self, read: f64, write: f64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.units.read += read;
        self.units.write += write;
    }
}

impl Scope {
    /// Makes an empty scope.
    pub fn new(request_id: String, traceparent: Option<String>, deadline: Instant) -> Arc<Self> {
        Self::of_request(request_id, None, traceparent, deadline)
    }

    /// Makes an empty scope of a request with a caller's `X-Request-Id`.
    pub fn of_request(
        request_id: String,
        caller_request_id: Option<String>,
        traceparent: Option<String>,
        deadline: Instant,
    ) -> Arc<Self> {
        Arc::new(Self { request_id, caller_request_id, traceparent, deadline, found: Mutex::default() })
    }

    /// The scope of the running task.
    pub fn current() -> Option<Arc<Self>> {
        SCOPE.try_with(Arc::clone).ok()
    }

    /// Runs `work` inside this scope.
    pub async fn enter<F: Future>(self: Arc<Self>, work: F) -> F::Output {
        SCOPE.scope(self, work).await
    }

    /// Time left for a call.
    pub fn remaining(&self) -> Duration {
        // Making and sending the reply takes time after the last call.
        self.deadline.saturating_duration_since(Instant::now()).saturating_sub(Duration::from_millis(200))
    }

    /// Sets the acting user's id.
    pub fn set_actor(&self, actor: String) {
        self.found().actor = Some(actor);
    }

    /// The acting user's id, if the caller is authenticated.
    pub fn actor(&self) -> Option<String> {
        self.found().actor.clone()
    }

    /// Sets the internal cause of a problem, for the line only.
    pub fn set_cause(&self, cause: String) {
        self.found().cause = Some(cause);
    }

    /// Counts a use of a store operation, before its first call to the table.
    pub(crate) fn operation_begins(&self, operation: &'static str) {
        self.found().meter.operations.entry(operation).or_default().uses += 1;
    }

    /// Counts the begin of a call to the table.
    pub(crate) fn call_begins(&self, operation: &'static str) {
        let meter = &mut self.found().meter;
        meter.total.call_begins();
        meter.operations.entry(operation).or_default().call_begins();
    }

    /// Counts the end of a call to the table and its consumed units.
    pub(crate) fn call_ends(&self, operation: &'static str, read: f64, write: f64) {
        let meter = &mut self.found().meter;
        meter.total.call_ends(read, write);
        meter.operations.entry(operation).or_default().call_ends(read, write);
    }

    /// Counts a password hash.
    pub(crate) fn count_hash(&self) {
        self.found().hashes += 1;
    }

    /// Counts an item that an index lists but that does not belong there; it is left
    /// out.
    pub(crate) fn note_foreign_row() {
        if let Some(scope) = Self::current() {
            scope.found().foreign_rows += 1;
        }
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        // After a panic under the lock the counters are still consistent.
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A canonical line of one request or message.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Time of completion.
    pub time: Timestamp,
    /// `info`, `warn` (refused by a limit or state) or `error` (a server error).
    pub level: &'static str,
    /// The function's bin.
    pub function: &'static str,
    /// Stage.
    pub stage: String,
    /// See [`Scope::request_id`].
    pub request_id: String,
    /// The caller's `X-Request-Id`, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller_request_id: Option<String>,
    /// See [`Scope::traceparent`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Action: `POST /api/v1/auth/register`, `user.created`.
    pub action: String,
    /// Outcome: an HTTP status, `done`, `continued`, `skipped`, `failed`.
    pub outcome: String,
    /// The problem's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// Internal cause of a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The acting user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Milliseconds from begin to end.
    pub latency_ms: f64,
    /// Sequential round trips to the table.
    pub round_trips: u32,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
    /// Number of passwords hashed, the most expensive work.
    #[serde(skip_serializing_if = "is_zero")]
    pub hashes: u32,
    /// Number of rows of another entity that a list left out of an index: a function
    /// has written into another's list. The line is then at least a warning.
    #[serde(skip_serializing_if = "is_zero")]
    pub foreign_rows: u32,
    /// Consumption by store operation.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub operations: BTreeMap<&'static str, Consumption>,
}

/// Consumption of a store operation in one request or message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consumption {
    /// Number of uses.
    pub uses: u32,
    /// Consumed units.
    pub units: Units,
}

/// Serialises to `[uses, round trips, read, write]`, to keep a line within a
/// kilobyte.
impl Serialize for Consumption {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.uses, self.units.round_trips, self.units.read, self.units.write).serialize(serializer)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Outcome of a request or message, as its handler reports it.
#[derive(Debug)]
pub struct Outcome {
    /// See [`Line::level`].
    pub level: &'static str,
    /// See [`Line::action`].
    pub action: String,
    /// See [`Line::outcome`].
    pub outcome: String,
    /// See [`Line::code`].
    pub code: Option<&'static str>,
}

impl crate::Context {
    /// Writes the line of `scope`, from `began` to now.
    pub fn log_line(&self, scope: &Scope, began: Instant, outcome: Outcome) {
        let mut found = scope.found();
        let meter = std::mem::take(&mut found.meter);
        let foreign_rows = std::mem::take(&mut found.foreign_rows);
        self.log.write(&Line {
            time: self.clock.now(),
            level: if foreign_rows > 0 && outcome.level == "info" { "warn" } else { outcome.level },
            function: self.function,
            stage: self.stage.clone(),
            request_id: scope.request_id.clone(),
            caller_request_id: scope.caller_request_id.clone(),
            traceparent: scope.traceparent.clone(),
            action: outcome.action,
            outcome: outcome.outcome,
            code: outcome.code,
            cause: found.cause.take(),
            actor: found.actor.clone(),
            latency_ms: (began.elapsed().as_secs_f64() * 1e5).round() / 1e2,
            round_trips: meter.total.units.round_trips,
            read_units: meter.total.units.read,
            write_units: meter.total.units.write,
            hashes: std::mem::take(&mut found.hashes),
            foreign_rows,
            operations: meter
                .operations
                .into_iter()
                .map(|(name, Gauge { uses, units, .. })| (name, Consumption { uses, units }))
                .collect(),
        });
    }
}

/// Destination of canonical lines.
#[derive(Clone)]
pub struct Log(Arc<dyn Fn(&Line) + Send + Sync>);

impl Log {
    /// Writes JSON on standard output, which `CloudWatch` stores.
    pub fn cloudwatch() -> Self {
        Self::from_fn(|line| {
            if let Ok(json) = line.to_json() {
                write_line(&json);
            }
        })
    }

    /// Makes a log that calls `write` with each line.
    pub fn from_fn(write: impl Fn(&Line) + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    fn write(&self, line: &Line) {
        (self.0)(line);
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

fn write_line(text: &str) {
    // One write a line, so that lines of concurrent messages do not mix. An error of
    // standard output has no place to be reported.
    let _ = std::io::stdout().lock().write_all(format!("{text}\n").as_bytes());
}

impl Line {
    /// The line as JSON, as `CloudWatch` stores it.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

/// The `tracing` subscriber of a deployed function: writes every diagnostic (a
/// warning of the SDK, an error of the runtime) as a JSON line. Spans are ignored:
/// the canonical line has their content.
#[derive(Debug)]
pub struct Diagnostics {
    level: tracing::Level,
}

impl Diagnostics {
    /// Installs the subscriber for diagnostics of `level` and above.
    pub fn install(level: tracing::Level) {
        // Fails only if a subscriber is installed already, which then stays.
        let _ = tracing::subscriber::set_global_default(Self { level });
    }
}

impl tracing::Subscriber for Diagnostics {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        // Below a warning, only our own diagnostics are written.
        let ours = metadata.target().starts_with("shared") || metadata.level() <= &tracing::Level::WARN;
        metadata.is_event() && metadata.level() <= &self.level && ours
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields(serde_json::Map::new());
        let metadata = event.metadata();
        fields.0.insert("level".to_owned(), metadata.level().as_str().to_ascii_lowercase().into());
        fields.0.insert("target".to_owned(), metadata.target().into());
        event.record(&mut fields);
        write_line(&serde_json::Value::Object(fields.0).to_string());
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

struct Fields(serde_json::Map<String, serde_json::Value>);

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_under_a_kilobyte() {
        let units = Consumption { uses: 1, units: Units { round_trips: 1, read: 0.0, write: 6.0 } };
        let line = Line {
            time: Timestamp::from_millis(1_700_000_000_000),
            level: "error",
            function: "notifications",
            stage: "prod".to_owned(),
            request_id: "req_01h455vb4pex5vsknk084sn02q".to_owned(),
            caller_request_id: Some("c".repeat(64)),
            traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
            action: "POST /api/v1/auth/email-verification-confirm".to_owned(),
            outcome: "503".to_owned(),
            code: Some("unavailable"),
            cause: Some("unavailable: ProvisionedThroughputExceededException".to_owned()),
            actor: Some("user_01h455vb4pex5vsknk084sn02q".to_owned()),
            latency_ms: 1234.56,
            round_trips: 3,
            read_units: 1.5,
            write_units: 6.0,
            hashes: 2,
            foreign_rows: 0,
            operations: BTreeMap::from([
                ("notifications.claim_mail", units),
                ("notifications.get_user", units),
            ]),
        };
        let json = line.to_json().expect("is JSON");
        assert!(json.len() < 1_024, "{} bytes", json.len());
        let value: serde_json::Value = serde_json::from_str(&json).expect("is JSON");
        assert_eq!(value["operations"]["notifications.get_user"], serde_json::json!([1, 1, 0.0, 6.0]));
    }
}
