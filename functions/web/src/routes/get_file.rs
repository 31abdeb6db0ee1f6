//! The pages and what they are made of, from inside the binary: the API's
//! documents (`/docs`, which is Swagger UI) and the pages that mailed links lead
//! to (`/account/…`). They call the API; nothing comes from elsewhere.

use axum::response::{IntoResponse, Redirect, Response};
use http::{Uri, header};
use shared::http::Problem;

const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// Path, content type, content.
const FILES: [(&str, &str, &str); 8] = [
    ("/docs", HTML, include_str!("../../assets/docs/docs.html")),
    ("/docs/docs.js", JAVASCRIPT, include_str!("../../assets/docs/docs.js")),
    ("/docs/swagger-ui.css", CSS, include_str!(concat!(env!("OUT_DIR"), "/swagger-ui.css"))),
    (
        "/docs/swagger-ui-bundle.js",
        JAVASCRIPT,
        include_str!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js")),
    ),
    ("/account/confirm-email", HTML, include_str!("../../assets/account/confirm-email.html")),
    ("/account/confirm-email.js", JAVASCRIPT, include_str!("../../assets/account/confirm-email.js")),
    ("/account/account.js", JAVASCRIPT, include_str!("../../assets/account/account.js")),
    ("/account/account.css", CSS, include_str!("../../assets/account/account.css")),
];

/// Only files of the platform's own run.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Swagger UI sets styles from its script and draws icons from data URLs.
const DOCS_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /`: whoever opens the platform in a browser wants to see something.
pub(crate) async fn get_root() -> Redirect {
    Redirect::to("/docs")
}

/// A page, or a file of one.
pub(crate) async fn get_file(uri: Uri) -> Response {
    let Some((path, content_type, content)) = FILES.iter().find(|(path, _, _)| *path == uri.path()) else {
        return Problem::not_found().into_response();
    };
    let policy =
        if path.starts_with("/docs") { DOCS_CONTENT_SECURITY_POLICY } else { CONTENT_SECURITY_POLICY };
    // They change with a deployment: an hour is the longest that one is seen
    // beside another's.
    let headers = [
        (header::CONTENT_TYPE, *content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, *content).into_response()
}
