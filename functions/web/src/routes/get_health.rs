//! `GET /health`

use shared::http::{Health, Reply};

/// Get the health of the platform
///
/// Returns 200 with the version if the gateway reaches the functions.
#[utoipa::path(get, path = "/health", responses(Reply<Health>))]
pub async fn get_health() -> Reply<Health> {
    Reply(Health::default())
}
