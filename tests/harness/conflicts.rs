//! A connection to the cloud on which writes take time, and conflict as DynamoDB's
//! do: the embedded engine runs one after the other, and never refuses one because of
//! another.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, HttpConnectorFuture, SharedHttpClient},
    orchestrator::{HttpRequest, HttpResponse},
};
use serde_json::{Value, json};

use super::between::{answer, between};

/// Items of running writes, and the number of conflicts.
#[derive(Debug, Clone, Default)]
pub struct Conflicts {
    busy: Arc<Mutex<BTreeSet<String>>>,
    count: Arc<AtomicU64>,
}

impl Conflicts {
    /// Wraps `inner`: each call takes `latency`.
    pub fn on(&self, inner: SharedHttpClient, latency: Duration) -> SharedHttpClient {
        let conflicts = self.clone();
        between(inner, move |request, cloud| {
            let conflicts = conflicts.clone();
            HttpConnectorFuture::new(async move {
                let items = transaction(&request);
                if let Err(taken) = conflicts.take(&items) {
                    tokio::time::sleep(latency).await;
                    return Ok(refusal(&taken));
                }
                tokio::time::sleep(latency).await;
                let answer = cloud.call(request).await;
                conflicts.give_back(&items);
                answer
            })
        })
    }

    /// Number of transactions that were refused because of another one.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Reserves the items of a transaction; if one is taken, returns true for each
    /// that is.
    fn take(&self, items: &[String]) -> Result<(), Vec<bool>> {
        let mut busy = self.busy.lock().unwrap();
        let taken: Vec<bool> = items.iter().map(|item| busy.contains(item)).collect();
        if taken.contains(&true) {
            self.count.fetch_add(1, Ordering::Relaxed);
            return Err(taken);
        }
        busy.extend(items.iter().cloned());
        Ok(())
    }

    fn give_back(&self, items: &[String]) {
        let mut busy = self.busy.lock().unwrap();
        for item in items {
            busy.remove(item);
        }
    }
}

/// The keys of the items that a transaction writes; empty for any other call.
fn transaction(request: &HttpRequest) -> Vec<String> {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    if !target.ends_with(".TransactWriteItems") {
        return Vec::new();
    }
    let body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap();
    let parts = body["TransactItems"].as_array().into_iter().flatten();
    let keys = parts.filter_map(|part| {
        let write = part.as_object()?.values().next()?;
        let key = if write["Key"].is_null() { &write["Item"] } else { &write["Key"] };
        Some(format!("{} {}", key["pk"]["S"], key["sk"]["S"]))
    });
    keys.collect()
}

fn refusal(taken: &[bool]) -> HttpResponse {
    let reasons =
        taken.iter().map(|taken| json!({ "Code": if *taken { "TransactionConflict" } else { "None" } }));
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled",
        "CancellationReasons": reasons.collect::<Value>(),
    });
    answer(400, body.to_string())
}
