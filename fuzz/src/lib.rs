//! What the targets stand on: functions with a cloud that is only as much as they
//! need, in memory, and a clock that stands still.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
};
use aws_smithy_types::body::SdkBody;
use aws_types::{SdkConfig, region::Region};
use serde_json::{Value, json};
use shared::{
    Environment,
    clock::{Clock, Timestamp},
    lambda::Invocation,
    random::Random,
    telemetry::Log,
};
use tokio::runtime::Runtime;

/// What the clock says, epoch seconds.
pub const NOW: i64 = 1_767_226_200;

/// Who makes the tokens.
pub const ISSUER: &str = "http://127.0.0.1:3000";

/// The one thread that everything runs on.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
});

/// A request's time.
pub fn invocation() -> Invocation {
    Invocation { deadline: tokio::time::Instant::now() + Duration::from_secs(10), client_address: None }
}

/// What a function is given, and the cloud that it calls.
pub fn environment() -> (Environment, Cloud) {
    let cloud = Cloud::default();
    let connector = SharedHttpConnector::new(cloud.clone());
    let aws = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("a", "b", None, None, "fuzz")))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    let variables = [
        ("STAGE", "fuzz"),
        ("TABLE_NAME", "table"),
        ("PARAMETER_PATH", "/agora/fuzz/"),
        ("TOKEN_ISSUER", ISSUER),
        // A hash that costs nothing: it is not what is looked at.
        ("PASSWORD_MEMORY_KIB", "8"),
    ];
    let environment = Environment {
        variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect(),
        aws,
        clock: Clock::from_fn(|| Timestamp::from_millis(NOW * 1000)),
        random: Random::from_fn(|bytes| bytes.fill(7)),
        log: Log::from_fn(|_| {}),
    };
    (environment, cloud)
}

/// Parameters that are kept, items that are kept by their partition key, and
/// nothing in any index.
#[derive(Debug, Clone, Default)]
pub struct Cloud(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    values: HashMap<String, Value>,
    calls: usize,
}

impl Cloud {
    /// How often it was called.
    pub fn calls(&self) -> usize {
        self.0.lock().expect("no panic").calls
    }

    fn answer(&self, target: &str, body: &Value) -> Value {
        let mut kept = self.0.lock().expect("no panic");
        kept.calls += 1;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match target.rsplit('.').next().unwrap_or_default() {
            "GetParameters" => {
                let names = body["Names"].as_array().into_iter().flatten().map(text);
                let known = names.filter_map(|name| Some(json!({ "Name": name, "Value": kept.values.get(&name)? })));
                json!({ "Parameters": known.collect::<Value>() })
            }
            "PutParameter" => {
                kept.values.insert(text(&body["Name"]), body["Value"].clone());
                json!({ "Version": 1 })
            }
            "GetItem" => match kept.values.get(&text(&body["Key"]["pk"]["S"])) {
                Some(item) => json!({ "Item": item }),
                None => json!({}),
            },
            "PutItem" => {
                kept.values.insert(text(&body["Item"]["pk"]["S"]), body["Item"].clone());
                json!({})
            }
            "Query" => json!({ "Items": [], "Count": 0, "ScannedCount": 0 }),
            _ => json!({}),
        }
    }
}

impl HttpConnector for Cloud {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap_or_default();
        let answer = self.answer(request.headers().get("x-amz-target").unwrap_or_default(), &body);
        let response = http::Response::new(SdkBody::from(answer.to_string()));
        HttpConnectorFuture::ready(Ok(HttpResponse::try_from(response).expect("a response")))
    }
}
