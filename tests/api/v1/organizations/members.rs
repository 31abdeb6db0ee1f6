//! Members: roles, removals, transfers.

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::{invitations::again, *};

#[test]
fn members_see_everyone_and_others_see_public_members() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "staff").await;
        let path = format!("organizations/{id}/members");
        let list = get(app, &bo, &path).await.json();
        let roles: Vec<_> =
            list["data"].as_array().unwrap().iter().map(|it| it["role"].as_str().unwrap()).collect();
        assert_eq!(
            (roles, &list["data"][0]["name"]),
            (vec!["owner", "staff"], &json!("Ada Marker-Lovelace"))
        );
        assert_eq!(
            get(app, &bo, &format!("{path}?role=staff")).await.json()["data"][0]["user_id"],
            json!(bo.id)
        );
        let shown =
            async |person: &Person| get(app, person, &path).await.json()["data"].as_array().unwrap().len();
        assert_eq!(shown(&eve).await, 0);
        assert_eq!(get(app, &eve, &member(&id, &bo)).await.status, 404);

        let other = patch(app, &ada, &member(&id, &bo), json!({ "public": true })).await;
        assert_eq!(refused(&other), (403, "forbidden"));
        assert_eq!(
            patch(app, &bo, &member(&id, &bo), json!({ "public": true })).await.json()["public"],
            true
        );
        assert_eq!((shown(&eve).await, get(app, &eve, &member(&id, &bo)).await.status), (1, 200));
        assert_eq!(app.get(&format!("/api/v1/{path}")).await.json()["data"].as_array().unwrap().len(), 1);
        assert_eq!(app.get(&format!("/api/v1/organizations/{id}")).await.json()["member_count"], 2);
    });
}

#[test]
fn roles_change_within_the_ceiling() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        join(app, &ada, &id, &eve, "viewer").await;
        let change = async |actor: &Person, target: &Person, role: &str| {
            patch(app, actor, &member(&id, target), json!({ "role": role })).await
        };
        assert_eq!(change(&bo, &eve, "admin").await.json()["role"], "admin");
        assert_eq!(refused(&change(&bo, &eve, "staff").await), (403, "role_above_own"), "an equal");
        assert_eq!(refused(&change(&bo, &ada, "viewer").await), (403, "role_above_own"));
        assert_eq!(refused(&change(&bo, &bo, "owner").await), (403, "role_above_own"));
        assert_eq!(change(&ada, &eve, "owner").await.json()["role"], "owner", "an owner grants owner");
        assert_eq!(numbers(app, &id).await, [(2, 3); 2]);
        assert_eq!(change(&eve, &ada, "editor").await.json()["role"], "editor");
        assert_eq!(refused(&change(&ada, &bo, "viewer").await), (403, "not_permitted"));
        assert_eq!(refused(&change(&eve, &eve, "admin").await), (409, "last_owner"));
        assert_eq!(change(&bo, &bo, "viewer").await.json()["role"], "viewer", "anyone lowers their own");
        assert_eq!(refused(&change(&bo, &bo, "staff").await), (403, "role_above_own"));
        let unknown = change(&eve, &bo, "king").await;
        assert_eq!(unknown.faults()[0].0, "/role");
        let nobody = stranger(app, "nobody").await;
        assert_eq!(change(&eve, &nobody, "viewer").await.status, 404);
        assert_eq!(numbers(app, &id).await, [(1, 3); 2]);
        app.platform.settle().await;
        let events = app.outbox(&format!("MEMBER#{id}"), &bo.id).await;
        let data = &events[0]["data"];
        assert_eq!((&data["previous_role"], &data["role"]), (&json!("admin"), &json!("viewer")));
        assert_eq!(
            (&events[0]["type"], &data["actor_kind"]),
            (&json!("organization.member_role_changed"), &json!("person"))
        );
    });
}

#[test]
fn members_leave_and_are_removed_within_the_ceiling() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        join(app, &ada, &id, &eve, "staff").await;
        let leave = format!("organizations/{id}/leave");
        assert_eq!(refused(&post(app, &ada, &leave, json!({})).await), (409, "last_owner"));
        assert_eq!(refused(&delete(app, &ada, &member(&id, &ada)).await), (409, "last_owner"));
        assert_eq!(refused(&delete(app, &bo, &member(&id, &ada)).await), (403, "role_above_own"));
        assert_eq!(refused(&delete(app, &eve, &member(&id, &bo)).await), (403, "not_permitted"));
        assert_eq!(delete(app, &bo, &member(&id, &eve)).await.status, 204);
        assert_eq!(delete(app, &bo, &member(&id, &eve)).await.status, 204, "idempotent");
        assert_eq!(role(app, &ada, &id, &eve).await, "");
        assert_eq!(post(app, &bo, &leave, json!({})).await.status, 204);
        assert_eq!(post(app, &bo, &leave, json!({})).await.status, 204, "idempotent");
        assert_eq!(numbers(app, &id).await, [(1, 1); 2]);
        // A former member comes back, as another membership.
        join(app, &ada, &id, &eve, "viewer").await;
        assert_eq!(
            (role(app, &ada, &id, &eve).await.as_str(), numbers(app, &id).await),
            ("viewer", [(1, 2); 2])
        );
    });
}

#[test]
fn a_removed_member_can_do_nothing_from_then_on() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let path = format!("organizations/{id}");
        for number in 0..3 {
            let reply = patch(app, &bo, &path, json!({ "summary": format!("Leaves {number}.") })).await;
            assert_eq!(reply.status, 200);
        }
        assert_eq!(delete(app, &ada, &member(&id, &bo)).await.status, 204);
        let reply = patch(app, &bo, &path, json!({ "summary": "Mine." })).await;
        assert_eq!((refused(&reply), &reply.json()["needs"]), ((403, "not_permitted"), &json!("admin")));
        let invited = json!({ "email": "eve-marker@example.com", "role": "viewer" });
        assert_eq!(
            refused(&post(app, &bo, &format!("{path}/invitations"), invited).await),
            (403, "not_permitted")
        );
    });
}

#[test]
fn ownership_is_transferred_to_a_member_with_recent_authentication() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "viewer").await;
        let path = format!("organizations/{id}/transfer");
        let to = |person: &Person| json!({ "user_id": person.id });
        assert_eq!(refused(&post(app, &ada, &path, to(&eve)).await), (409, "not_a_member"));
        assert_eq!(post(app, &ada, &path, to(&ada)).await.faults()[0].1, "already_owner");
        assert_eq!(refused(&post(app, &bo, &path, to(&bo)).await).0, 422);
        assert_eq!(refused(&post(app, &bo, &path, to(&ada)).await), (403, "not_permitted"));
        let reply = post(app, &ada, &path, json!({ "user_id": bo.id, "keep_role": "editor" })).await;
        assert_eq!((reply.status, &reply.json()["role"]), (200, &json!("editor")));
        assert_eq!(
            (role(app, &bo, &id, &bo).await.as_str(), numbers(app, &id).await),
            ("owner", [(1, 2); 2])
        );
        app.platform.settle().await;
        let events = app.outbox(&format!("MEMBER#{id}"), &bo.id).await;
        assert_eq!(events[0]["type"], "organization.ownership_transferred");
        assert_eq!(events[0]["data"]["previous_owner_id"], json!(ada.id));
        app.advance(Duration::from_mins(6));
        let reply = post(app, &bo, &path, to(&ada)).await;
        assert_eq!(refused(&reply), (401, "insufficient_user_authentication"));
    });
}

#[test]
fn granting_the_role_of_owners_requires_recent_authentication() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let root = administrator(app).await;
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let waiting = invite(app, &ada, &id, &eve, "owner").await;
        app.advance(Duration::from_mins(6));
        let invitations = format!("organizations/{id}/invitations");
        let (role, body) = (json!({ "role": "owner" }), json!({ "user_id": bo.id }));
        let invited = |role| json!({ "email": "guest-marker@example.com", "role": role });
        let grant = async |ada: &Person, root: &Person| {
            [
                post(app, ada, &invitations, invited("owner")).await,
                post(app, ada, &format!("{invitations}/{waiting}/resend"), json!({})).await,
                patch(app, ada, &member(&id, &bo), role.clone()).await,
                post(app, root, &format!("organizations/{id}/appoint"), body.clone()).await,
            ]
        };
        for reply in grant(&ada, &root).await {
            assert_eq!(refused(&reply), (401, "insufficient_user_authentication"));
        }
        assert_eq!(numbers(app, &id).await, [(1, 2); 2]);
        // Without the role, a caller is not asked for the password.
        let refusal = patch(app, &bo, &member(&id, &bo), role.clone()).await;
        assert_eq!(refused(&refusal), (403, "role_above_own"));
        // Other roles need no password.
        assert_eq!(post(app, &ada, &invitations, invited("admin")).await.status, 201);
        let editor = json!({ "role": "editor" });
        assert_eq!(patch(app, &ada, &member(&id, &bo), editor).await.status, 200);
        let (ada, root) = (again(app, ada).await, again(app, root).await);
        let granted = grant(&ada, &root).await.map(|reply| reply.status);
        assert_eq!(granted, [201, 202, 200, 200]);
        assert_eq!(numbers(app, &id).await, [(2, 2); 2]);
    });
}

#[test]
fn a_stale_version_of_a_member_is_refused() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "viewer").await;
        let path = format!("/api/v1/{}", member(&id, &bo));
        for method in [Method::PATCH, Method::DELETE] {
            let call = app.request(method, &path).token(&ada.token).header("if-match", "\"7\"");
            assert_eq!(refused(&call.json(&json!({ "role": "staff" })).send().await), (412, "stale_version"));
        }
    });
}
