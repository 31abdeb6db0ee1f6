//! Change of the email address.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::{ADA, BO, ME, call, delete::items, patch, recent, token};
use crate::harness::{App, PASSWORD, test};

const NEW: &str = "ada-marker.new@example.com";
const EVE: &str = "eve-marker@example.com";
const CONFIRM: &str = "/api/v1/auth/email-verification-confirm";

#[test]
fn the_new_address_is_confirmed_and_the_old_one_told() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        let me = patch(app, &tokens, ME, json!({ "email": NEW })).await.json();
        assert_eq!((&me["email"], &me["pending_email"]), (&json!(ADA), &json!(NEW)));
        let told = app.mails_to(ADA).await;
        assert_eq!(told.last().unwrap().subject, "Email address change requested");
        let token_of_link = app.mailed_token(NEW).await;
        for _ in 0..2 {
            let confirm = app.post_as(token(&tokens), CONFIRM, json!({ "token": token_of_link }));
            assert_eq!(confirm.await.status, 204);
        }
        let me = app.get_as(token(&tokens), ME).await.json();
        assert_eq!((&me["email"], &me["email_verified"]), (&json!(NEW), &json!(true)));
        assert!(me.get("pending_email").is_none());
        let told: Vec<String> = app.mails_to(ADA).await.into_iter().map(|mail| mail.subject).collect();
        let told = told.iter().filter(|subject| *subject == "Your email address has been changed");
        assert_eq!(told.count(), 1);
        assert!(!app.mails_to(NEW).await.iter().any(|mail| mail.subject.contains("has been changed")));
        assert!(!items(app).await.iter().any(|item| item.contains(ADA)), "the address is kept no longer");
        let login =
            |email: &str| app.post("/api/v1/auth/login", json!({ "email": email, "password": PASSWORD }));
        assert_eq!((login(ADA).await.status, login(NEW).await.status), (401, 200));
        app.register_as(ADA).await;
    });
}

/// Opens an account with a confirmed address, which asks for the address `NEW`, and
/// invites that address to an organisation. Returns the account's tokens, and the token
/// of the link to `NEW`.
async fn hijacking(app: &App) -> (Value, String) {
    app.register_as(EVE).await;
    app.confirm_email(EVE).await;
    let attacker = app.log_in(EVE).await;
    patch(app, &attacker, ME, json!({ "email": NEW })).await.granted();
    let link = app.mailed_token(NEW).await;
    app.register_as(BO).await;
    app.confirm_email(BO).await;
    let bo = app.log_in(BO).await;
    let path = "/api/v1/organizations";
    let organization = app.post_as(token(&bo), path, json!({ "name": "Tea" })).await.json();
    let path = format!("{path}/{}/invitations", organization["id"].as_str().unwrap());
    app.post_as(token(&bo), &path, json!({ "email": NEW, "role": "admin" })).await.granted();
    (attacker, link)
}

#[test]
fn the_owner_of_a_new_address_shuts_out_the_account_that_asked_for_it() {
    test(async |app| {
        let (attacker, link) = hijacking(app).await;
        assert_eq!(app.post(CONFIRM, json!({ "token": link })).await.status, 204);
        app.advance(Duration::from_secs(5));
        let invitations = app.get_as(token(&attacker), "/api/v1/invitations").await;
        assert_eq!(invitations.problem(), (401, "invalid_token".to_owned()));
        let refresh = json!({ "refresh_token": attacker["refresh_token"] });
        assert_eq!(app.post("/api/v1/auth/refresh", refresh).await.status, 401);
        for email in [EVE, NEW] {
            let login =
                json!({ "email": email, "password": PASSWORD, "device_token": attacker["device_token"] });
            let login = app.post("/api/v1/auth/login", login).await;
            assert_eq!(login.problem(), (401, "invalid_credentials".to_owned()), "{email}");
        }
        // The owner of the mailbox chooses a password, and sees what the address is invited to.
        app.post("/api/v1/auth/password-reset-request", json!({ "email": NEW })).await.granted();
        let reset = json!({ "token": app.mailed_token(NEW).await, "new_password": "another horse battery" });
        assert_eq!(app.post("/api/v1/auth/password-reset-confirm", reset).await.status, 204);
        let login = json!({ "email": NEW, "password": "another horse battery" });
        let owner = app.post("/api/v1/auth/login", login).await.json();
        let invitations = app.get_as(token(&owner), "/api/v1/invitations").await.json();
        assert_eq!(invitations["data"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_new_address_that_another_account_confirms_keeps_nothing() {
    test(async |app| {
        let (attacker, link) = hijacking(app).await;
        let bo = app.log_in(BO).await;
        assert_eq!(app.post_as(token(&bo), CONFIRM, json!({ "token": link })).await.status, 204);
        app.advance(Duration::from_secs(5));
        assert_eq!(app.get_as(token(&attacker), ME).await.status, 401);
        let login = json!({ "email": NEW, "password": PASSWORD });
        assert_eq!(app.post("/api/v1/auth/login", login).await.status, 401);
        assert_eq!(app.get_as(token(&bo), ME).await.status, 200);
    });
}

#[test]
fn the_password_keeps_the_account_of_a_new_address() {
    test(async |app| {
        app.register_as(ADA).await;
        app.confirm_email(ADA).await;
        let tokens = app.log_in(ADA).await;
        patch(app, &tokens, ME, json!({ "email": NEW })).await.granted();
        let link = app.mailed_token(NEW).await;
        let wrong = app.post(CONFIRM, json!({ "token": link, "password": "wrong" })).await;
        assert_eq!(wrong.problem(), (403, "wrong_password".to_owned()));
        assert_eq!(app.post(CONFIRM, json!({ "token": link, "password": PASSWORD })).await.status, 204);
        app.advance(Duration::from_secs(5));
        assert_eq!(app.get_as(token(&tokens), ME).await.status, 401, "another caller may have shown it");
        assert_eq!(app.log_in(NEW).await["user"]["email_verified"], true);
    });
}

#[test]
fn it_requires_recent_authentication() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        app.advance(Duration::from_mins(6));
        let reply = patch(app, &tokens, ME, json!({ "email": NEW })).await;
        assert_eq!(reply.problem(), (401, "insufficient_user_authentication".to_owned()));
        let tokens = recent(app, &tokens).await;
        assert_eq!(patch(app, &tokens, ME, json!({ "email": NEW })).await.status, 200);
    });
}

#[test]
fn a_taken_address_is_refused_to_whoever_has_its_mail() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        app.register_as(BO).await;
        assert_eq!(patch(app, &tokens, ME, json!({ "email": BO })).await.status, 200);
        let link = app.mailed_token(BO).await;
        assert_eq!(
            app.post(CONFIRM, json!({ "token": link })).await.problem(),
            (409, "email_taken".to_owned())
        );
    });
}

#[test]
fn an_address_gets_no_more_than_three_mails_an_hour() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        for _ in 0..3 {
            assert_eq!(patch(app, &tokens, ME, json!({ "email": NEW })).await.status, 200);
            assert_eq!(patch(app, &tokens, ME, json!({ "email": ADA })).await.status, 200);
        }
        let reply = patch(app, &tokens, ME, json!({ "email": NEW })).await;
        assert_eq!(reply.problem(), (429, "too_many_attempts".to_owned()));
    });
}

#[test]
fn an_account_asks_for_three_addresses_an_hour_from_any_network() {
    test(async |app| {
        let tokens = app.register_as(ADA).await;
        for number in 0..4 {
            let body = json!({ "email": format!("person{number}-marker@example.com") });
            let change = call(app, &tokens, Method::PATCH, ME, &body).from(&format!("192.0.2.{number}"));
            assert_eq!(change.send().await.status, if number < 3 { 200 } else { 429 }, "{number}");
        }
        app.advance(Duration::from_hours(1));
        let tokens = app.log_in(ADA).await;
        assert_eq!(patch(app, &tokens, ME, json!({ "email": NEW })).await.status, 200);
    });
}

#[test]
fn the_former_address_is_told_in_its_language_what_to_do() {
    test(async |app| {
        let body = json!({ "email": ADA, "password": PASSWORD, "locale": "ru" });
        let tokens = app.post("/api/v1/auth/register", body).await.json();
        patch(app, &tokens, ME, json!({ "email": NEW })).await.granted();
        let link = app.mailed_token(NEW).await;
        app.post_as(token(&tokens), CONFIRM, json!({ "token": link })).await.granted();
        let mail = app.mails_to(ADA).await.pop().unwrap();
        assert_eq!(mail.subject, "Ваш адрес электронной почты изменён");
        assert!(mail.text.contains("сразу обратитесь в службу поддержки"), "{}", mail.text);
    });
}
