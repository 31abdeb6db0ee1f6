//! `GET /openapi.json`

use axum::{extract::State, response::Response};
use http::HeaderMap;

use super::get_file::reply;
use crate::state::Web;

/// Get the OpenAPI document
///
/// Returns the OpenAPI 3.1 document of the whole platform.
#[utoipa::path(
    get,
    path = "/openapi.json",
    responses((
        status = 200,
        description = "OpenAPI 3.1",
        content_type = "application/json",
        headers(("ETag", description = "A hash of the body, in quotes.")),
        example = json!({ "openapi": "3.1.0" }),
    )),
)]
pub async fn get_openapi(State(web): State<Web>, headers: HeaderMap) -> Response {
    reply(&web, "/openapi.json", &headers)
}
