//! `GET /api/v1/events/health`

use shared::http::{Health, Reply};

/// Get the health of events
///
/// Answers while the group runs.
#[utoipa::path(get, path = "/api/v1/events/health", responses(Reply<Health>))]
pub async fn get_health() -> Reply<Health> {
    Reply(Health::default())
}
