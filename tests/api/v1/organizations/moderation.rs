//! Commands of administrators of the platform.

use serde_json::{Value, json};

use super::*;

#[test]
fn an_organization_is_verified_and_says_so() {
    test(async |app| {
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}/verify");
        for _ in 0..2 {
            let reply = post(app, &root, &path, Value::Null).await;
            assert_eq!(
                (reply.status, &reply.json()["verified"], reply.header("etag")),
                (200, &json!(true), "\"2\"")
            );
        }
        let listed = app.get("/api/v1/organizations").await.json();
        assert_eq!(listed["data"][0]["verified"], true);
        app.platform.settle().await;
        let events = app.outbox(&format!("ORG#{id}"), "ORG").await;
        assert_eq!(events[0]["data"]["actor_kind"], "administrator");
    });
}

#[test]
fn a_new_name_ends_the_verification() {
    test(async |app| {
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}");
        for (method, name, verified) in [
            (Method::PATCH, "Tea", true),
            (Method::PUT, "Tea", true),
            (Method::PATCH, "National Bank", false),
            (Method::PUT, "Tea", false),
        ] {
            assert_eq!(post(app, &root, &format!("{path}/verify"), Value::Null).await.status, 200);
            let body = json!({ "name": name, "city": method.as_str() });
            let reply = ask(app, &ada, method.clone(), &path, body).await;
            assert_eq!((reply.status, &reply.json()["verified"]), (200, &json!(verified)), "{method} {name}");
            assert_eq!(app.get("/api/v1/organizations").await.json()["data"][0]["verified"], verified);
        }
        app.platform.settle().await;
        let data = &app.outbox(&format!("ORG#{id}"), "ORG").await[0]["data"];
        assert_eq!(
            (&data["changed"], &data["verified"]),
            (&json!(["name", "city", "verified"]), &json!(false))
        );
    });
}

#[test]
fn an_owner_deletes_a_blocked_organization_only_as_an_administrator() {
    test(async |app| {
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}");
        let appointed = post(app, &root, &format!("{path}/appoint"), json!({ "user_id": root.id })).await;
        assert_eq!(appointed.status, 200);
        assert_eq!(post(app, &root, &format!("{path}/block"), Value::Null).await.status, 200);
        assert_eq!(refused(&delete(app, &ada, &path).await), (409, "organization_blocked"));
        assert_eq!(delete(app, &root, &path).await.status, 204);
        assert_eq!(get(app, &root, &path).await.status, 404);
    });
}

#[test]
fn a_blocked_organization_leaves_the_lists_and_refuses_writes() {
    test(async |app| {
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let id = organization(app, &ada, "Tea House").await;
        join(app, &ada, &id, &bo, "staff").await;
        let guest = stranger(app, "guest").await;
        let invitation = invite(app, &ada, &id, &guest, "viewer").await;
        let path = format!("organizations/{id}");
        let blocked = post(app, &root, &format!("{path}/block"), Value::Null).await;
        assert_eq!((blocked.status, &blocked.json()["status"]), (200, &json!("blocked")));
        assert_eq!(app.get(&format!("/api/v1/{path}")).await.status, 404);
        assert_eq!(get(app, &bo, &path).await.json()["status"], "blocked");
        for query in ["", "?q=tea", "?q=house"] {
            assert_eq!(
                app.get(&format!("/api/v1/organizations{query}")).await.json()["data"],
                json!([]),
                "{query}"
            );
        }
        let listed = get(app, &root, "organizations?status=blocked").await.json();
        assert_eq!(listed["data"][0]["id"], json!(id));
        let writes = [
            patch(app, &ada, &path, json!({ "city": "Ulm" })).await,
            patch(app, &ada, &member(&id, &bo), json!({ "role": "viewer" })).await,
            post(
                app,
                &ada,
                &format!("{path}/invitations"),
                json!({ "email": "x-marker@example.com", "role": "viewer" }),
            )
            .await,
            post(app, &ada, &format!("{path}/transfer"), json!({ "user_id": bo.id })).await,
            post(app, &root, &format!("{path}/appoint"), json!({ "user_id": bo.id })).await,
            delete(app, &ada, &member(&id, &bo)).await,
            delete(app, &ada, &format!("{path}/invitations/{invitation}")).await,
            delete(app, &ada, &path).await,
        ];
        for reply in &writes {
            assert_eq!(refused(reply), (409, "organization_blocked"));
        }
        assert_eq!(
            post(app, &bo, &format!("{path}/leave"), Value::Null).await.status,
            204,
            "members may leave"
        );
        let unblocked = post(app, &root, &format!("{path}/unblock"), Value::Null).await;
        assert_eq!(unblocked.json()["status"], "active");
        assert_eq!(patch(app, &ada, &path, json!({ "city": "Ulm" })).await.status, 200);
        assert_eq!(app.get("/api/v1/organizations?q=house").await.json()["data"][0]["id"], json!(id));
    });
}

#[test]
fn an_administrator_appoints_an_owner() {
    test(async |app| {
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}/appoint");
        for _ in 0..2 {
            let reply = post(app, &root, &path, json!({ "user_id": bo.id })).await;
            assert_eq!((reply.status, &reply.json()["role"]), (200, &json!("owner")));
        }
        assert_eq!(numbers(app, &id).await, [(2, 2); 2]);
        let lowered = patch(app, &bo, &member(&id, &ada), json!({ "role": "viewer" })).await;
        assert_eq!(lowered.status, 200);
        assert_eq!(post(app, &root, &path, json!({ "user_id": ada.id })).await.status, 200, "a member");
        assert_eq!(numbers(app, &id).await, [(2, 2); 2]);
        assert_eq!(refused(&post(app, &ada, &path, json!({ "user_id": bo.id })).await), (403, "forbidden"));
    });
}
