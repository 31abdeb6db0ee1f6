//! Search for personal data in log lines, diagnostics, keys, events, queues, dead
//! letters and problems. The canaries are the names, passwords and tokens of a test's
//! users; everything that leaves a function is searched for them at the end of the
//! test.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient as _, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector,
        http_client_fn,
    },
    orchestrator::HttpRequest,
};
use serde_json::Value;
use tracing::{Event, Level, Metadata, Subscriber, field::Visit, span};

/// Parts of the addresses, names and passwords of tests' people.
const MARKERS: [&str; 3] = ["-marker", "Marker-Lovelace", "canary horse battery staple"];

/// Names of fields whose values are canaries, in any request.
const PERSONAL: [&str; 14] = [
    "access_token",
    "refresh_token",
    "token",
    "password",
    "current_password",
    "new_password",
    "email",
    "name",
    "phone",
    "bio",
    "avatar_url",
    "street",
    "city",
    "postal_code",
];

/// Minimum length of a canary: a shorter text may occur by chance.
const SHORTEST: usize = 10;

/// The canaries of a test, and the texts to search.
#[derive(Debug, Clone, Default)]
pub struct Canary(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    secrets: Vec<String>,
    /// Place and text of each output.
    seen: Vec<(&'static str, String)>,
}

impl Canary {
    /// Forbids `secret` in all outputs of the test, past and future.
    pub fn keep_secret(&self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.0.lock().unwrap().secrets.push(secret.to_owned());
        }
    }

    /// Forbids the personal fields of a body, at any depth.
    pub fn keep_personal(&self, body: &Value) {
        match body {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
                Value::String(text) if PERSONAL.contains(&name.as_str()) => self.keep_secret(text),
                value => self.keep_personal(value),
            }),
            Value::Array(values) => values.iter().for_each(|value| self.keep_personal(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Records an output of a function.
    pub fn sees(&self, place: &'static str, text: impl Into<String>) {
        self.0.lock().unwrap().seen.push((place, text.into()));
    }

    /// Fails if an output contains a canary.
    pub fn check(&self) {
        let known = self.0.lock().unwrap();
        for (place, text) in &known.seen {
            for marker in MARKERS {
                assert!(!text.contains(marker), "{marker} stands in {place}: {text}");
            }
            for secret in &known.secrets {
                assert!(!text.contains(secret.as_str()), "{secret} stands in {place}: {text}");
            }
        }
    }

    /// Wraps `inner`: records outgoing calls.
    pub fn overhear(&self, inner: SharedHttpClient) -> SharedHttpClient {
        let canary = self.clone();
        http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Connector { inner, canary: canary.clone() })
        })
    }

    /// Records the parts of a call to AWS that must not be personal.
    fn sees_request(&self, request: &HttpRequest) {
        let Some(bytes) = request.body().bytes() else { return };
        match request.headers().get("x-amz-target").unwrap_or_default() {
            "AWSEvents.PutEvents" => self.sees("an event", String::from_utf8_lossy(bytes)),
            "AmazonSQS.SendMessage" => self.sees("a message of a queue", String::from_utf8_lossy(bytes)),
            target if target.starts_with("DynamoDB_") => {
                self.sees_keys(&serde_json::from_slice(bytes).unwrap_or_default());
            }
            _ => {}
        }
    }

    /// Records the primary keys and the outboxes in a request to the table.
    fn sees_keys(&self, request: &Value) {
        match request {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| match value["S"].as_str() {
                Some(key) if name == "pk" || name == "sk" => self.sees("a key", key),
                Some(outbox) if outbox.starts_with("[{\"id\":") => self.sees("an outbox", outbox),
                Some(_) | None => self.sees_keys(value),
            }),
            Value::Array(values) => values.iter().for_each(|value| self.sees_keys(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    canary: Canary,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.canary.sees_request(&request);
        self.inner.call(request)
    }
}

/// Records diagnostics that a deployed function would write: see
/// `shared::telemetry::Diagnostics`.
impl Subscriber for Canary {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target().starts_with("shared") || metadata.level() <= &Level::WARN;
        metadata.is_event() && metadata.level() <= &Level::INFO && ours
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.sees("a diagnostic", fields.0);
    }

    fn max_level_hint(&self) -> Option<tracing::level_filters::LevelFilter> {
        Some(tracing::level_filters::LevelFilter::INFO)
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{field}={value:?} ");
    }
}
