//! `POST /api/v1/users/me/export`

use std::time::Duration;

use axum::extract::State;
use shared::{
    http::AcceptedAt,
    identity::{
        Caller, ExportJob,
        limits::{Limit, Wait},
    },
};

use super::get_export::{ExportState, ExportStatus};
use crate::state::Users;

/// Exports of an account: each reads and writes as much as the account has.
const EXPORTS: Limit = Limit { count: 1, window: Duration::from_hours(24) };

shared::problems! {
    /// Errors of requesting an export.
    pub enum RequestExportError {
        TooMany(Wait),
    }
}

/// Export one's data
///
/// Gathers everything that is held about the caller, once a day. `Location` names where
/// it is found, for 24 hours.
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
    users.limits.take(&format!("export.{}", caller.user_id), EXPORTS, now, Vec::new()).await?;
    let job = ExportJob::new(users.context.ids.next(), caller.user_id);
    users.store.request_export(&job).await?;
    Ok(AcceptedAt {
        location: format!("/api/v1/users/me/export/{}", job.export_id),
        body: ExportState::new(&job, ExportStatus::Running),
    })
}
