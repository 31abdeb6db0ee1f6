//! The first transport: the AWS SDK's connector seam. A client with this connector
//! calls the [`Cloud`] in its own process, without sockets.

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use aws_types::{SdkConfig, region::Region};
use bytes::Bytes;
use http::{Request, header::AUTHORIZATION};

use crate::stack::REGION;

use super::Cloud;

#[derive(Clone)]
struct InProcess(Cloud);

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InProcess")
    }
}

pub(super) fn http_client(cloud: Cloud) -> SharedHttpClient {
    SharedHttpClient::new(InProcess(cloud))
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let cloud = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let (parts, body) = request.into_parts();
            let body = match body.bytes() {
                Some(bytes) => Bytes::copy_from_slice(bytes),
                None => return Err(ConnectorError::user("the local cloud takes no streamed bodies".into())),
            };
            // As over a socket, no reply is immediate: concurrent calls overlap.
            tokio::task::yield_now().await;
            let response = cloud.call(Request::from_parts(parts, body)).await;
            HttpResponse::try_from(response.map(SdkBody::from))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// The AWS configuration of a caller. Its access key id is its name (a function's
/// logical id), so that each call identifies its caller.
pub(crate) fn sdk_config(caller: &str, client: SharedHttpClient) -> SdkConfig {
    let credentials = Credentials::new(caller, "local", None, None, "local platform");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .http_client(client)
        .build()
}

/// Caller of a request: the access key id, which is a function's logical id on the
/// local platform. The signature itself is not checked.
pub fn caller<B>(request: &Request<B>) -> Option<&str> {
    let authorization = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split_once('/').map(|(access_key_id, _)| access_key_id)
}
