//! `GET /problems/{code}`: where the `type` of a problem leads.

use axum::response::{IntoResponse as _, Redirect, Response};
use http::Uri;
use shared::http::{Problem, problem::NOT_FOUND};

use crate::state::documents_problem;

/// The documents, which say where the problem occurs; 404 for a code that they do
/// not have.
pub(crate) async fn get_problem(uri: Uri) -> Response {
    if documents_problem(uri.path()) {
        Redirect::to("/docs").into_response()
    } else {
        Problem::from(NOT_FOUND).into_response()
    }
}
