//! Rules of every path: problems, headers, and the platform's own pages.

use axum::body::Body;
use http::{Method, Request};

use crate::harness::test;

#[test]
fn an_unknown_path_is_a_problem() {
    test(async |app| {
        for path in ["/nothing", "/api/v1/auth/nothing", "/api/v2", "//", "/%00", "/api/v1/auth/me/x"] {
            let reply = app.get(path).await;
            assert_eq!(reply.problem(), (404, "not_found".to_owned()), "{path}");
        }
    });
}

#[test]
fn a_wrong_method_says_which_are_right() {
    test(async |app| {
        let reply = app.get("/api/v1/auth/register").await;
        assert_eq!(reply.problem(), (405, "method_not_allowed".to_owned()));
        assert_eq!(reply.header("allow"), "POST");
        let delete = Request::builder().method(Method::DELETE).uri("/health").body(Body::empty());
        let reply = app.send(delete.unwrap()).await;
        assert_eq!((reply.problem().0, reply.header("allow")), (405, "GET,HEAD"));
    });
}

#[test]
fn a_request_has_one_id_and_a_bad_one_is_replaced() {
    test(async |app| {
        let with_id =
            |id: &str| Request::get("/health").header("x-request-id", id).body(Body::empty()).unwrap();
        assert_eq!(app.send(with_id("mine")).await.header("x-request-id"), "mine");
        for id in ["", "has space", &"x".repeat(65)] {
            let given = app.send(with_id(id)).await;
            assert!(given.header("x-request-id").starts_with("req_"), "{id:?}");
        }
    });
}

#[test]
fn replies_carry_security_headers() {
    test(async |app| {
        for path in ["/health", "/nothing", "/docs"] {
            let reply = app.get(path).await;
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
            assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(!reply.header("cache-control").is_empty(), "{path}");
        }
    });
}

#[test]
fn a_log_line_is_well_under_a_kilobyte() {
    test(async |app| {
        app.register().await;
        let lines = app.lines.of("auth-api");
        let longest = lines.iter().map(|line| serde_json::to_string(line).unwrap().len()).max().unwrap();
        assert!(longest + 250 < 1_024, "{longest} bytes, the gateway's line apart");
    });
}

#[test]
fn the_account_pages_are_made_of_their_own_files() {
    test(async |app| {
        let page = app.get("/account/confirm-email?token=x").await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        let page = String::from_utf8(page.bytes).unwrap();
        assert!(!page.contains("https://"), "nothing comes from elsewhere");
        for file in ["/account/confirm-email.js", "/components/session.js", "/components/page.css"] {
            assert_eq!(app.get(file).await.status, 200, "{file}");
        }
        assert_eq!(app.get("/account/nothing").await.problem().0, 404);
    });
}

#[test]
fn each_event_has_the_same_page() {
    test(async |app| {
        let search = app.get("/events?q=tea").await;
        let page = app.get("/events/evening-of-engines").await;
        let other = app.get("/events/another-evening").await;
        let managed = app.get("/events/manage").await;
        for reply in [&search, &page, &other, &managed] {
            assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"));
            let policy = reply.header("content-security-policy");
            assert!(
                policy.contains("script-src 'self'") && policy.contains("img-src data: https:"),
                "{policy}"
            );
        }
        assert_eq!(page.bytes, other.bytes);
        assert_ne!(page.bytes, managed.bytes);
        for file in ["/events/search/search.js", "/events/event/event.js", "/events/shared/events.css"] {
            assert_eq!(app.get(file).await.status, 200, "{file}");
        }
        for path in ["/events/nothing.js", "/events/search/nothing", "/events/a/b", "/account/nothing"] {
            assert_eq!(app.get(path).await.problem().0, 404, "{path}");
        }
    });
}

#[test]
fn the_document_and_its_page_are_served() {
    test(async |app| {
        let document = app.get("/openapi.json").await;
        assert_eq!((document.status, document.json()["openapi"].as_str()), (200, Some("3.1.0")));
        let root = app.get("/").await;
        assert_eq!((root.status, root.header("location")), (303, "/docs"));
        let page = app.get("/docs").await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        let page = String::from_utf8(page.bytes).unwrap();
        assert!(!page.contains("https://"), "nothing comes from elsewhere");
        for asset in ["swagger-ui.css", "swagger-ui-bundle.js", "docs.js"] {
            assert_eq!(app.get(&format!("/docs/{asset}")).await.status, 200, "{asset}");
        }
        assert_eq!(app.get("/docs/nothing.js").await.problem().0, 404);
    });
}
