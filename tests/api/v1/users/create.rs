//! `POST /api/v1/users`

use http::Method;
use serde_json::{Value, json};

use super::{ADA, BO, ROOT, USERS, call, token};
use crate::harness::{App, PASSWORD, client::Reply, test};

async fn create(app: &App, tokens: &Value, key: &str, body: &Value) -> Reply {
    call(app, tokens, Method::POST, USERS, body).header("idempotency-key", key).send().await
}

#[test]
fn a_user_created_without_a_password_is_asked_to_choose_one() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        let body = json!({ "email": ADA, "name": "Ada Marker-Lovelace", "locale": "ru" });
        let reply = call(app, &root, Method::POST, USERS, &body).send().await;
        assert_eq!((reply.status, reply.header("etag")), (201, "\"1\""));
        let user = reply.json();
        assert_eq!(reply.header("location"), format!("{USERS}/{}", user["id"].as_str().unwrap()));
        let login = app.post("/api/v1/auth/login", json!({ "email": ADA, "password": PASSWORD })).await;
        assert_eq!(login.status, 401);

        assert_eq!(app.mails_to(ADA).await[0].subject, "Ваш аккаунт в Agora");
        let body = json!({ "token": app.mailed_token(ADA).await, "new_password": PASSWORD });
        assert_eq!(app.post("/api/v1/auth/password-reset-confirm", body).await.status, 204);
        assert_eq!(app.log_in(ADA).await["user"]["email_verified"], true);
    });
}

#[test]
fn a_repeated_request_makes_one_account() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        let body = json!({ "email": ADA, "password": PASSWORD, "role": "ADMIN" });
        let (first, again) = (create(app, &root, "k1", &body).await, create(app, &root, "k1", &body).await);
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(first.json(), again.json());
        assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
        let other = create(app, &root, "k1", &json!({ "email": BO })).await;
        assert_eq!(other.problem(), (422, "idempotency_key_reused".to_owned()));
        let taken = create(app, &root, "k2", &body).await;
        assert_eq!(taken.problem(), (409, "email_taken".to_owned()));
        let body = json!({ "email": BO });
        let (one, two) = futures::join!(create(app, &root, "k3", &body), create(app, &root, "k3", &body));
        assert_eq!((one.status, two.status), (201, 201));
        assert_eq!(one.json()["id"], two.json()["id"]);
    });
}

#[test]
fn a_replay_of_a_deleted_account_tells_its_id_and_version() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        let body = json!({ "email": ADA });
        let first = create(app, &root, "k", &body).await;
        let path = first.header("location").to_owned();
        assert_eq!(call(app, &root, Method::DELETE, &path, &json!({})).send().await.status, 204);
        let again = create(app, &root, "k", &body).await;
        assert_eq!((again.status, again.header("location")), (201, path.as_str()));
        assert_eq!(again.json(), json!({ "id": first.json()["id"], "version": 1 }));
    });
}

#[test]
fn only_administrators_create_accounts() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        let body = json!({ "email": BO });
        assert_eq!(
            call(app, &ada, Method::POST, USERS, &body).send().await.problem(),
            (403, "forbidden".to_owned())
        );
        assert_eq!(app.post(USERS, body).await.problem().0, 401);
        let root = app.administrator(ROOT).await;
        app.advance(std::time::Duration::from_mins(6));
        let body = json!({ "email": BO, "role": "ADMIN" });
        let reply = app.post_as(token(&root), USERS, body).await;
        assert_eq!(reply.problem(), (401, "insufficient_user_authentication".to_owned()));
        let faults = app.post_as(token(&root), USERS, json!({ "password": "x", "role": 1 })).await.faults();
        assert_eq!(faults.len(), 3);
    });
}
