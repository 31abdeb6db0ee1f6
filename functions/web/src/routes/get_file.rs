//! The pages and what they are made of, from inside the binary: the API's
//! documents (`/docs`, which is Swagger UI, and `/redoc`) and the pages that mailed links lead
//! to (`/account/…`). They call the API; nothing comes from elsewhere.

use std::io::Read as _;

use axum::response::{IntoResponse, Redirect, Response};
use flate2::read::GzDecoder;
use http::{HeaderMap, Uri, header};
use shared::http::{Problem, problem::NOT_FOUND};

const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// Content of a file.
enum Content {
    /// As it is.
    Plain(&'static str),
    /// Packed by gzip: of what is large, the binary holds a fourth.
    Packed(&'static [u8]),
}

use Content::{Packed, Plain};

/// Path, content type, content.
const FILES: [(&str, &str, Content); 13] = [
    ("/docs", HTML, Plain(include_str!("../../assets/docs/docs.html"))),
    ("/docs/docs.js", JAVASCRIPT, Plain(include_str!("../../assets/docs/docs.js"))),
    ("/docs/swagger-ui.css", CSS, Packed(include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz")))),
    (
        "/docs/swagger-ui-bundle.js",
        JAVASCRIPT,
        Packed(include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz"))),
    ),
    ("/redoc", HTML, Plain(include_str!("../../assets/docs/redoc.html"))),
    ("/redoc/redoc.js", JAVASCRIPT, Plain(include_str!("../../assets/docs/redoc.js"))),
    (
        "/redoc/redoc.standalone.js",
        JAVASCRIPT,
        Packed(include_bytes!("../../assets/docs/redoc.standalone.js.gz")),
    ),
    ("/account/confirm-email", HTML, Plain(include_str!("../../assets/account/confirm-email.html"))),
    ("/account/confirm-email.js", JAVASCRIPT, Plain(include_str!("../../assets/account/confirm-email.js"))),
    ("/account/reset-password", HTML, Plain(include_str!("../../assets/account/reset-password.html"))),
    ("/account/reset-password.js", JAVASCRIPT, Plain(include_str!("../../assets/account/reset-password.js"))),
    ("/account/account.js", JAVASCRIPT, Plain(include_str!("../../assets/account/account.js"))),
    ("/account/account.css", CSS, Plain(include_str!("../../assets/account/account.css"))),
];

/// Only files of the platform's own run.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Swagger UI and `ReDoc` set styles from their scripts and draw icons from data
/// URLs.
const DOCS_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /`: whoever opens the platform in a browser wants to see something.
pub(crate) async fn get_root() -> Redirect {
    Redirect::to("/docs")
}

/// A page, or a file of one.
pub(crate) async fn get_file(uri: Uri, headers: HeaderMap) -> Response {
    let Some((path, content_type, content)) = FILES.iter().find(|(path, _, _)| *path == uri.path()) else {
        return Problem::from(NOT_FOUND).into_response();
    };
    let documents = path.starts_with("/docs") || path.starts_with("/redoc");
    let policy = if documents { DOCS_CONTENT_SECURITY_POLICY } else { CONTENT_SECURITY_POLICY };
    // They change with a deployment: an hour is the longest that one is seen
    // beside another's.
    let about = [
        (header::CONTENT_TYPE, *content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::VARY, "accept-encoding"),
    ];
    match content {
        Plain(text) => (about, *text).into_response(),
        Packed(bytes) if takes_gzip(&headers) => {
            (about, [(header::CONTENT_ENCODING, "gzip")], *bytes).into_response()
        }
        Packed(bytes) => match unpack(bytes) {
            Ok(bytes) => (about, bytes).into_response(),
            Err(error) => Problem::internal(error.to_string()).into_response(),
        },
    }
}

/// True if the request accepts gzip (RFC 9110, 12.5.3). A weight of zero refuses it;
/// all browsers accept it.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted =
        headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        ["gzip", "*"].contains(&name.trim()) && !refused
    })
}

fn unpack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
