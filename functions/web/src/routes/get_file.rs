//! The pages and what they are made of, from inside the binary: the API's
//! documents (`/docs`, which is Swagger UI, `/redoc`, `/problems`, `/domain-events`)
//! and the pages of accounts (`/account/…`) and of events (`/events`, `/events/{slug}`),
//! made of `/components/…`. They call the API; nothing comes from elsewhere but the images
//! of events.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Uri, header};
use shared::http::{Problem, problem::NOT_FOUND};

use crate::{assets::Asset, state::Web};

/// Only files of the platform's own run.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// As the other pages; the images of events are where their organizers keep them.
const EVENTS_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src data: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Swagger UI and `ReDoc` set styles from their scripts and draw icons from data
/// URLs.
const DOCS_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /`: whoever opens the platform in a browser wants to see something.
pub(crate) async fn get_root() -> Redirect {
    Redirect::to("/docs")
}

/// A page, or a file of one.
pub(crate) async fn get_file(State(web): State<Web>, uri: Uri, headers: HeaderMap) -> Response {
    reply(&web, uri.path(), &headers)
}

/// The file at a path, as its caller takes it.
pub(super) fn reply(web: &Web, path: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = Asset::find(path) else {
        return Problem::from(NOT_FOUND).into_response();
    };
    let takes_gzip = takes_gzip(headers);
    let content = if takes_gzip { asset.packed(&web.head) } else { asset.unpacked(&web.head) };
    let content = match content {
        Ok(content) => content,
        Err(error) => return Problem::internal(error.to_string()).into_response(),
    };
    let is_of = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
    let policy = if is_of(&["/docs", "/redoc"]) {
        DOCS_CONTENT_SECURITY_POLICY
    } else if is_of(&["/events"]) {
        EVENTS_CONTENT_SECURITY_POLICY
    } else {
        CONTENT_SECURITY_POLICY
    };
    // They change with a deployment: an hour is the longest that one is seen beside
    // another's. The contract is read by programs, which want it sooner. A page with a
    // module of another release may not run at all.
    let is_module = is_of(&["/account", "/components", "/events"]);
    let cache = match (asset.is_document(), is_module) {
        (true, _) => "public, max-age=300",
        (false, true) => "public, max-age=60",
        (false, false) => "public, max-age=3600",
    };
    let about = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::VARY, "accept-encoding"),
    ];
    let tag = [(header::ETAG, format!("\"{}\"", content.tag))];
    if takes_gzip {
        (about, tag, [(header::CONTENT_ENCODING, "gzip")], content.bytes).into_response()
    } else {
        (about, tag, content.bytes).into_response()
    }
}

/// True if the request accepts gzip (RFC 9110, 12.5.3). A weight of zero refuses it;
/// all browsers accept it.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted =
        headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        ["gzip", "*"].contains(&name.trim()) && !refused
    })
}
