//! `POST /api/v1/users/me/export`

use axum::extract::State;
use shared::{
    http::{AcceptedAt, Problem},
    identity::{Caller, ExportJob},
};

use super::get_export::{ExportState, ExportStatus};
use crate::state::Users;

/// Export one's data
///
/// Gathers everything that is held about the caller. `Location` names where it
/// is found, as long as 24 hours.
#[utoipa::path(
    post,
    path = "/api/v1/users/me/export",
    security(("bearer" = [])),
    responses(AcceptedAt<ExportState>),
)]
pub async fn request_export(
    State(users): State<Users>,
    caller: Caller,
) -> Result<AcceptedAt<ExportState>, Problem> {
    let job = ExportJob::new(users.context.ids.next(), caller.user_id);
    users.store.request_export(&job).await?;
    Ok(AcceptedAt {
        location: format!("/api/v1/users/me/export/{}", job.export_id),
        body: ExportState::new(&job, ExportStatus::Running),
    })
}
