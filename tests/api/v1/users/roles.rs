//! Roles, and blocked accounts.

use std::time::Duration;

use serde_json::json;

use super::{ADA, ME, ROOT, patch, path, recent, token};
use crate::harness::{PASSWORD, test};

#[test]
fn role_and_status_are_an_administrators() {
    test(async |app| {
        let ada = app.register_as(ADA).await;
        for body in [json!({ "role": "ADMIN" }), json!({ "status": "blocked" })] {
            assert_eq!(patch(app, &ada, ME, body).await.problem(), (403, "forbidden".to_owned()));
        }
    });
}

#[test]
fn a_role_wants_a_recent_password_and_signs_out() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        app.advance(Duration::from_mins(6));
        let reply = patch(app, &root, &path(&ada), json!({ "role": "ADMIN" })).await;
        assert_eq!(reply.problem(), (401, "insufficient_user_authentication".to_owned()));
        assert_eq!(
            reply.header("www-authenticate"),
            "Bearer error=\"insufficient_user_authentication\", max_age=300"
        );
        let root = recent(app, &root).await;
        assert_eq!(patch(app, &root, &path(&ada), json!({ "role": "ADMIN" })).await.json()["role"], "ADMIN");
        assert_eq!(app.get_as(token(&ada), ME).await.problem(), (401, "invalid_token".to_owned()));
        assert_eq!(app.get_as(token(&app.log_in(ADA).await), "/api/v1/users").await.status, 200);
    });
}

#[test]
fn a_blocked_account_is_signed_out_and_told_so_after_its_password_only() {
    test(async |app| {
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        assert_eq!(patch(app, &root, &path(&ada), json!({ "status": "blocked" })).await.status, 200);
        app.advance(Duration::from_secs(5));
        assert_eq!(app.get_as(token(&ada), ME).await.status, 401);
        let refresh =
            app.post("/api/v1/auth/refresh", json!({ "refresh_token": ada["refresh_token"] })).await;
        assert_eq!(refresh.problem(), (401, "invalid_refresh_token".to_owned()));
        let login =
            |password: &str| app.post("/api/v1/auth/login", json!({ "email": ADA, "password": password }));
        assert_eq!(login("wrong").await.problem(), (401, "invalid_credentials".to_owned()));
        assert_eq!(login(PASSWORD).await.problem(), (403, "account_blocked".to_owned()));
        patch(app, &root, &path(&ada), json!({ "status": "active" })).await.granted();
        assert_eq!(login(PASSWORD).await.status, 200);
    });
}

#[test]
fn the_last_active_administrator_stays() {
    test(async |app| {
        let root = app.administrator(ROOT).await;
        let last = |reply: crate::harness::client::Reply| {
            assert_eq!(reply.problem(), (409, "last_admin".to_owned()));
        };
        last(patch(app, &root, ME, json!({ "role": "USER" })).await);
        last(patch(app, &root, ME, json!({ "status": "blocked" })).await);
        last(app.delete_as(token(&root), ME).await);
        assert_eq!(app.get_as(token(&root), ME).await.status, 200);
    });
}

#[test]
fn of_two_demotions_at_once_one_is_refused() {
    test(async |app| {
        let (root, ada) = (app.administrator(ROOT).await, app.administrator(ADA).await);
        let (root_path, ada_path) = (path(&root), path(&ada));
        let (one, other) = futures::join!(
            patch(app, &root, &ada_path, json!({ "role": "USER" })),
            patch(app, &ada, &root_path, json!({ "role": "USER" })),
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200, "{statuses:?}");
        assert!([401, 403, 409].contains(&statuses[1]), "{statuses:?}");
    });
}

#[test]
fn of_two_administrators_who_leave_at_once_one_stays() {
    test(async |app| {
        let (root, ada) = (app.administrator(ROOT).await, app.administrator(ADA).await);
        let (one, other) =
            futures::join!(patch(app, &root, ME, json!({ "role": "USER" })), app.delete_as(token(&ada), ME),);
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses[1], 409, "{statuses:?}");
        let stays = if one.status == 409 { &root } else { &ada };
        assert_eq!(app.get_as(token(stays), "/api/v1/users").await.status, 200);
    });
}
