//! `GET /openapi.json`

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};
use shared::http::Problem;

use super::get_file::takes_gzip;
use crate::state::Web;

/// Get the OpenAPI document
///
/// Returns the OpenAPI 3.1 document of the whole platform.
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", example = json!({ "openapi": "3.1.0" }))))]
pub async fn get_openapi(State(web): State<Web>, headers: HeaderMap) -> Response {
    let about = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::VARY, "accept-encoding"),
    ];
    if !takes_gzip(&headers) {
        return (about, web.document()).into_response();
    }
    match web.packed_document() {
        Ok(packed) => (about, [(header::CONTENT_ENCODING, "gzip")], packed).into_response(),
        Err(error) => Problem::internal(error.to_string()).into_response(),
    }
}
