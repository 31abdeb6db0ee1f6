//! `GET /openapi.json`

use axum::{extract::State, response::IntoResponse};
use http::header;

use crate::state::Web;

/// This document
///
/// The OpenAPI 3.1 document of the whole platform.
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", example = json!({ "openapi": "3.1.0" }))))]
pub async fn get_openapi(State(web): State<Web>) -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, web.document())
}
