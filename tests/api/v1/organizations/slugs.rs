//! Slugs: unique, derived from names, held after a change.

use std::time::Duration;

use serde_json::json;

use super::*;

#[test]
fn a_slug_is_unique_and_a_derived_one_evades() {
    test(async |app| {
        let ada = person(app, "ada").await;
        organization(app, &ada, "Tea").await;
        let second = post(app, &ada, "organizations", json!({ "name": "Tea" })).await.json();
        let slug = second["slug"].as_str().unwrap();
        assert!(slug.starts_with("tea-") && slug.len() > 10, "{slug}");
        let taken = post(app, &ada, "organizations", json!({ "name": "Teas", "slug": "tea" })).await;
        assert_eq!(refused(&taken), (409, "organization_slug_taken"));
        let path = format!("organizations/{}", second["id"].as_str().unwrap());
        let taken = patch(app, &ada, &path, json!({ "slug": "tea" })).await;
        assert_eq!(refused(&taken), (409, "organization_slug_taken"));
        let nameless = post(app, &ada, "organizations", json!({ "name": "!!!" })).await.json();
        assert!(nameless["slug"].as_str().unwrap().starts_with("org-"));
    });
}

/// The path of such a slug also fits the pattern of another operation.
#[test]
fn a_slug_may_be_the_word_of_another_path() {
    test(async |app| {
        let ada = person(app, "ada").await;
        for word in ["members", "verify", "mine"] {
            let id = organization(app, &ada, word).await;
            let found = app.get(&format!("/api/v1/organizations/by-slug/{word}")).await.json();
            assert_eq!((&found["id"], &found["slug"]), (&json!(id), &json!(word)));
        }
    });
}

#[test]
fn a_former_slug_leads_on_for_90_days() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}");
        assert_eq!(patch(app, &ada, &path, json!({ "slug": "leaves" })).await.json()["slug"], "leaves");
        for slug in ["tea", "leaves"] {
            let found = app.get(&format!("/api/v1/organizations/by-slug/{slug}")).await.json();
            assert_eq!((&found["id"], &found["slug"]), (&json!(id), &json!("leaves")), "{slug}");
        }
        let take = async |app: &App, person: &Person| {
            post(app, person, "organizations", json!({ "name": "Tea", "slug": "tea" })).await
        };
        assert_eq!(refused(&take(app, &bo).await), (409, "organization_slug_taken"));
        app.advance(Duration::from_hours(90 * 24));
        assert_eq!(app.get("/api/v1/organizations/by-slug/tea").await.status, 404);
        let bo =
            Person { token: app.log_in(&bo.email).await["access_token"].as_str().unwrap().to_owned(), ..bo };
        assert_eq!(take(app, &bo).await.status, 201);
    });
}

#[test]
fn an_organization_takes_its_former_slug_back() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let path = format!("organizations/{}", organization(app, &ada, "Tea").await);
        for slug in ["leaves", "tea", "leaves"] {
            let reply = patch(app, &ada, &path, json!({ "slug": slug })).await;
            assert_eq!((reply.status, &reply.json()["slug"]), (200, &json!(slug)));
        }
        let bo = person(app, "bo").await;
        join(app, &ada, path.split('/').nth(1).unwrap(), &bo, "admin").await;
        let reply = patch(app, &bo, &path, json!({ "slug": "tea" })).await;
        assert_eq!((refused(&reply), &reply.json()["needs"]), ((403, "not_permitted"), &json!("owner")));
    });
}

#[test]
fn an_administrator_of_the_platform_who_is_an_admin_changes_the_slug() {
    test(async |app| {
        let (ada, root) = (person(app, "ada").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}");
        let appointed = post(app, &root, &format!("{path}/appoint"), json!({ "user_id": root.id })).await;
        assert_eq!(appointed.status, 200);
        assert_eq!(patch(app, &ada, &member(&id, &root), json!({ "role": "admin" })).await.status, 200);
        let reply = patch(app, &root, &path, json!({ "slug": "leaves" })).await;
        assert_eq!((reply.status, &reply.json()["slug"]), (200, &json!("leaves")));
        app.platform.settle().await;
        let events = app.outbox(&format!("ORG#{id}"), "ORG").await;
        assert_eq!(events[0]["data"]["actor_kind"], "administrator");
    });
}
