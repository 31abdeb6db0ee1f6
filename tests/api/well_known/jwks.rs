//! `GET /.well-known/jwks.json`

use std::collections::BTreeSet;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::Value;

use crate::harness::test;

#[test]
fn anybody_can_verify_a_token_with_the_published_keys() {
    test(async |app| {
        let tokens = app.register().await;
        let token = tokens["access_token"].as_str().unwrap();
        let reply = app.get("/.well-known/jwks.json").await;
        assert_eq!((reply.status, reply.header("cache-control")), (200, "public, max-age=60"));
        let keys: JwkSet = serde_json::from_value(reply.json()).unwrap();
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&["agora"]);
        validation.set_issuer(&["http://127.0.0.1:3000"]);
        validation.validate_exp = false;
        assert!(jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok());
    });
}

#[test]
fn only_public_halves_are_published_under_their_thumbprints() {
    test(async |app| {
        let body = app.get("/.well-known/jwks.json").await.json();
        let keys = body["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 2, "current and next");
        for key in keys {
            let names: BTreeSet<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, BTreeSet::from(["alg", "crv", "kid", "kty", "use", "x", "y"]));
            let thumbprint = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, key["x"], key["y"]);
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, thumbprint.as_bytes());
            assert_eq!(key["kid"], BASE64_URL_SAFE_NO_PAD.encode(digest));
        }
    });
}
