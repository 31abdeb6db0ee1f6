//! `GET /health`

use shared::http::{Health, Reply};

/// Health of the platform
///
/// That the gateway reaches the functions.
#[utoipa::path(get, path = "/health", responses(Reply<Health>))]
pub async fn get_health() -> Reply<Health> {
    Reply(Health::default())
}
