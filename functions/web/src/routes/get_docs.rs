//! `GET /docs`: Swagger UI, from assets inside the binary at the pinned version
//! of `utoipa-swagger-ui`. The browser fetches nothing from elsewhere.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{StatusCode, header};
use shared::http::Problem;

use super::Web;

/// Swagger UI sets styles from scripts and draws icons from data URLs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'self'; frame-ancestors 'none'";

/// The page. Its links are relative to `/docs/`, its path has no slash behind.
pub(crate) async fn get_docs(State(web): State<Web>) -> Response {
    match utoipa_swagger_ui::serve("index.html", web.swagger_ui) {
        Ok(Some(file)) => {
            let page =
                String::from_utf8_lossy(&file.bytes).replacen("<head>", "<head><base href=\"/docs/\">", 1);
            asset(&file.content_type, page.into_bytes())
        }
        Ok(None) => Problem::internal("Swagger UI has no page").into_response(),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    }
}

/// `GET /`: whoever opens the platform in a browser wants to see something.
pub(crate) async fn get_root() -> Redirect {
    Redirect::to("/docs")
}

/// What the page is made of.
pub(crate) async fn get_docs_asset(State(web): State<Web>, uri: http::Uri) -> Response {
    let name = uri.path().strip_prefix("/docs/").unwrap_or_default();
    match utoipa_swagger_ui::serve(name, web.swagger_ui) {
        Ok(Some(file)) => asset(&file.content_type, file.bytes.into_owned()),
        Ok(None) => Problem::not_found().into_response(),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    }
}

fn asset(content_type: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    ];
    (StatusCode::OK, headers, bytes).into_response()
}
