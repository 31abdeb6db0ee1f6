//! Answers of invited people.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    invitations::again,
    overtaken::{Change, update},
    *,
};

async fn answer(app: &App, person: &Person, invitation: &str, verb: &str, body: Value) -> Reply {
    post(app, person, &format!("invitations/{invitation}/{verb}"), body).await
}

#[test]
fn a_person_without_an_account_registers_and_joins_with_the_link() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let id = organization(app, &ada, "Tea").await;
        let body = json!({ "email": "New-Marker@example.com", "role": "editor" });
        let invited = post(app, &ada, &format!("organizations/{id}/invitations"), body).await.json();
        let invitation = invited["id"].as_str().unwrap();
        let token = app.mailed_token("new-marker@example.com").await;
        let new = stranger(app, "new").await;
        assert_eq!(get(app, &new, "invitations").await.json()["data"], json!([]), "not verified");
        let refusal = answer(app, &new, invitation, "accept", json!({})).await;
        assert_eq!(refused(&refusal), (403, "email_not_verified"));
        let joined = answer(app, &new, invitation, "accept", json!({ "token": token })).await;
        assert_eq!((joined.status, &joined.json()["role"]), (200, &json!("editor")));
        assert_eq!(role(app, &ada, &id, &new).await, "editor");
        let item = app.item(&format!("INVITATION#{invitation}"), "INVITATION").await.unwrap();
        assert!(!format!("{item:?}").contains("-marker@"), "the address is removed: {item:?}");
    });
}

#[test]
fn a_verified_person_sees_the_invitation_and_joins_once() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        let mine = get(app, &bo, "invitations").await.json();
        assert_eq!(mine["data"][0]["id"], json!(invitation));
        assert_eq!(mine["data"][0]["organization"]["slug"], "tea");
        let (first, second) = (accept(app, &bo, &invitation).await, accept(app, &bo, &invitation).await);
        assert_eq!((first.status, second.status, second.json()), (200, 200, first.json()));
        assert_eq!(get(app, &bo, "invitations").await.json()["data"], json!([]));
        assert_eq!(get(app, &bo, "organizations/mine").await.json()["data"][0]["role"], "staff");
        assert_eq!(numbers(app, &id).await, [(1, 2); 2]);
        app.platform.settle().await;
        let events = app.outbox(&format!("MEMBER#{id}"), &bo.id).await;
        let data = &events[0]["data"];
        assert_eq!((&data["inviter_id"], &data["actor_kind"]), (&json!(ada.id), &json!("person")));
    });
}

#[test]
fn an_invitation_is_for_its_address() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        let token = app.mailed_token(&bo.email).await;
        for verb in ["accept", "decline"] {
            assert_eq!(answer(app, &eve, &invitation, verb, json!({})).await.status, 404);
            let reply = answer(app, &eve, &invitation, verb, json!({ "token": token })).await;
            assert_eq!(refused(&reply), (403, "invitation_for_another_address"));
            assert_eq!(reply.json()["invited_email"], "b…@example.com");
        }
        assert_eq!(accept(app, &bo, &invitation).await.status, 200);
        // The address is removed with the end.
        let reply = answer(app, &eve, &invitation, "accept", json!({ "token": token })).await;
        assert_eq!(refused(&reply), (403, "invitation_for_another_address"));
        assert_eq!(reply.json().get("invited_email"), None);
    });
}

#[test]
fn an_invitation_follows_the_address_to_another_account() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let moving = person(app, "moving").await;
        let invitation = invite(app, &ada, &id, &moving, "staff").await;
        let moved = json!({ "email": "moved-marker@example.com" });
        assert_eq!(patch(app, &moving, "users/me", moved).await.status, 200);
        let confirm = json!({ "token": app.mailed_token("moved-marker@example.com").await });
        assert_eq!(post(app, &moving, "auth/email-verification-confirm", confirm).await.status, 204);
        assert_eq!(accept(app, &moving, &invitation).await.status, 404);
        let taken = json!({ "email": "moving-marker@example.com" });
        assert_eq!(patch(app, &bo, "users/me", taken).await.status, 200);
        let confirm = json!({ "token": app.mailed_token("moving-marker@example.com").await });
        assert_eq!(post(app, &bo, "auth/email-verification-confirm", confirm).await.status, 204);
        assert_eq!(accept(app, &bo, &invitation).await.status, 200);
    });
}

#[test]
fn a_declined_invitation_can_follow_by_another() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        assert_eq!(answer(app, &bo, &invitation, "decline", json!({})).await.status, 204);
        assert_eq!(answer(app, &bo, &invitation, "decline", json!({})).await.status, 204, "idempotent");
        assert_eq!(refused(&accept(app, &bo, &invitation).await), (409, "invitation_declined"));
        join(app, &ada, &id, &bo, "viewer").await;
        let reply = answer(app, &bo, &invitation, "decline", json!({})).await;
        assert_eq!(refused(&reply), (409, "invitation_accepted"));
    });
}

#[test]
fn the_inviter_must_still_be_allowed_to_invite() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let invitation = invite(app, &bo, &id, &eve, "admin").await;
        let demoted = patch(app, &ada, &member(&id, &bo), json!({ "role": "editor" })).await;
        assert_eq!(demoted.status, 200);
        assert_eq!(refused(&accept(app, &eve, &invitation).await), (409, "inviter_may_not_invite"));
        assert_eq!(delete(app, &ada, &member(&id, &bo)).await.status, 204);
        assert_eq!(refused(&accept(app, &eve, &invitation).await), (409, "inviter_may_not_invite"));
        let resend = format!("organizations/{id}/invitations/{invitation}/resend");
        assert_eq!(post(app, &ada, &resend, json!({})).await.status, 202);
        assert_eq!(accept(app, &eve, &invitation).await.status, 200);
    });
}

#[test]
fn nobody_joins_a_blocked_or_deleted_organization() {
    test(async |app| {
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        assert_eq!(post(app, &root, &format!("organizations/{id}/block"), Value::Null).await.status, 200);
        assert_eq!(refused(&accept(app, &bo, &invitation).await), (409, "organization_blocked"));
        assert_eq!(delete(app, &root, &format!("organizations/{id}")).await.status, 204);
        assert_eq!(accept(app, &bo, &invitation).await.status, 404);
    });
}

#[test]
fn nobody_joins_a_closed_organization() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        // Before the event has revoked the invitation.
        let closing = Change { sk: "COUNTERS", attribute: "status", value: "closed" };
        update(app, &id, &closing).send().await.unwrap();
        assert_eq!(refused(&accept(app, &bo, &invitation).await), (409, "organization_closed"));
        update(app, &id, &Change { value: "active", ..closing }).send().await.unwrap();
        assert_eq!(delete(app, &ada, "users/me").await.status, 204);
        app.platform.settle().await;
        assert_eq!(refused(&accept(app, &bo, &invitation).await), (409, "invitation_revoked"));
        assert_eq!(numbers(app, &id).await, [(0, 0); 2]);
    });
}

#[test]
fn invitations_of_a_blocked_organization_are_not_shown() {
    test(async |app| {
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        let token = json!({ "token": app.mailed_token(&bo.email).await });
        for (verb, status, listed) in
            [("block", 404, json!([])), ("unblock", 200, json!([json!(invitation)]))]
        {
            let moderated = post(app, &root, &format!("organizations/{id}/{verb}"), Value::Null).await;
            assert_eq!(moderated.status, 200);
            assert_eq!(app.post("/api/v1/invitations/preview", token.clone()).await.status, status, "{verb}");
            let mine = get(app, &bo, "invitations").await.json();
            let ids: Vec<_> = mine["data"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
            assert_eq!(json!(ids), listed, "{verb}");
        }
    });
}

/// No index leads from an address to a member, so a founder can be invited.
#[test]
fn an_invitation_of_a_member_ends_with_the_acceptance() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let invitation = invite(app, &bo, &id, &ada, "viewer").await;
        for _ in 0..2 {
            let reply = accept(app, &ada, &invitation).await;
            assert_eq!((reply.status, &reply.json()["role"]), (200, &json!("owner")));
        }
        assert_eq!(numbers(app, &id).await, [(1, 2); 2]);
        let path = format!("organizations/{id}/invitations");
        for list in ["invitations".to_owned(), path.clone()] {
            assert_eq!(get(app, &ada, &list).await.json()["data"], json!([]), "{list}");
        }
        let accepted = get(app, &ada, &format!("{path}?status=accepted")).await.json();
        let accepted = accepted["data"].as_array().unwrap();
        let found = accepted.iter().find(|found| found["id"] == json!(invitation)).unwrap();
        assert_eq!(found["email"], Value::Null);
        let body = json!({ "email": ada.email, "role": "viewer" });
        assert_eq!(refused(&post(app, &bo, &path, body).await), (409, "already_member"));
    });
}

#[test]
fn an_expired_invitation_of_a_member_is_not_accepted() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let invitation = invite(app, &bo, &id, &ada, "viewer").await;
        app.advance(Duration::from_hours(7 * 24));
        let ada = again(app, ada).await;
        assert_eq!(refused(&accept(app, &ada, &invitation).await), (409, "invitation_expired"));
    });
}

#[test]
fn a_deleted_account_accepts_nothing() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let invitation = invite(app, &ada, &id, &bo, "staff").await;
        assert_eq!(delete(app, &bo, "users/me").await.status, 204);
        // Within the interval in which every function reads the revocations.
        assert!([401, 404].contains(&accept(app, &bo, &invitation).await.status));
        app.platform.settle().await;
        app.advance(Duration::from_mins(1));
        let ada = again(app, ada).await;
        assert_eq!((role(app, &ada, &id, &bo).await.as_str(), numbers(app, &id).await), ("", [(1, 1); 2]));
    });
}
