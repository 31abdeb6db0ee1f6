//! A backfill that is stopped again and again at any point, while callers write.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::body::Body;
use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use http::{
    Request,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use local::platform::Platform;
use serde_json::{Value, json};

use super::{backfill, frozen, step, verify};
use crate::contracts::corpus::{data_folder, start};

/// Writes of each caller.
const WRITES: u64 = 2;

/// Attempts at a write.
const ATTEMPTS: u32 = 10;

/// Callers at the same time.
const CONCURRENCY: usize = 16;

/// Writes until it is acknowledged: callers on one busy thread may exceed deadlines.
async fn write(platform: &Platform, token: &str, method: &str, path: &str, body: Value) {
    let key = format!("{path} {body}").replace(' ', "-");
    for _ in 0..ATTEMPTS {
        let request = Request::builder().method(method).uri(path);
        let request =
            request.header(AUTHORIZATION, format!("Bearer {token}")).header("idempotency-key", &key);
        let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
        match platform.request(request.unwrap()).await.status().as_u16() {
            200 => return,
            503 => {}
            status => panic!("{method} {path}: {status}"),
        }
    }
    panic!("{method} {path}: 503");
}

/// A caller that changes one thing several times.
fn writer<'a>(platform: &'a Platform, token: &'a str, path: &'a str) -> BoxFuture<'a, ()> {
    async move {
        for number in 1..=WRITES {
            let (method, body) = match path.split('/').nth(3).unwrap() {
                "products" => ("PATCH", json!({ "description": format!("Number {number}") })),
                "users" => ("PATCH", json!({ "profile": { "bio": format!("Number {number}") } })),
                _ => ("POST", json!({ "change": number, "reason": "Counted." })),
            };
            write(platform, token, method, path, body).await;
        }
    }
    .boxed()
}

/// The fields that the writers do not change.
fn kept(seen: &Value) -> Value {
    let mut kept = seen.clone();
    for field in [
        "etag",
        "version",
        "updated_at",
        "description",
        "profile",
        "available",
        "on_hand",
        "adjusted",
        "availability",
    ] {
        kept.as_object_mut().unwrap().remove(field);
    }
    for variant in kept["variants"].as_array_mut().into_iter().flatten() {
        variant.as_object_mut().unwrap().remove("availability");
    }
    kept
}

#[tokio::test]
async fn a_backfill_that_is_killed_many_times_loses_no_write() {
    let folder = data_folder();
    let (platform, token) = start(&folder).await;
    let (platform, token) = (&platform, token.as_str());
    let before = frozen::everything(platform, token).await;
    let written: Vec<&String> = before
        .keys()
        .filter(|path| !path.contains("/orders/"))
        .enumerate()
        .filter(|(at, _)| at % 5 > 0)
        .map(|(_, path)| path)
        .collect();
    assert!(written.len() >= 150, "{}", written.len());

    let done = AtomicBool::new(false);
    let callers = async {
        let callers = written.iter().map(|path| writer(platform, token, path));
        stream::iter(callers).buffer_unordered(CONCURRENCY).collect::<()>().await;
        done.store(true, Ordering::Relaxed);
    };
    // Each run ends at another point, before or after any call.
    let killed = async {
        let mut kills = 0;
        while !done.load(Ordering::Relaxed) {
            let run = step(platform, "run");
            kills += u64::from(
                tokio::time::timeout(Duration::from_micros(500 + 700 * (kills % 30)), run).await.is_err(),
            );
        }
        kills
    };
    let ((), kills) = futures::join!(callers, killed);
    assert!(kills >= 20, "{kills} kills");

    assert!(backfill(platform).await.failures.is_empty());
    assert!(verify(platform).await.is_none());
    platform.settle().await;
    let after = frozen::everything(platform, token).await;
    for (path, before) in &before {
        let after = &after[path];
        assert_eq!(kept(after), kept(before), "{path}");
        if !written.contains(&path) {
            // A written product changes its stocks, and a written stock the tag of its product.
            let field = match path.split('/').nth(3) {
                Some("products") => "version",
                Some("stock") => "sku",
                _ => "etag",
            };
            assert_eq!(after[field], before[field], "{path}");
        } else if path.contains("/stock/") {
            let added = |field: &str| after[field].as_i64().unwrap() - before[field].as_i64().unwrap();
            let all: i64 = (1..=WRITES).map(u64::cast_signed).sum();
            assert_eq!((added("on_hand"), added("available"), added("adjusted")), (all, all, all), "{path}");
        } else {
            let text =
                if path.contains("/users/") { &after["profile"]["bio"] } else { &after["description"] };
            assert_eq!(text, &json!(format!("Number {WRITES}")), "{path}");
        }
    }
    let events = platform.cloud().travelled();
    let ids: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids.len(), events.len(), "no event is published twice");
}
