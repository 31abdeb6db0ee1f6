//! `GET /api/v1/event-categories`

use axum::extract::State;
use shared::http::{PublicReply, VersionedWithin};

use super::get_event::PUBLIC_SECONDS;
use crate::{categories::EventCategoriesView, state::Events};

/// List event categories
///
/// Returns all categories in their order, including retired ones.
#[utoipa::path(
    get,
    path = "/api/v1/event-categories",
    responses(VersionedWithin<PublicReply<EventCategoriesView>>),
)]
pub async fn list_categories(
    State(events): State<Events>,
) -> Result<VersionedWithin<PublicReply<EventCategoriesView>>, shared::http::Problem> {
    let stored = events.store.get_categories().await?;
    let (version, body) = (stored.version, EventCategoriesView::of(stored));
    Ok(VersionedWithin {
        version,
        whole: None,
        reply: PublicReply { body, max_age_seconds: Some(PUBLIC_SECONDS) },
    })
}
