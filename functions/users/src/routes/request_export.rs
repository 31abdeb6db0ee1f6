//! `POST /api/v1/users/me/export`

use std::time::Duration;

use axum::extract::State;
use shared::{
    Refused,
    http::{AcceptedAt, problem::NOT_FOUND},
    identity::{Caller, ExportJob, limits::Wait},
};

use super::get_export::{ExportState, ExportStatus};
use crate::{state::Users, store::ExportRefusal};

shared::problems! {
    /// Errors of requesting an export.
    pub enum RequestExportError {
        NotFound => NOT_FOUND,
        TooMany(Wait),
    }
}

/// Request a personal data export
///
/// Starts an export of all personal data of the caller, once in 24 hours. The export is
/// available at `Location` for 24 hours.
#[utoipa::path(
    post,
    path = "/api/v1/users/me/export",
    security(("bearer" = [])),
    responses(AcceptedAt<ExportState>, RequestExportError),
)]
pub async fn request_export(
    State(users): State<Users>,
    caller: Caller,
) -> Result<AcceptedAt<ExportState>, RequestExportError> {
    let now = users.context.clock.now();
    let job = ExportJob::new(users.context.ids.next(), caller.user_id);
    match users.store.request_export(&job, now).await {
        Ok(()) => {}
        Err(Refused::By(ExportRefusal::TooMany)) => {
            let latest = users.store.get_latest_export(caller.user_id).await?;
            let retry_after = latest.map_or(Duration::ZERO, |latest| latest.time_left(now));
            return Err(Wait { limit: 1, retry_after }.into());
        }
        Err(Refused::By(ExportRefusal::AccountGone)) => return Err(RequestExportError::NotFound),
        Err(Refused::Failed(failure)) => return Err(failure.into()),
    }
    Ok(AcceptedAt {
        location: format!("/api/v1/users/me/export/{}", job.export_id),
        body: ExportState::new(&job, ExportStatus::Running),
    })
}
