//! `GET /account/…`: the pages that mailed links lead to, and what they are
//! made of. They call the API; nothing comes from elsewhere.

use axum::response::{IntoResponse, Response};
use http::{Uri, header};
use shared::http::Problem;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Path, content type, content.
const FILES: [(&str, &str, &str); 4] = [
    (
        "/account/confirm-email",
        "text/html; charset=utf-8",
        include_str!("../../assets/account/confirm-email.html"),
    ),
    ("/account/confirm-email.js", "text/javascript", include_str!("../../assets/account/confirm-email.js")),
    ("/account/account.js", "text/javascript", include_str!("../../assets/account/account.js")),
    ("/account/account.css", "text/css", include_str!("../../assets/account/account.css")),
];

/// A page, or a file of one.
pub(crate) async fn get_account(uri: Uri) -> Response {
    let file = FILES.iter().find(|(path, _, _)| *path == uri.path());
    let Some((_, content_type, content)) = file else {
        return Problem::not_found().into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, *content_type),
        // They change with a deployment, and are small.
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    ];
    (headers, *content).into_response()
}
