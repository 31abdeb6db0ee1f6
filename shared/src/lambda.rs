//! The only Lambda entry code. A function's `main` is one call of a `serve_*`
//! with the function's entry point:
//!
//! ```text
//! fn main() -> std::process::ExitCode {
//!     shared::lambda::serve_http(auth::api)
//! }
//! ```

pub mod gateway;
mod schedule;

use std::{process::ExitCode, sync::Arc, time::Duration};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_lambda_events::{dynamodb, sqs::SqsEvent, streams::DynamoDbEventResponse};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::{SdkConfig, region::Region};
use futures::future::BoxFuture;
use lambda_http::{LambdaEvent, aws_lambda_events::apigw::ApiGatewayV2httpRequest, service_fn};
use serde::de::IgnoredAny;

pub use self::schedule::ScheduleHandler;
use crate::{
    Context, Environment, StartError,
    clock::Clock,
    config::{CommonConfig, Configuration as _, Reader, Variables},
    http::Service,
    random::Random,
    roots,
    telemetry::{Diagnostics, Log},
};
pub use crate::{bus::batch::SqsHandler, invocation::Invocation};

/// Serves an HTTP API's requests.
pub fn serve_http<F>(start: impl FnOnce(Environment) -> F) -> ExitCode
where
    F: Future<Output = Result<Service, StartError>>,
{
    run(Timing::Api, start, |service| {
        lambda_runtime::run(service_fn(move |event: LambdaEvent<ApiGatewayV2httpRequest>| {
            let service = service.clone();
            async move {
                let address = event.payload.request_context.http.source_ip.as_deref();
                let address = address.and_then(|text| text.parse().ok());
                let invocation = Invocation::of(&event.context, address);
                let response = service.call(gateway::request(event.payload), invocation).await;
                // An `Err` would become the gateway's own bare 500.
                Ok::<_, std::convert::Infallible>(gateway::response(response).await)
            }
        }))
    })
}

/// Serves a queue's batches.
pub fn serve_sqs<F>(start: impl FnOnce(Environment) -> F) -> ExitCode
where
    F: Future<Output = Result<SqsHandler, StartError>>,
{
    run(Timing::Consumer, start, |handler| {
        lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| {
            let handler = handler.clone();
            async move {
                let invocation = Invocation::of(&event.context, None);
                Ok::<_, std::convert::Infallible>(handler.call(event.payload, invocation).await)
            }
        }))
    })
}

/// Serves the batches of the table's stream.
pub fn serve_stream<F>(start: impl FnOnce(Environment) -> F) -> ExitCode
where
    F: Future<Output = Result<StreamHandler, StartError>>,
{
    run(Timing::Consumer, start, |handler| {
        lambda_runtime::run(service_fn(move |event: LambdaEvent<dynamodb::Event>| {
            let handler = handler.clone();
            async move {
                let invocation = Invocation::of(&event.context, None);
                Ok::<_, std::convert::Infallible>(handler.call(event.payload, invocation).await)
            }
        }))
    })
}

/// Serves a schedule. The payload of EventBridge is ignored.
pub fn serve_schedule<F>(start: impl FnOnce(Environment) -> F) -> ExitCode
where
    F: Future<Output = Result<ScheduleHandler, StartError>>,
{
    run(Timing::Consumer, start, |handler| {
        lambda_runtime::run(service_fn(move |event: LambdaEvent<IgnoredAny>| {
            let handler = handler.clone();
            async move {
                let invocation = Invocation::of(&event.context, None);
                handler.call(invocation).await.map_err(|failure| failure.to_string())
            }
        }))
    })
}

/// Handler of the batches of the table's stream.
#[derive(Clone)]
pub struct StreamHandler {
    run: Arc<dyn Fn(dynamodb::Event, Invocation) -> BoxFuture<'static, DynamoDbEventResponse> + Send + Sync>,
}

impl std::fmt::Debug for StreamHandler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StreamHandler")
    }
}

impl StreamHandler {
    /// Makes a handler that calls `run`.
    pub fn new<F>(run: impl Fn(dynamodb::Event, Invocation) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = DynamoDbEventResponse> + Send + 'static,
    {
        Self { run: Arc::new(move |event, invocation| Box::pin(run(event, invocation))) }
    }

    /// Runs a batch; the response names the record from which it must be delivered
    /// again.
    pub async fn call(&self, event: dynamodb::Event, invocation: Invocation) -> DynamoDbEventResponse {
        (self.run)(event, invocation).await
    }
}

/// Timeouts of calls to AWS.
#[derive(Debug, Clone, Copy)]
pub enum Timing {
    /// A client waits for the reply.
    Api,
    /// No client waits.
    Consumer,
}

/// Starts a function and serves until the sandbox ends. One thread: a sandbox has one
/// request at a time, and hashing runs on the blocking pool.
fn run<H, F, S, E>(
    timing: Timing,
    start: impl FnOnce(Environment) -> F,
    serve: impl FnOnce(H) -> S,
) -> ExitCode
where
    F: Future<Output = Result<H, StartError>>,
    S: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let variables = Variables::of_process();
    if let Some(common) = CommonConfig::read(&mut Reader::new(&variables)) {
        Diagnostics::install(common.log_level.0);
    }
    std::panic::set_hook(Box::new(log_panic));
    let environment = Environment {
        aws: aws_config(&variables, timing),
        variables,
        clock: Clock::system(),
        random: Random::system(),
        log: Log::cloudwatch(),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    runtime.block_on(async {
        match start(environment).await {
            Ok(handler) => serve(handler).await.map_or_else(|error| fail(&error), |()| ExitCode::SUCCESS),
            Err(error) => fail(&error),
        }
    })
}

/// Logs the place of a panic. Its message may repeat a request, so it is left out.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic");
}

/// Prints the reason on standard error, which CloudWatch stores too.
#[expect(clippy::print_stderr, reason = "nothing else is up yet")]
fn fail(error: &impl std::fmt::Display) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}

/// Makes the configuration of AWS clients from Lambda's variables: no credential
/// chain, no metadata service, one connector for all of a function's clients.
pub fn aws_config(variables: &Variables, timing: Timing) -> SdkConfig {
    let attempt = match timing {
        Timing::Api => Duration::from_secs(1),
        Timing::Consumer => Duration::from_secs(2),
    };
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(attempt)
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(variables.get("AWS_REGION").unwrap_or("us-east-1").to_owned()))
        .timeout_config(timeouts)
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
            aws_smithy_async::rt::sleep::TokioSleep::new(),
        ))
        .http_client(http_client(variables));
    config.set_endpoint_url(variables.get("AWS_ENDPOINT_URL").map(str::to_owned));
    if let (Some(id), Some(secret)) =
        (variables.get("AWS_ACCESS_KEY_ID"), variables.get("AWS_SECRET_ACCESS_KEY"))
    {
        let session = variables.get("AWS_SESSION_TOKEN").map(str::to_owned);
        let credentials = Credentials::new(id, secret, session, None, "variables");
        config.set_credentials_provider(Some(SharedCredentialsProvider::new(credentials)));
    }
    config.build()
}

/// The one connector of a function's clients: one TLS configuration, one pool.
fn http_client(variables: &Variables) -> SharedHttpClient {
    let builder = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    match TlsContext::builder().with_trust_store(roots::trusted(variables)).build() {
        Ok(context) => builder.tls_context(context).build_https(),
        // The builder checks nothing yet. If it ever refuses our roots, the system's
        // are used.
        Err(_) => builder.build_https(),
    }
}

/// Maximum time that a function's start waits for reads that the first request could
/// do as well.
const PRIMING: Duration = Duration::from_millis(300);

/// Runs work of the first request in INIT: connections, keys, secrets. If it fails or
/// takes too long, the first request does it.
pub async fn prime<T>(context: &Context, work: impl Future<Output = Result<T, crate::Failure>>) {
    match tokio::time::timeout(PRIMING, work).await {
        Ok(Ok(_)) => {}
        Ok(Err(failure)) => tracing::warn!(function = context.function, %failure, "priming failed"),
        Err(_) => tracing::warn!(function = context.function, "priming took too long"),
    }
}
