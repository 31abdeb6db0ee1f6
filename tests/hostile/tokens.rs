//! Our tokens with changes, and arbitrary texts: access tokens, refresh tokens, the
//! tokens of mailed links.

use proptest::prelude::*;
use serde_json::json;

use super::{
    assert_harmless,
    values::{forgeries, text},
};
use crate::harness::{App, PASSWORD, property};

fn change() -> impl Strategy<Value = (prop::sample::Index, char, String)> {
    let with = prop_oneof![
        3 => proptest::sample::select("ABCabc019-_=.+/ ".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    (any::<prop::sample::Index>(), with, text())
}

/// The named token of a newly registered user.
async fn token(app: &App, name: &str) -> String {
    app.register().await[name].as_str().unwrap().to_owned()
}

#[test]
fn a_changed_access_token_is_none() {
    let prepare = async |app: &App| token(app, "access_token").await;
    property(100, change(), prepare, async |app, valid, (at, with, other)| {
        for forged in forgeries(valid, at, with, &other) {
            let reply = app.post("/api/v1/auth/verify", json!({ "token": forged })).await;
            assert_harmless(&reply);
            assert_eq!(reply.json(), json!({ "active": false }), "{forged}");
        }
        assert_eq!(app.get_as(valid, "/api/v1/auth/me").await.status, 200);
    });
}

#[test]
fn a_changed_refresh_token_is_none() {
    let prepare = async |app: &App| token(app, "refresh_token").await;
    property(100, change(), prepare, async |app, valid, (at, with, other)| {
        for forged in forgeries(valid, at, with, &other) {
            let reply = app.post("/api/v1/auth/refresh", json!({ "refresh_token": forged })).await;
            assert_harmless(&reply);
            assert_eq!(reply.problem(), (401, "invalid_refresh_token".to_owned()), "{forged}");
        }
    });
}

#[test]
fn a_changed_link_is_none() {
    let prepare = async |app: &App| {
        app.register().await;
        app.mailed_token("ada-marker@example.com").await
    };
    property(60, change(), prepare, async |app, valid, (at, with, other)| {
        for forged in forgeries(valid, at, with, &other) {
            let reply = app.post("/api/v1/auth/email-verification-confirm", json!({ "token": forged })).await;
            assert_harmless(&reply);
            assert_eq!(reply.problem(), (400, "verification_token_invalid".to_owned()), "{forged}");
            let body = json!({ "token": forged, "new_password": PASSWORD });
            let reply = app.post("/api/v1/auth/password-reset-confirm", body).await;
            assert_harmless(&reply);
            assert_eq!(reply.problem(), (400, "reset_token_invalid".to_owned()), "{forged}");
        }
    });
}
