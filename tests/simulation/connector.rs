//! The SDK's connector: a function's call reaches AWS late, not at all, or without
//! its answer coming back.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{
    aws::{Aws, Call},
    faults::{Fault, Plan},
};

/// Longer than any caller waits.
const TOO_LONG: Duration = Duration::from_mins(1);

/// The connection of one function's instance.
#[derive(Clone)]
struct Connection {
    aws: Arc<Aws>,
    function: &'static str,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.function)
    }
}

/// Makes a client for the SDK with which `function` calls `aws`.
pub fn http_client(aws: &Arc<Aws>, function: &'static str) -> SharedHttpClient {
    SharedHttpClient::new(Connection { aws: Arc::clone(aws), function })
}

impl HttpClient for Connection {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connection {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connection = self.clone();
        HttpConnectorFuture::new(async move {
            let (parts, body) = request.try_into_http1x().unwrap().into_parts();
            let body = Bytes::copy_from_slice(body.bytes().unwrap());
            connection.answer(Call::new(Request::from_parts(parts, body))).await
        })
    }
}

impl Connection {
    async fn answer(self, call: Call) -> Result<HttpResponse, ConnectorError> {
        let mut plan = self.aws.faults.plan(call.kind());
        let what = format!("#{} {} {} {}", plan.number, self.function, call.operation(), call.about());
        sleep(plan.latency.0).await;
        let result = self.meet(call, &mut plan).await;
        let outcome = result.as_ref().map_or(0, |response| response.status().as_u16());
        self.aws.trace.write(format_args!("{what} ({}): {outcome}", plan.fault.name()));
        result.map(|response| HttpResponse::try_from(response.map(SdkBody::from)).unwrap())
    }

    async fn meet(&self, call: Call, plan: &mut Plan) -> Result<Response<Bytes>, ConnectorError> {
        let lost = || Err(ConnectorError::io("the simulation broke the connection".into()));
        match plan.fault {
            Fault::None | Fault::Stale | Fault::Unprocessed => {
                let response = self.aws.perform(call, plan).await;
                sleep(plan.latency.1).await;
                Ok(response)
            }
            Fault::Refused => lost(),
            Fault::Broken => Ok(error(500, "InternalServerError", &Value::Null)),
            Fault::Throttled => Ok(error(400, "ThrottlingException", &Value::Null)),
            Fault::Conflict => Ok(conflict(&call)),
            Fault::Lost => {
                self.aws.perform(call, plan).await;
                sleep(plan.latency.1).await;
                lost()
            }
            Fault::Slow => {
                let response = self.aws.perform(call, plan).await;
                sleep(TOO_LONG).await;
                Ok(response)
            }
            Fault::Late => {
                self.do_later(call, plan);
                sleep(TOO_LONG).await;
                lost()
            }
        }
    }

    /// Performs a call later, even if its sender dies.
    fn do_later(&self, call: Call, plan: &mut Plan) {
        let delay = Duration::from_secs(1) + plan.dice.millis(5_000);
        let kind = call.kind();
        let mut plan = Plan { fault: Fault::None, dice: plan.dice.clone(), ..*plan };
        let aws = Arc::clone(&self.aws);
        aws.late.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            sleep(delay).await;
            let response = aws.perform(call, &mut plan).await;
            aws.late.fetch_sub(1, Ordering::Relaxed);
            aws.trace.write(format_args!(
                "#{} done late ({kind:?}): {}",
                plan.number,
                response.status().as_u16()
            ));
            aws.announce();
        });
    }
}

/// A conflict with a transaction at the item: refuses a single write, and cancels a
/// transaction.
fn conflict(call: &Call) -> Response<Bytes> {
    match call.body["TransactItems"].as_array() {
        None => error(400, "TransactionConflictException", &Value::Null),
        Some(parts) => {
            let reasons = (0..parts.len())
                .map(|place| json!({ "Code": if place == 0 { "TransactionConflict" } else { "None" } }));
            error(400, "TransactionCanceledException", &reasons.collect())
        }
    }
}

fn error(status: u16, kind: &str, reasons: &Value) -> Response<Bytes> {
    let body = json!({ "__type": kind, "message": "", "CancellationReasons": reasons });
    Response::builder()
        .status(status)
        .header("x-amzn-errortype", kind)
        .body(Bytes::from(body.to_string()))
        .unwrap()
}
