//! Journey: browse the catalogue.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::target::journey;

#[test]
fn the_catalogue_is_public_and_needs_a_token_to_write() {
    journey(async |agora| {
        for path in [
            "/api/v1/products",
            "/api/v1/products/",
            "/api/v1/products?sort=price&limit=1",
            "/api/v1/products?q=tea",
            "/api/v1/categories",
            "/api/v1/categories/?depth=0",
        ] {
            let reply = agora.client.get(agora.url(path)).send().await.unwrap();
            assert_eq!(reply.status(), StatusCode::OK, "{path}");
            let tag = reply.headers()["etag"].clone();
            assert_eq!(
                reply.headers()["cache-control"].to_str().unwrap().split('=').next(),
                Some("public, max-age")
            );
            let page: Value = reply.json().await.unwrap();
            assert!(page["data"].is_array(), "{path}");
            let again = agora.client.get(agora.url(path)).header("if-none-match", tag).send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        }
        let health = agora.client.get(agora.url("/api/v1/catalog/health")).send().await.unwrap();
        assert_eq!(health.status(), StatusCode::OK);
        for path in ["/api/v1/products", "/api/v1/product", "/api/v1/categories", "/api/v1/category/"] {
            let reply = agora.client.post(agora.url(path)).json(&json!({})).send().await.unwrap();
            assert_eq!(reply.status(), StatusCode::UNAUTHORIZED, "{path}");
        }
        let nothing = "/api/v1/products_with_category/cat_01h455vb4pex5vsknk084sn02q";
        let reply = agora.client.get(agora.url(nothing)).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::NOT_FOUND);
    });
}
