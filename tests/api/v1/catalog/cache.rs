//! Maximum age of cached replies, and the callers who bypass the cache.

use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, Response};
use serde_json::json;
use shared::{http::Service, lambda::Invocation};

use super::{CATEGORIES, PRODUCTS, administrator, all, category, path, product, send};
use crate::harness::{App, test};

/// Another instance of the function.
async fn instance(app: &App) -> Service {
    catalog::api(app.environment("CatalogApi")).await.unwrap()
}

async fn get(service: &Service, path: &str) -> Response<Body> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    let request = Request::get(path).body(Body::empty()).unwrap();
    service.call(request, Invocation { deadline, client_address: None }).await
}

fn tag(response: &Response<Body>) -> &str {
    response.headers()["etag"].to_str().unwrap()
}

#[test]
fn an_anonymous_copy_is_five_seconds_old_at_most() {
    test(async |app| {
        let root = administrator(app).await;
        let made = product(app, &root, "Tea", 1, &[]).await;
        let place = path(PRODUCTS, &made);
        let other = instance(app).await;
        assert_eq!(tag(&get(&other, &place).await), "\"1-0\"");
        assert_eq!(send(app, &root, Method::PATCH, &place, json!({ "title": "Mint" })).await.status, 200);
        assert_eq!(app.get(&place).await.header("etag"), "\"2-0\"", "who writes knows at once");
        app.advance(Duration::from_secs(4));
        let copy = get(&other, &place).await;
        assert_eq!(
            (tag(&copy), copy.headers()["cache-control"].to_str().unwrap()),
            ("\"1-0\"", "public, max-age=1")
        );
        app.advance(Duration::from_secs(1));
        assert_eq!(tag(&get(&other, &place).await), "\"2-0\"");
    });
}

#[test]
fn a_tree_is_five_seconds_old_at_most_and_never_for_a_token() {
    test(async |app| {
        let root = administrator(app).await;
        let a = category(app, &root, "A", None).await;
        let other = instance(app).await;
        let first = get(&other, CATEGORIES).await;
        let b = category(app, &root, "B", None).await;
        assert_eq!(all(app, CATEGORIES, "slug").await, ["a", "b"], "who writes knows at once");
        assert_eq!(tag(&get(&other, CATEGORIES).await), tag(&first));
        app.advance(Duration::from_secs(5));
        assert_ne!(tag(&get(&other, CATEGORIES).await), tag(&first));
        let body = json!({ "parent_id": a });
        assert_eq!(app.post_as(&root, &format!("{CATEGORIES}/{b}/move"), body).await.status, 200);
        let shown = app.get_as(&root, &format!("{CATEGORIES}/{b}")).await;
        assert_eq!(
            (shown.json()["level"].as_u64(), shown.header("cache-control")),
            (Some(1), "private, no-cache")
        );
    });
}

fn max_age(response: &Response<Body>) -> &str {
    response.headers()["cache-control"].to_str().unwrap()
}

#[test]
fn a_reply_from_several_cached_copies_has_the_age_of_the_oldest() {
    test(async |app| {
        let root = administrator(app).await;
        let a = category(app, &root, "A", None).await;
        let made = product(app, &root, "Tea", 1, &[&a]).await;
        let by_slug = format!("{PRODUCTS}/by-slug/{}", made["slug"].as_str().unwrap());
        let by_id = format!("{CATEGORIES}/{a}");
        let other = instance(app).await;
        for place in [&by_slug, &by_id] {
            assert_eq!(max_age(&get(&other, place).await), "public, max-age=5");
        }
        app.advance(Duration::from_secs(3));
        let places =
            [&by_slug, &by_id, &format!("{CATEGORIES}/by-path?path=a"), &format!("{by_id}/products")];
        for place in places {
            assert_eq!(max_age(&get(&other, place).await), "public, max-age=2", "{place}");
        }
        app.advance(Duration::from_secs(2));
        get(&other, &path(PRODUCTS, &made)).await;
        app.advance(Duration::from_secs(4));
        assert_eq!(max_age(&get(&other, &path(PRODUCTS, &made)).await), "public, max-age=1");
        get(&other, &by_slug).await;
        app.advance(Duration::from_secs(1));
        assert_eq!(max_age(&get(&other, &path(PRODUCTS, &made)).await), "public, max-age=5");
        assert_eq!(max_age(&get(&other, &by_slug).await), "public, max-age=4", "the slug is a second old");
    });
}

#[test]
fn a_token_and_if_match_meet_what_is_in_the_table() {
    test(async |app| {
        let root = administrator(app).await;
        let made = product(app, &root, "Tea", 1, &[]).await;
        let place = path(PRODUCTS, &made);
        let other = instance(app).await;
        assert_eq!(tag(&get(&other, &place).await), "\"1-0\"");
        assert_eq!(send(app, &root, Method::PATCH, &place, json!({ "title": "Mint" })).await.status, 200);
        assert_eq!(tag(&get(&other, &place).await), "\"1-0\"", "without a token it is the copy");
        let call = async |method: Method, version: Option<&str>| {
            let mut request = Request::builder().method(method).uri(&place);
            request = request.header("authorization", format!("Bearer {root}"));
            let mut body = Body::empty();
            if let Some(version) = version {
                request = request.header("if-match", version).header("content-type", "application/json");
                body = Body::from(json!({ "title": "Sage" }).to_string());
            }
            let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
            other.call(request.body(body).unwrap(), Invocation { deadline, client_address: None }).await
        };
        assert_eq!(tag(&call(Method::GET, None).await), "\"2\"");
        assert_eq!(call(Method::PATCH, Some("\"1\"")).await.status(), 412);
        assert_eq!(tag(&call(Method::PATCH, Some("\"2\"")).await), "\"3\"");
        assert_eq!(tag(&get(&other, &place).await), "\"3-0\"", "who writes knows at once");
    });
}

#[test]
fn a_read_during_a_write_is_not_cached() {
    test(async |app| {
        let (_, context) = app.environment("CatalogApi").open::<catalog::Config>("catalog-api").unwrap();
        let cache = catalog::cache::Cache::new(context.clock);
        let read = async {
            cache.forget(&"tea");
            Ok("old")
        };
        assert_eq!(cache.get_or_read("tea", read).await.unwrap().0, "old");
        assert_eq!(cache.get_or_read("tea", async { Ok("new") }).await.unwrap().0, "new");
        assert_eq!(cache.get_or_read("tea", async { Ok("newer") }).await.unwrap().0, "new");
    });
}

#[test]
fn a_matching_if_none_match_answers_304() {
    test(async |app| {
        let root = administrator(app).await;
        let a = category(app, &root, "A", None).await;
        let made = product(app, &root, "Tea", 1, &[&a]).await;
        let places = [
            path(PRODUCTS, &made),
            PRODUCTS.to_owned(),
            CATEGORIES.to_owned(),
            format!("{CATEGORIES}/{a}"),
            format!("{CATEGORIES}/{a}/products?descendants=true"),
        ];
        for place in places {
            let first = app.get(&place).await;
            let call = app.request(Method::GET, &place).header("if-none-match", first.header("etag"));
            let again = call.send().await;
            assert_eq!((again.status, again.bytes.len()), (304, 0), "{place}");
        }
    });
}

#[test]
fn a_warm_copy_costs_no_round_trip() {
    test(async |app| {
        let root = administrator(app).await;
        let made = product(app, &root, "Tea", 1, &[]).await;
        for _ in 0..2 {
            app.get(&path(PRODUCTS, &made)).await.granted();
        }
        let line = app.lines.of("catalog-api").pop().unwrap();
        assert_eq!(line.round_trips, 0);
    });
}
