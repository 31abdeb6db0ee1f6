//! `GET /api/v1/events/health`

use shared::http::{Health, Reply};

/// Get the health of events
///
/// Returns 200 with the version if the group answers.
#[utoipa::path(get, path = "/api/v1/events/health", responses(Reply<Health>))]
pub async fn get_health() -> Reply<Health> {
    Reply(Health::default())
}
