//! Mails of invitations, their links, and accounts that end while an invitation is pending.

use std::time::Duration;

use serde_json::{Value, json};
use shared::{
    bus::{DomainEvent, events::OrganizationInvited},
    telemetry::Log,
};

use super::{invitations::again, *};
use crate::harness::answering;

/// The stored pending invitations of an organisation, as its owner sees them.
async fn pending(app: &App, owner: &Person, organization: &str) -> Vec<Value> {
    let list = get(app, owner, &format!("organizations/{organization}/invitations")).await.json();
    list["data"].as_array().unwrap().clone()
}

/// The language of an unknown address is that of the inviter; an account has its own.
#[test]
fn a_mail_to_an_unknown_address_is_in_the_language_of_the_inviter() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let russian = json!({ "preferences": { "locale": "ru" } });
        assert_eq!(patch(app, &ada, "users/me", russian).await.status, 200);
        let english = json!({ "preferences": { "locale": "en" } });
        assert_eq!(patch(app, &bo, "users/me", english).await.status, 200);
        let id = organization(app, &ada, "Чай").await;
        let path = format!("organizations/{id}/invitations");
        for (email, subject) in [
            ("new-marker@example.com", "Приглашение в организацию Чай"),
            (bo.email.as_str(), "Invitation to Чай"),
        ] {
            let reply = post(app, &ada, &path, json!({ "email": email, "role": "viewer" })).await;
            assert_eq!(reply.status, 201, "{}", reply.json());
            let mail = app.mails_to(email).await.pop().unwrap();
            assert_eq!(mail.subject, subject);
        }
    });
}

/// The link shows nothing; its token gives the person of the address the reason.
#[test]
fn the_link_of_a_revoked_invitation_is_refused() {
    test(async |app| {
        let (ada, eve) = (person(app, "ada").await, stranger(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &eve, "viewer").await;
        let token = json!({ "token": app.mailed_token(&eve.email).await });
        assert_eq!(app.post("/api/v1/invitations/preview", token.clone()).await.status, 200);
        let path = format!("organizations/{id}/invitations/{invitation}");
        assert_eq!(delete(app, &ada, &path).await.status, 204);
        let shown = app.post("/api/v1/invitations/preview", token.clone()).await;
        assert_eq!(refused(&shown), (404, "not_found"));
        for verb in ["accept", "decline"] {
            let reply = post(app, &eve, &format!("invitations/{invitation}/{verb}"), token.clone()).await;
            assert_eq!(refused(&reply), (409, "invitation_revoked"), "{verb}");
        }
        assert_eq!(numbers(app, &id).await, [(1, 1); 2]);
    });
}

/// A stack that sends no mail of invitations: the test delivers the event.
fn deaf(template: &mut Value) {
    with_cheap_passwords(template);
    let pattern = &mut template["Resources"]["NotificationsRule"]["Properties"]["EventPattern"];
    pattern["detail-type"].as_array_mut().unwrap().retain(|kind| kind != "organization.invited");
}

/// A mail that the provider refuses is tried again; one that bounces later is unknown to the
/// platform. Neither ends the invitation before its time.
#[test]
fn a_mail_that_does_not_arrive_leaves_the_invitation_pending() {
    test_of(deaf, async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        let before = pending(app, &ada, &id).await;
        let event = app.outbox(&format!("INVITATION#{invitation}"), "INVITATION").await[0].clone();
        let invited: OrganizationInvited = serde_json::from_value(event["data"].clone()).unwrap();
        let version = event["aggregate_version"].as_u64().unwrap();
        let invited = || DomainEvent::OrganizationInvited(invited.clone());
        let sent = app.mails_to(&bo.email).await.len();

        let mut environment = app.environment("Notifications");
        let provider = environment.aws.http_client().unwrap();
        let refuses = answering(provider, |call: &str| {
            let refusal = r#"{"__type":"MessageRejected","message":"Address is on the suppression list."}"#;
            call.contains("FromEmailAddress").then(|| (400, refusal.to_owned()))
        });
        environment.aws = environment.aws.into_builder().http_client(refuses).build();
        // No log lines: the failure is the test's.
        environment.log = Log::from_fn(|_| {});
        let notifications = ::notifications::consumer(environment).await.unwrap();
        assert!(!app.hand_over(&notifications, invited(), version).await, "delivered again");
        assert_eq!(app.mails_to(&bo.email).await.len(), sent);
        assert_eq!(pending(app, &ada, &id).await, before);

        // After the lease of the failed attempt.
        app.advance(Duration::from_mins(1));
        let notifications = ::notifications::consumer(app.environment("Notifications")).await.unwrap();
        assert!(app.hand_over(&notifications, invited(), version).await);
        assert_eq!(app.mails_to(&bo.email).await.len(), sent + 1);
        assert_eq!(pending(app, &ada, &id).await, before);
        assert_eq!((&before[0]["status"], &before[0]["expired"]), (&json!("pending"), &json!(false)));

        app.advance(Duration::from_hours(7 * 24));
        let (ada, bo) = (again(app, ada).await, again(app, bo).await);
        assert_eq!(pending(app, &ada, &id).await[0]["expired"], json!(true));
        assert_eq!(refused(&accept(app, &bo, &invitation).await), (409, "invitation_expired"));
    });
}

/// The event of a deleted account has no address: the invitation is left to its time.
#[test]
fn an_invitation_outlives_the_account_of_the_invited_person() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        let invitations =
            [invite(app, &ada, &id, &bo, "staff").await, invite(app, &ada, &id, &eve, "staff").await];
        let before = pending(app, &ada, &id).await;
        for invited in [&bo, &eve] {
            assert_eq!(delete(app, invited, "users/me").await.status, 204);
        }
        app.platform.settle().await;
        assert_eq!(pending(app, &ada, &id).await, before);

        // It is the address that is invited: a later account of it may accept.
        let later = person(app, "bo").await;
        assert_ne!(later.id, bo.id);
        assert_eq!(accept(app, &later, &invitations[0]).await.status, 200);
        assert_eq!(numbers(app, &id).await, [(1, 2); 2]);

        app.advance(Duration::from_hours(7 * 24));
        let (ada, later) = (again(app, ada).await, person(app, "eve").await);
        let left = pending(app, &ada, &id).await;
        let left: Vec<_> = left.iter().map(|it| (&it["id"], &it["expired"])).collect();
        assert_eq!(left, [(&json!(invitations[1]), &json!(true))]);
        assert_eq!(refused(&accept(app, &later, &invitations[1]).await), (409, "invitation_expired"));
    });
}

#[test]
fn the_invitations_of_a_deleted_account_stay_and_need_another_inviter() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let invitation = invite(app, &bo, &id, &eve, "staff").await;
        let before = pending(app, &ada, &id).await;
        assert_eq!(delete(app, &bo, "users/me").await.status, 204);
        app.platform.settle().await;
        assert_eq!(pending(app, &ada, &id).await, before);
        assert_eq!(refused(&accept(app, &eve, &invitation).await), (409, "inviter_may_not_invite"));
        let resend = format!("organizations/{id}/invitations/{invitation}/resend");
        assert_eq!(post(app, &ada, &resend, json!({})).await.status, 202);
        assert_eq!(accept(app, &eve, &invitation).await.status, 200);
        assert_eq!(numbers(app, &id).await, [(1, 2); 2]);
    });
}
