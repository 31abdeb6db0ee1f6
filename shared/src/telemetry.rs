//! One canonical JSON line a request or message, and the [`Scope`] in which its
//! parts come together. Diagnostics beside it go through `tracing` to
//! [`Diagnostics`]. There are no metrics of our own: AWS measures durations,
//! errors and units, and a query over the lines the rest.
//!
//! Personal data never gets here: no address, name, body, token or client
//! address has a field to stand in.

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

/// One request or message on its way through a function: who asked, until when,
/// and what it has cost so far.
#[derive(Debug)]
pub struct Scope {
    /// The name under which logs, events and problems know this request: ours.
    pub request_id: String,
    /// The name that the caller gave it in `X-Request-Id`: for the line alone.
    caller_request_id: Option<String>,
    /// The W3C trace context that the caller sent.
    pub traceparent: Option<String>,
    /// When the answer must be out.
    pub deadline: Instant,
    found: Mutex<Found>,
}

/// Findings of the layers below, for the line.
#[derive(Debug, Default)]
struct Found {
    actor: Option<String>,
    cause: Option<String>,
    meter: Meter,
    hashes: u32,
    foreign_rows: u32,
}

/// Units consumed by the calls to the table, in total and by store operation.
#[derive(Debug, Default)]
struct Meter {
    total: Gauge,
    operations: BTreeMap<&'static str, Gauge>,
}

/// Counts the calls of one account. Calls that overlap are one round trip.
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
    /// A scope in which nothing has happened yet.
    pub fn new(request_id: String, traceparent: Option<String>, deadline: Instant) -> Arc<Self> {
        Self::of_request(request_id, None, traceparent, deadline)
    }

    /// The same of a request to which its caller has given a name.
    pub fn of_request(
        request_id: String,
        caller_request_id: Option<String>,
        traceparent: Option<String>,
        deadline: Instant,
    ) -> Arc<Self> {
        Arc::new(Self { request_id, caller_request_id, traceparent, deadline, found: Mutex::default() })
    }

    /// The scope that the running task is in.
    pub fn current() -> Option<Arc<Self>> {
        SCOPE.try_with(Arc::clone).ok()
    }

    /// Runs `work` inside this scope.
    pub async fn enter<F: Future>(self: Arc<Self>, work: F) -> F::Output {
        SCOPE.scope(self, work).await
    }

    /// Time left for a call.
    pub fn remaining(&self) -> Duration {
        // A reply has to be made and sent after the last call.
        self.deadline.saturating_duration_since(Instant::now()).saturating_sub(Duration::from_millis(200))
    }

    /// Names who acts: a user's id.
    pub fn set_actor(&self, actor: String) {
        self.found().actor = Some(actor);
    }

    /// Recognised actor, if there is one.
    pub fn actor(&self) -> Option<String> {
        self.found().actor.clone()
    }

    /// Keeps what went wrong inside, for the line alone.
    pub fn set_cause(&self, cause: String) {
        self.found().cause = Some(cause);
    }

    /// A store operation is about to call the table, once or more often.
    pub(crate) fn operation_begins(&self, operation: &'static str) {
        self.found().meter.operations.entry(operation).or_default().uses += 1;
    }

    /// A call to the table begins.
    pub(crate) fn call_begins(&self, operation: &'static str) {
        let meter = &mut self.found().meter;
        meter.total.call_begins();
        meter.operations.entry(operation).or_default().call_begins();
    }

    /// A call to the table has ended and consumed units.
    pub(crate) fn call_ends(&self, operation: &'static str, read: f64, write: f64) {
        let meter = &mut self.found().meter;
        meter.total.call_ends(read, write);
        meter.operations.entry(operation).or_default().call_ends(read, write);
    }

    /// A password is hashed.
    pub(crate) fn count_hash(&self) {
        self.found().hashes += 1;
    }

    /// An index lists an item that does not belong there; it is left out.
    pub(crate) fn note_foreign_row() {
        if let Some(scope) = Self::current() {
            scope.found().foreign_rows += 1;
        }
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        // A panic while the lock was held leaves counters, which are whole.
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Canonical line of one request or message.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// When it was done.
    pub time: Timestamp,
    /// `info`, `warn` (refused by a limit or state) or `error` (our fault).
    pub level: &'static str,
    /// The function's bin.
    pub function: &'static str,
    /// Which stack.
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
    /// Internal cause of a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The acting user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Milliseconds from begin to end.
    pub latency_ms: f64,
    /// Round trips to the table, one after the other.
    pub round_trips: u32,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
    /// Passwords hashed: what costs most of all.
    #[serde(skip_serializing_if = "is_zero")]
    pub hashes: u32,
    /// Rows of an index that lists left out because they are of another entity:
    /// somebody has written what is not theirs. The line is then a warning at least.
    #[serde(skip_serializing_if = "is_zero")]
    pub foreign_rows: u32,
    /// Consumption of each store operation.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub operations: BTreeMap<&'static str, Consumption>,
}

/// Consumption of a store operation in one request or message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consumption {
    /// Number of uses.
    pub uses: u32,
    /// Units in total.
    pub units: Units,
}

/// `[uses, round trips, read, write]`: a line has a kilobyte to live in.
impl Serialize for Consumption {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.uses, self.units.round_trips, self.units.read, self.units.write).serialize(serializer)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Outcome of a request or message, as its handler's edge knows it.
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
    /// Writes the one line of `scope`, which began `began` and ends now.
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
    /// JSON on standard output, which `CloudWatch` keeps.
    pub fn cloudwatch() -> Self {
        Self::from_fn(|line| {
            if let Ok(json) = line.to_json() {
                write_line(&json);
            }
        })
    }

    /// A log that does what `write` does with each line.
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
    // One write a line, so lines of concurrent messages do not mix. Without
    // standard output there is nowhere to complain.
    let _ = std::io::stdout().lock().write_all(format!("{text}\n").as_bytes());
}

impl Line {
    /// Its JSON: what `CloudWatch` keeps.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

/// The `tracing` subscriber of a deployed function: every diagnostic (a
/// warning of the SDK, an error of the runtime) as a JSON line. Spans are not
/// kept: the canonical line has what they would say.
#[derive(Debug)]
pub struct Diagnostics {
    level: tracing::Level,
}

impl Diagnostics {
    /// Makes diagnostics of `level` and worse be written from now on.
    pub fn install(level: tracing::Level) {
        // Fails only if something has been installed before, which then works.
        let _ = tracing::subscriber::set_global_default(Self { level });
    }
}

impl tracing::Subscriber for Diagnostics {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        // Below a warning, only our own words are worth their bytes.
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
