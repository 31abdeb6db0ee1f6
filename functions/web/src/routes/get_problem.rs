//! `GET /problems/{code}`: where the `type` of a problem leads.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::Uri;
use shared::http::Problem;

use crate::state::Web;

/// The documents, which say where the problem occurs; 404 for a code that they do
/// not have.
pub(crate) async fn get_problem(State(web): State<Web>, uri: Uri) -> Response {
    if web.documents_problem(uri.path()) {
        Redirect::to("/docs").into_response()
    } else {
        Problem::not_found().into_response()
    }
}
