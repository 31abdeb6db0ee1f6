//! The targets' bodies, a module each, and their environment: functions with the
//! cloud of the local platform, in memory, and a clock that stands still.
//!
//! `tests/hostile/fuzzed.rs` includes these modules in the test binary, where they
//! run for seconds, without instrumentation and without a second build.

pub mod access_token;
pub mod any_operation;
pub mod cursor;
pub mod gateway_event;
pub mod refresh_token;
pub mod schedule;

// The test binary has these modules already.
#[cfg(not(test))]
#[path = "../../tests/harness/operation.rs"]
pub mod operation;
#[cfg(not(test))]
#[path = "../../tests/harness/parameters.rs"]
pub mod parameters;
#[cfg(test)]
pub use crate::harness::{operation, parameters};
pub mod world;

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use aws_types::{SdkConfig, region::Region};
use local::{
    cloud::Cloud,
    settings,
    stack::{Stack, Template},
};
use shared::{
    Environment,
    clock::{Clock, Timestamp},
    lambda::Invocation,
    random::Random,
    telemetry::Log,
};
use tokio::runtime::Runtime;

/// Time of the clock, epoch seconds.
pub const NOW: i64 = 1_767_226_200;

/// Issuer of the tokens.
pub const ISSUER: &str = "http://127.0.0.1:3000";

/// The only thread.
pub static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"));

/// An invocation with the time of a request.
pub fn invocation() -> Invocation {
    Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(10), client_address: None }
}

/// The environment of an auth-api, and a counter of its calls to the cloud.
pub fn environment() -> (Environment, Calls) {
    let template = Template::read(&Template::path()).expect("a template");
    let stack = Stack::of(&template, &settings::parameters(ISSUER)).expect("a stack");
    let clock = Clock::from_fn(|| Timestamp::from_millis(NOW * 1000));
    let cloud = RUNTIME.block_on(Cloud::open(&stack, None, &clock)).expect("a cloud");
    let calls = Calls::default();
    let aws = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            FUNCTION, "b", None, None, "fuzz",
        )))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .http_client(Counted { calls: calls.clone(), cloud: cloud.http_client() })
        .build();
    let mut variables = stack.functions[FUNCTION].variables.clone();
    // Cheap hashes, which are not under test.
    variables.insert("PASSWORD_COST".to_owned(), "m=8,t=1,p=1".to_owned());
    (
        Environment {
            variables: variables.into_iter().collect(),
            aws,
            clock,
            random: random(),
            log: Log::from_fn(|_| {}),
        },
        calls,
    )
}

/// Random numbers that are the same in each run, without a repeated id.
pub fn random() -> Random {
    let drawn = AtomicU64::new(0);
    Random::from_fn(move |bytes| {
        for part in bytes.chunks_mut(8) {
            let number = drawn.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            part.copy_from_slice(&number.to_le_bytes()[..part.len()]);
        }
    })
}

/// Logical id of the function.
const FUNCTION: &str = "AuthApi";

/// Counter of calls to a cloud.
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<AtomicUsize>);

impl Calls {
    /// Number of calls so far.
    pub fn so_far(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A cloud that counts its calls.
#[derive(Debug, Clone)]
struct Counted {
    calls: Calls,
    cloud: SharedHttpClient,
}

impl HttpClient for Counted {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let connector = self.cloud.http_connector(settings, components);
        SharedHttpConnector::new(CountedConnector { calls: self.calls.clone(), connector })
    }
}

#[derive(Debug)]
struct CountedConnector {
    calls: Calls,
    connector: SharedHttpConnector,
}

impl HttpConnector for CountedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.calls.0.fetch_add(1, Ordering::Relaxed);
        self.connector.call(request)
    }
}
