//! `GET /api/v1/auth/health`

use shared::http::{Health, Reply};

/// Health of auth
///
/// That the group answers.
#[utoipa::path(get, path = "/api/v1/auth/health", responses(Reply<Health>))]
pub async fn get_health() -> Reply<Health> {
    Reply(Health::default())
}
