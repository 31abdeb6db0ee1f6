//! The corpus of access tokens, checked with our verifier.

use std::path::PathBuf;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::clock::Timestamp;

use super::{assert_harmless, corpus};
use crate::harness::{App, test};

fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/tokens.json"))
}

fn kept() -> Value {
    serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap()
}

/// Names and verdicts, without the tokens: each signature is different.
fn verdicts(corpus: &Value) -> Vec<(Value, Value)> {
    let cases = corpus["cases"].as_array().unwrap().iter();
    cases.map(|case| (case["name"].clone(), case["verdict"].clone())).collect()
}

/// Rewritten as snapshots are: with `INSTA_UPDATE=always`.
#[test]
fn the_kept_corpus_is_the_one_that_is_made() {
    let made = corpus::make();
    let wanted = std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    if wanted && verdicts(&kept()) != verdicts(&made) {
        std::fs::write(path(), format!("{made:#}\n")).unwrap();
    }
    assert_eq!(verdicts(&kept()), verdicts(&made));
}

#[test]
fn every_token_of_the_corpus_gets_its_verdict() {
    test(async |app| {
        let corpus = kept();
        publish(app, &corpus["key"]).await;
        let now = Timestamp::from_millis(corpus["now"].as_i64().unwrap() * 1000);
        app.advance(now.since("2026-01-01T00:00:00.000Z".parse().unwrap()));
        for case in corpus["cases"].as_array().unwrap() {
            let reply = app.post("/api/v1/auth/verify", json!({ "token": case["token"] })).await;
            assert_harmless(&reply);
            let valid = case["verdict"] == "valid";
            assert_eq!(reply.json()["active"], valid, "{}", case["name"]);
            // Tokens that a header can hold: one line of ASCII.
            if let Some(token) =
                case["token"].as_str().filter(|token| token.bytes().all(|it| it.is_ascii_graphic()))
            {
                let reply = app.get_as(token, "/api/v1/auth/sessions").await;
                assert_harmless(&reply);
                assert_eq!(reply.status == 200, valid, "{}", case["name"]);
            }
        }
    });
}

/// Replaces the published keys with `key`.
async fn publish(app: &App, key: &Value) {
    // A sign-in makes the platform publish its own keys first.
    app.register().await;
    let members = key.as_object().unwrap().iter();
    let members =
        members.map(|(name, value)| (name.clone(), AttributeValue::S(value.as_str().unwrap().to_owned())));
    let mut stored = app.item("JWKS", "JWKS").await.unwrap();
    stored.insert("keys".to_owned(), AttributeValue::L(vec![AttributeValue::M(members.collect())]));
    let table = &app.platform.stack().table.name;
    app.dynamodb().put_item().table_name(table).set_item(Some(stored)).send().await.unwrap();
}
