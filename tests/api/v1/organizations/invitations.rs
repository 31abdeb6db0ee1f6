//! Invitations by the organisation: one for an address, renewed, revoked, limited.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::*;

/// The tokens of the links that were mailed to an address.
async fn tokens(app: &App, email: &str) -> Vec<String> {
    let mails = app.mails_to(email).await.into_iter();
    let links = mails.filter_map(|mail| {
        let (_, rest) = mail.text.split_once("/account/invitation?token=")?;
        Some(rest.split_whitespace().next()?.to_owned())
    });
    links.collect()
}

async fn preview(app: &App, token: &str) -> crate::harness::client::Reply {
    app.post("/api/v1/invitations/preview", json!({ "token": token })).await
}

#[test]
fn known_and_unknown_addresses_get_the_same_reply_and_mail() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea House").await;
        let path = format!("organizations/{id}/invitations");
        let mut seen = Vec::new();
        for email in ["bo-marker@example.com", "new-marker@example.com"] {
            let reply = post(app, &ada, &path, json!({ "email": email, "role": "staff" })).await;
            let mut body = reply.json();
            for name in ["id", "email"] {
                body[name] = Value::Null;
            }
            let line = app.lines.of("organizations-api").pop().unwrap();
            seen.push((reply.status, body, line.round_trips, line.read_units, line.write_units));
            let mail = app.mails_to(email).await.pop().unwrap();
            assert_eq!(mail.subject, "Invitation to Tea House");
            assert!(mail.text.contains("the organisation Tea House"), "{}", mail.text);
        }
        assert_eq!(seen[0], seen[1]);
        let _ = bo;
    });
}

#[test]
fn a_mail_is_in_the_language_of_the_account() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let russian = json!({ "preferences": { "locale": "ru" } });
        assert_eq!(patch(app, &bo, "users/me", russian).await.status, 200);
        let id = organization(app, &ada, "Чай").await;
        invite(app, &ada, &id, &bo, "viewer").await;
        let mail = app.mails_to(&bo.email).await.pop().unwrap();
        assert_eq!(mail.subject, "Приглашение в организацию Чай");
    });
}

#[test]
fn an_address_in_another_spelling_is_the_same_and_another_mailbox_is_not() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let path = format!("organizations/{}/invitations", organization(app, &ada, "Tea").await);
        let invited = async |email: &str| {
            let reply = post(app, &ada, &path, json!({ "email": email, "role": "viewer" })).await;
            assert_eq!(reply.status, 201, "{email}: {}", reply.json());
            reply.json()["id"].as_str().unwrap().to_owned()
        };
        let first = invited("bo-marker@example.com").await;
        assert_eq!(invited(" BO-Marker@Example.COM ").await, first);
        assert_ne!(invited("bo-marker+1@example.com").await, first);
        assert_ne!(invited("b.o-marker@example.com").await, first);
        assert_eq!(
            invited("bo-marker@bücher.example").await,
            invited("bo-marker@xn--bcher-kva.example").await
        );
    });
}

#[test]
fn a_second_invitation_renews_the_first_and_voids_its_link() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, stranger(app, "eve").await);
        let name = json!({ "name": "Bo Marker-Boole" });
        assert_eq!(patch(app, &bo, "users/me", name).await.status, 200);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let first = invite(app, &ada, &id, &eve, "viewer").await;
        let old = tokens(app, &eve.email).await.pop().unwrap();
        let shown = preview(app, &old).await.json();
        assert_eq!(
            (&shown["role"], &shown["inviter_name"]),
            (&json!("viewer"), &json!("Ada Marker-Lovelace"))
        );
        assert_eq!(invite(app, &bo, &id, &eve, "staff").await, first);
        let new = tokens(app, &eve.email).await.pop().unwrap();
        assert_eq!((preview(app, &old).await.status, preview(app, &new).await.status), (404, 200));
        let shown = preview(app, &new).await.json();
        assert_eq!((&shown["role"], &shown["email"]), (&json!("staff"), &json!("e…@example.com")));
        assert_eq!(
            (&shown["inviter_name"], &shown["organization"]["name"]),
            (&json!("Bo Marker-Boole"), &json!("Tea")),
            "the later inviter"
        );
        let listed = get(app, &ada, &format!("organizations/{id}/invitations")).await.json();
        assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn the_token_of_a_void_link_proves_no_address() {
    test(async |app| {
        let (ada, eve) = (person(app, "ada").await, stranger(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &eve, "viewer").await;
        let old = json!({ "token": tokens(app, &eve.email).await.pop().unwrap() });
        let path = format!("organizations/{id}/invitations/{invitation}");
        assert_eq!(post(app, &ada, &format!("{path}/resend"), json!({})).await.status, 202);
        let new = json!({ "token": tokens(app, &eve.email).await.pop().unwrap() });
        for verb in ["accept", "decline"] {
            let reply = post(app, &eve, &format!("invitations/{invitation}/{verb}"), old.clone()).await;
            assert_eq!(refused(&reply), (403, "email_not_verified"), "{verb}");
        }
        let accept = format!("invitations/{invitation}/accept");
        assert_eq!(post(app, &eve, &accept, new).await.status, 200);
    });
}

#[test]
fn a_declined_invitation_counts_as_one_of_the_day() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}/invitations");
        let body = json!({ "email": bo.email, "role": "viewer" });
        for _ in 0..50 {
            let reply = post(app, &ada, &path, body.clone()).await;
            assert_eq!(reply.status, 201);
            let decline = format!("invitations/{}/decline", reply.json()["id"].as_str().unwrap());
            assert_eq!(post(app, &bo, &decline, json!({})).await.status, 204);
        }
        assert_eq!(post(app, &ada, &path, body).await.problem().0, 429);
    });
}

#[test]
fn a_repeated_request_invites_once() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, stranger(app, "bo").await);
        let path = format!("/api/v1/organizations/{}/invitations", organization(app, &ada, "Tea").await);
        let body = json!({ "email": bo.email, "role": "viewer" });
        let send = async || {
            let call = app.request(Method::POST, &path).token(&ada.token).header("idempotency-key", "k");
            call.json(&body).send().await
        };
        let (first, again) = (send().await, send().await);
        assert_eq!(
            (first.status, again.header("idempotent-replayed"), again.json()),
            (201, "true", first.json())
        );
        assert_eq!(tokens(app, &bo.email).await.len(), 1);
    });
}

#[test]
fn members_are_not_invited_and_roles_above_the_own_are_not_granted() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let path = format!("organizations/{id}/invitations");
        let send = async |actor: &Person, email: &str, role: &str| {
            post(app, actor, &path, json!({ "email": email, "role": role })).await
        };
        assert_eq!(refused(&send(&ada, &bo.email, "staff").await), (409, "already_member"));
        assert_eq!(
            refused(&send(&ada, &ada.email, "staff").await),
            (409, "already_member"),
            "the own address"
        );
        assert_eq!(refused(&send(&bo, "new-marker@example.com", "owner").await), (403, "role_above_own"));
        assert_eq!(send(&bo, "new-marker@example.com", "admin").await.status, 201);
        assert_eq!(send(&ada, "new-marker@example.com", "king").await.faults()[0].0, "/role");
        assert_eq!(delete(app, &ada, &member(&id, &bo)).await.status, 204);
        assert_eq!(send(&ada, &bo.email, "staff").await.status, 201, "a former member");
    });
}

#[test]
fn an_invitation_is_revoked_and_resent() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "viewer").await;
        let path = format!("organizations/{id}/invitations/{invitation}");
        let old = tokens(app, &bo.email).await.pop().unwrap();
        assert_eq!(post(app, &ada, &format!("{path}/resend"), json!({})).await.status, 202);
        let new = tokens(app, &bo.email).await.pop().unwrap();
        assert_eq!((preview(app, &old).await.status, preview(app, &new).await.status), (404, 200));
        app.advance(Duration::from_hours(7 * 24));
        let (ada, bo) = (again(app, ada).await, again(app, bo).await);
        assert_eq!(refused(&accept(app, &bo, &invitation).await), (409, "invitation_expired"));
        assert_eq!(post(app, &ada, &format!("{path}/resend"), json!({})).await.status, 202, "an expired one");
        assert_eq!(delete(app, &ada, &path).await.status, 204);
        assert_eq!(delete(app, &ada, &path).await.status, 204, "idempotent");
        assert_eq!(refused(&accept(app, &bo, &invitation).await), (409, "invitation_revoked"));
        let resend = post(app, &ada, &format!("{path}/resend"), json!({})).await;
        assert_eq!(refused(&resend), (409, "invitation_revoked"));
        let revoked = get(app, &ada, &format!("organizations/{id}/invitations?status=revoked")).await.json();
        assert_eq!(
            (&revoked["data"][0]["id"], &revoked["data"][0]["email"]),
            (&json!(invitation), &Value::Null)
        );
        join(app, &ada, &id, &bo, "viewer").await;
        let resend = post(app, &ada, &format!("{path}/resend"), json!({})).await;
        assert_eq!(refused(&resend), (409, "invitation_accepted"));
    });
}

/// The same person with a new token.
pub(super) async fn again(app: &App, person: Person) -> Person {
    let tokens = app.log_in(&person.email).await;
    Person { token: tokens["access_token"].as_str().unwrap().to_owned(), ..person }
}

#[test]
fn an_organization_invites_fifty_a_day() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let path = format!("organizations/{}/invitations", organization(app, &ada, "Tea").await);
        let send = async |ada: &Person, number: usize| {
            let body = json!({ "email": format!("guest{number}-marker@example.com"), "role": "viewer" });
            post(app, ada, &path, body).await
        };
        for number in 0..50 {
            assert_eq!(send(&ada, number).await.status, 201);
        }
        let reply = send(&ada, 50).await;
        assert_eq!((reply.problem().0, reply.header("ratelimit-limit")), (429, "50"));
        let wait: u64 = reply.header("retry-after").parse().unwrap();
        assert!(wait <= 24 * 3_600);
        app.advance(Duration::from_secs(wait));
        let ada = again(app, ada).await;
        assert_eq!(send(&ada, 50).await.status, 201);
    });
}
