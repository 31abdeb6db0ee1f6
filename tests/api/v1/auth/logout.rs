//! `POST /api/v1/auth/logout`

use std::{collections::BTreeSet, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;
use serde_json::json;
use shared::{id::UserId, table::schema::REVOCATION_SHARDS};

use super::{ADA, refresh, text, works};
use crate::harness::{App, test, test_of, with_cheap_passwords};

const PATH: &str = "/api/v1/auth/logout";

#[test]
fn this_device_is_signed_out_and_others_are_not() {
    test(async |app| {
        let (here, there) = (app.register().await, app.log_in(ADA).await);
        // The body is optional.
        let reply = app.request(Method::POST, PATH).token(text(&here, "access_token")).send().await;
        assert_eq!(reply.status, 204);
        assert!(!works(app, &here).await);
        assert_eq!(refresh(app, text(&here, "refresh_token")).await.0, 401);
        assert!(works(app, &there).await);
        assert_eq!(refresh(app, text(&there, "refresh_token")).await.0, 200);
    });
}

#[test]
fn everywhere_is_every_device() {
    test(async |app| {
        let (here, there) = (app.register().await, app.log_in(ADA).await);
        let reply = app.post_as(text(&here, "access_token"), PATH, json!({ "everywhere": true })).await;
        assert_eq!(reply.status, 204);
        for tokens in [&here, &there] {
            assert!(!works(app, tokens).await);
            assert_eq!(refresh(app, text(tokens, "refresh_token")).await.0, 401);
        }
        assert!(works(app, &app.log_in(ADA).await).await);
    });
}

#[test]
fn another_instance_knows_within_five_seconds() {
    test(async |app| {
        let tokens = app.register().await;
        let other = auth::api(app.environment("AuthApi")).await.unwrap();
        let me = async || {
            let request = http::Request::get("/api/v1/auth/me")
                .header("authorization", format!("Bearer {}", text(&tokens, "access_token")))
                .body(axum::body::Body::empty())
                .unwrap();
            let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
            let invocation = shared::lambda::Invocation { deadline, client_address: None };
            other.call(request, invocation).await.status().as_u16()
        };
        assert_eq!(me().await, 200);
        app.post_as(text(&tokens, "access_token"), PATH, json!({})).await.granted();
        app.advance(Duration::from_secs(5));
        assert_eq!(me().await, 401);
    });
}

#[test]
fn a_warm_instance_asks_what_is_revoked_once_in_five_seconds() {
    test(async |app| {
        let tokens = app.register().await;
        let asked = async || {
            works(app, &tokens).await;
            let line = app.lines.of("auth-api").pop().unwrap();
            // Of the account's shard, and of earlier releases: at the same time.
            line.operations.get("identity.list_revocations").is_some_and(|read| {
                assert_eq!((read.uses, read.units.read), (2, 1.0));
                true
            })
        };
        app.advance(Duration::from_secs(5));
        assert!(asked().await);
        assert!(!asked().await);
        app.advance(Duration::from_secs(4));
        assert!(!asked().await);
        app.advance(Duration::from_secs(1));
        assert!(asked().await);
    });
}

/// The table's revocations, by partition.
async fn revocations(app: &App) -> Vec<(String, String)> {
    let scan = app.dynamodb().scan().table_name(&app.platform.stack().table.name).send().await.unwrap();
    let revocations = scan.items().iter().filter(|item| item["type"].as_s().unwrap() == "revocation");
    revocations.map(|item| (item["pk"].as_s().unwrap().clone(), format!("{:?}", item["of"]))).collect()
}

#[test]
fn revocations_of_an_account_are_one_partition_of_several() {
    test_of(with_cheap_passwords, async |app| {
        let mut partitions = BTreeSet::new();
        for number in 0..18 {
            let email = format!("marker.{number}@example.com");
            let (one, other) = (app.register_as(&email).await, app.log_in(&email).await);
            app.request(Method::POST, PATH).token(text(&one, "access_token")).send().await.granted();
            app.post_as(text(&other, "access_token"), PATH, json!({ "everywhere": true })).await.granted();
            let user: UserId = one["user"]["id"].as_str().unwrap().parse().unwrap();
            partitions.insert(format!("REVOKED#{}", user.to_bytes()[15] % REVOCATION_SHARDS));
        }
        let written = revocations(app).await;
        assert_eq!(written.len(), 36);
        let written: BTreeSet<String> = written.into_iter().map(|(partition, _)| partition).collect();
        assert_eq!(written, partitions);
        assert!(partitions.len() > 1, "{partitions:?}");
    });
}

/// A release before there were shards runs beside this one for some minutes.
#[test]
fn revocations_of_an_earlier_release_are_honoured() {
    test(async |app| {
        let (tokens, other) = (app.register().await, app.log_in(ADA).await);
        assert!(works(app, &tokens).await);
        app.request(Method::POST, PATH).token(text(&other, "access_token")).send().await.granted();
        let table = &app.platform.stack().table.name;
        let scan = app.dynamodb().scan().table_name(table).send().await.unwrap();
        let mut item =
            scan.items().iter().find(|item| item["type"].as_s().unwrap() == "revocation").unwrap().clone();
        // The same of the other session, as it stood before.
        let claims = text(&tokens, "access_token").split('.').nth(1).unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let session = AttributeValue::S(claims["sid"].as_str().unwrap().to_owned());
        item.insert("of".to_owned(), AttributeValue::M([("session".to_owned(), session)].into()));
        item.insert("pk".to_owned(), AttributeValue::S("REVOKED".to_owned()));
        assert!(item.remove("shard").is_some());
        app.dynamodb().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
        app.advance(Duration::from_secs(5));
        assert!(!works(app, &tokens).await);
    });
}
