//! Creation, profile, lists, deletion.

use http::Method;
use serde_json::{Value, json};

use super::*;
use crate::harness::test_of;

#[test]
fn an_organization_has_its_founder_as_owner() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let body = json!({
            "name": "Analytical Society", "summary": "Engines.", "city": "London",
            "website": "https://example.com", "links": ["https://example.com/a"],
            "description": "We meet.\nOn Tuesdays.", "logo_url": "https://example.com/l.png",
        });
        let reply = post(app, &ada, "organizations", body.clone()).await;
        assert_eq!((reply.status, reply.header("etag")), (201, "\"1\""));
        let made = reply.json();
        assert_eq!(
            reply.header("location"),
            format!("/api/v1/organizations/{}", made["id"].as_str().unwrap())
        );
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&made[name], value, "{name}");
        }
        assert_eq!((&made["slug"], &made["status"]), (&json!("analytical-society"), &json!("active")));
        assert_eq!((&made["me"]["role"], &made["member_count"]), (&json!("owner"), &json!(1)));
        assert_eq!(made["me"]["permissions"].as_array().unwrap().len(), 16);
        let path = format!("organizations/{}", made["id"].as_str().unwrap());
        assert_eq!(get(app, &ada, &path).await.json(), made);

        let public = app.get(&format!("/api/v1/{path}")).await;
        assert_eq!((public.status, public.json().get("me")), (200, None));
        assert_eq!(public.header("cache-control"), "public, max-age=5");
        app.platform.settle().await;
        let sent = app.platform.cloud().travelled().into_iter().map(|event| event.r#type);
        let sent: Vec<_> = sent.filter(|kind| kind.starts_with("organization.")).collect();
        assert_eq!(sent, ["organization.created", "organization.member_joined"]);
    });
}

#[test]
fn a_repeated_creation_returns_the_first_reply() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let create = async |body: Value| {
            let call = app.request(Method::POST, "/api/v1/organizations").token(&ada.token).json(&body);
            call.header("idempotency-key", "k").send().await
        };
        let (first, again) = (create(json!({ "name": "Tea" })).await, create(json!({ "name": "Tea" })).await);
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!((again.header("idempotent-replayed"), again.json()), ("true", first.json()));
        let other = create(json!({ "name": "Coffee" })).await;
        assert_eq!(refused(&other), (422, "idempotency_key_reused"));
    });
}

#[test]
fn creation_reports_every_fault_and_needs_a_verified_address() {
    let verified_only = |template: &mut Value| {
        with_cheap_passwords(template);
        let variables =
            &mut template["Resources"]["OrganizationsApi"]["Properties"]["Environment"]["Variables"];
        variables["REQUIRE_CONFIRMED_EMAIL"] = "true".into();
    };
    test_of(verified_only, async |app| {
        let (ada, bo) = (person(app, "ada").await, stranger(app, "bo").await);
        for name in ["Prize:evil.com", "claim/evil.com", "bit.ly/x"] {
            let faults = post(app, &ada, "organizations", json!({ "name": name })).await.faults();
            assert_eq!(faults, [("/name".to_owned(), "invalid_name".to_owned())], "{name}");
        }
        let body = json!({ "name": "see www.example.com", "slug": "A", "links": ["x"], "city": "" });
        let faults = post(app, &ada, "organizations", body).await.faults();
        let pointers: Vec<_> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/slug", "/links/0", "/city"]);
        let reply = post(app, &bo, "organizations", json!({ "name": "Tea" })).await;
        assert_eq!(refused(&reply), (403, "email_not_verified"));
        assert_eq!(post(app, &ada, "organizations", json!({ "name": "Tea" })).await.status, 201);
    });
}

#[test]
fn an_account_owns_ten_organizations() {
    test(async |app| {
        let ada = person(app, "ada").await;
        for number in 0..10 {
            organization(app, &ada, &format!("Tea {number}")).await;
        }
        let reply = post(app, &ada, "organizations", json!({ "name": "Tea" })).await;
        assert_eq!(refused(&reply), (409, "organization_limit_reached"));
        let mine = get(app, &ada, "organizations/mine?limit=100&role=owner").await.json();
        assert_eq!(mine["data"].as_array().unwrap().len(), 10);
    });
}

#[test]
fn the_profile_is_patched_and_replaced() {
    test(async |app| {
        let ada = person(app, "ada").await;
        let id = organization(app, &ada, "Tea").await;
        let path = format!("organizations/{id}");
        let body = json!({ "summary": "Leaves.", "links": ["https://example.com"], "city": "Ulm" });
        let reply = patch(app, &ada, &path, body).await;
        assert_eq!((reply.status, reply.header("etag")), (200, "\"2\""));
        assert_eq!((&reply.json()["name"], &reply.json()["city"]), (&json!("Tea"), &json!("Ulm")));
        let unchanged = patch(app, &ada, &path, json!({ "city": "Ulm" })).await;
        assert_eq!(unchanged.header("etag"), "\"2\"");
        let faults = patch(app, &ada, &path, json!({ "name": null, "colour": 1 })).await.faults();
        assert_eq!(faults.len(), 2);

        let replaced = ask(app, &ada, Method::PUT, &path, json!({ "name": "Teas" })).await;
        let body = replaced.json();
        assert_eq!(
            (&body["name"], &body["slug"], &body["city"]),
            (&json!("Teas"), &json!("tea"), &Value::Null)
        );
        assert_eq!(body["links"], json!([]));
        let faults = ask(app, &ada, Method::PUT, &path, json!({})).await.faults();
        assert_eq!(faults, [("/name".to_owned(), "required".to_owned())]);

        let stale = app.request(Method::PATCH, &format!("/api/v1/{path}")).token(&ada.token);
        let stale = stale.header("if-match", "\"1\"").json(&json!({ "city": "Bonn" })).send().await;
        assert_eq!(refused(&stale), (412, "stale_version"));
        app.platform.settle().await;
        let events = app.outbox(&format!("ORG#{id}"), "ORG").await;
        assert_eq!(events[0]["data"]["changed"], json!(["name", "summary", "links", "city"]));
        assert_eq!(events[0]["data"]["actor_kind"], "member");
    });
}

#[test]
fn organizations_are_listed_and_found_by_the_words_of_their_names() {
    test(async |app| {
        let ada = person(app, "ada").await;
        for name in ["Tea Teahouse", "Café Œuvre", "Green Tea"] {
            organization(app, &ada, name).await;
            // Ids of one moment have no order.
            app.advance(std::time::Duration::from_millis(1));
        }
        let names = async |query: &str| {
            let reply = app.get(&format!("/api/v1/organizations?{query}")).await;
            assert_eq!(reply.status, 200, "{query}");
            let page = reply.json();
            let names = page["data"].as_array().unwrap().iter();
            names.map(|found| found["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("").await, ["Green Tea", "Café Œuvre", "Tea Teahouse"]);
        assert_eq!(names("q=te").await, ["Tea Teahouse", "Green Tea"], "each once");
        assert_eq!(names("q=cafe").await, ["Café Œuvre"]);
        assert_eq!(names("q=%21").await.len(), 3, "a search without words is ignored");
        let first = app.get("/api/v1/organizations?q=te&limit=1").await.json();
        let next = format!("q=te&limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
        assert_eq!(
            (&first["data"][0]["name"], names(&next).await),
            (&json!("Tea Teahouse"), vec!["Green Tea".to_owned()])
        );
        let both = app.get("/api/v1/organizations?q=te&status=active").await;
        assert_eq!(refused(&both), (400, "unsupported_filter_combination"));
        assert_eq!(
            refused(&app.get("/api/v1/organizations?status=blocked").await),
            (401, "authentication_required")
        );
        assert_eq!(refused(&get(app, &ada, "organizations?status=blocked").await), (403, "forbidden"));
    });
}

#[test]
fn a_deleted_organization_ends_with_its_memberships() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea House").await;
        join(app, &ada, &id, &bo, "admin").await;
        let path = format!("organizations/{id}");
        let invitation = invite(app, &ada, &id, &eve, "staff").await;
        assert_eq!(refused(&delete(app, &bo, &path).await), (403, "not_permitted"));
        app.advance(std::time::Duration::from_mins(6));
        assert_eq!(refused(&delete(app, &ada, &path).await), (401, "insufficient_user_authentication"));
        let ada = Person {
            token: app.log_in(&ada.email).await["access_token"].as_str().unwrap().to_owned(),
            ..ada
        };
        assert_eq!(delete(app, &ada, &path).await.status, 204);
        assert_eq!(delete(app, &ada, &path).await.status, 204, "idempotent");
        app.platform.settle().await;
        assert_eq!(get(app, &ada, &path).await.status, 404);
        assert_eq!(get(app, &eve, "invitations").await.json()["data"], json!([]));
        for person in [&ada, &bo] {
            assert_eq!(get(app, person, "organizations/mine").await.json()["data"], json!([]));
        }
        assert_eq!(app.get("/api/v1/organizations?q=house").await.json()["data"], json!([]));
        let left = app.query(&format!("MEMBER#{id}")).await;
        assert!(left.iter().all(|item| item["type"].as_s().unwrap() == "tombstone"));
        let revoked = app.query(&format!("INVITATION#{invitation}")).await;
        assert!(revoked.iter().all(|item| !item["card"].as_m().unwrap().contains_key("email")));
        let taken = post(app, &bo, "organizations", json!({ "name": "T", "slug": "tea-house" })).await;
        assert_eq!(refused(&taken), (409, "organization_slug_taken"));
    });
}
