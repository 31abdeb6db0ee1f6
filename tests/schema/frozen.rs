//! The data folder of commit 93abaf4: planned, backfilled and verified, without an effect
//! that a caller or a consumer sees.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{
    Request,
    header::{AUTHORIZATION, ETAG},
};
use http_body_util::BodyExt as _;
use local::{
    platform::Platform,
    schema_tools::{Command, Form, Report},
};
use serde_json::Value;

use super::{UNITS, backfill, plan, run, verify};
use crate::{
    contracts::corpus::{all, data_folder, get, lists, start},
    harness::client::sdk_config,
};

/// A resource with its `ETag` as a further field.
async fn with_tag(platform: &Platform, token: &str, path: &str) -> Value {
    let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {token}"));
    let reply = platform.request(request.body(Body::empty()).unwrap()).await;
    let tag = reply.headers()[ETAG].to_str().unwrap().to_owned();
    let mut seen: Value =
        serde_json::from_slice(&reply.into_body().collect().await.unwrap().to_bytes()).unwrap();
    seen["etag"] = tag.into();
    seen
}

/// Every account, product, order and stock as an administrator sees it.
pub(super) async fn everything(platform: &Platform, token: &str) -> BTreeMap<String, Value> {
    let mut seen = BTreeMap::new();
    for list in ["users?", "products?", "products?status=draft&", "orders?"] {
        for entry in all(platform, token, &format!("/api/v1/{list}")).await {
            let path =
                format!("/api/v1/{}/{}", list.split('?').next().unwrap(), entry["id"].as_str().unwrap());
            let whole = with_tag(platform, token, &path).await;
            for sku in skus(&whole) {
                let path = format!("/api/v1/stock/{sku}");
                seen.insert(path.clone(), with_tag(platform, token, &path).await);
            }
            seen.insert(path, whole);
        }
    }
    seen
}

/// SKUs of the variants of a product.
pub(super) fn skus(product: &Value) -> Vec<&str> {
    match product["variants"].as_array().map(Vec::as_slice) {
        None => Vec::new(),
        Some([]) => vec![product["sku"].as_str().unwrap()],
        Some(variants) => variants.iter().map(|variant| variant["sku"].as_str().unwrap()).collect(),
    }
}

#[tokio::test]
async fn the_data_folder_is_rewritten_without_a_visible_change() {
    let folder = data_folder();
    let (platform, token) = start(&folder).await;
    platform.settle().await;
    let planned = plan(&platform).await;
    let counts: BTreeMap<&str, u64> =
        planned.jobs.iter().map(|(name, job)| (name.as_str(), job.items)).collect();
    let expected = [
        ("account-names", 9),
        ("adjustment-variants", 2),
        ("bucket-variants", 4),
        ("customer-confirmations", 53),
        ("offer-variants", 120),
        ("order-variants", 54),
        ("product-rows", 79),
        ("product-variants", 80),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    assert_eq!((planned.failed, planned.failures.as_slice()), (0, [].as_slice()));
    let said = planned.to_string();
    assert!(said.contains("~ gsi3sk") && !said.contains('@'), "{said}");

    let before = everything(&platform, &token).await;
    let events = platform.cloud().travelled().len();
    let step = backfill(&platform).await;
    assert_eq!(step.rewritten, counts.values().sum::<u64>());
    assert!(step.failures.is_empty(), "{step}");
    platform.settle().await;
    assert_eq!(platform.cloud().travelled().len(), events, "no event is published");
    assert_eq!(everything(&platform, &token).await, before, "no ETag and no field changes");

    assert!(verify(&platform).await.is_none());
    assert_eq!(backfill(&platform).await.rewritten, 0);
    let Report::Status(status) = run(&platform, Command::Status { units: UNITS }).await.unwrap() else {
        panic!("no status")
    };
    assert!(status.counted.iter().all(|counted| counted.form == Form::Current), "{status}");
    assert_eq!(status.progress, None, "a finished run leaves nothing");
    platform.shutdown().await;
}

#[tokio::test]
async fn rewritten_products_are_found_in_the_current_rows_alone() {
    let folder = data_folder();
    let (platform, token) = start(&folder).await;
    let products = all(&platform, &token, "/api/v1/products?").await;
    let product =
        products.iter().find(|product| product["title"].as_str().unwrap().starts_with("Thé")).unwrap();
    let id = product["id"].as_str().unwrap();
    assert!(!lists(&platform, &token, "q", "the a la menthe", id).await);
    backfill(&platform).await;
    assert!(lists(&platform, &token, "q", "the a la menthe", id).await);
    assert!(lists(&platform, &token, "q", "thé à la", id).await);
    for product in &products {
        let id = product["id"].as_str().unwrap();
        let whole = get(&platform, &token, &format!("/api/v1/products/{id}")).await;
        if let Some(brand) = whole["attributes"]["brand"].as_str() {
            assert!(lists(&platform, &token, "brand", brand, id).await, "{brand}");
        }
    }
    let table = aws_sdk_dynamodb::Client::new(&sdk_config(&platform));
    let scan = table.scan().table_name(&platform.stack().table.name);
    let items = scan.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
    let former = items.iter().filter(|item| {
        item.get("gsi1pk").is_some_and(|key| key.as_s().unwrap().starts_with("PRODUCTS_BY_ATTRIBUTE#"))
    });
    assert_eq!(former.count(), 0);
    platform.shutdown().await;
}
