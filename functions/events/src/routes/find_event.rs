//! `GET /api/v1/events/by-slug/{event_slug}`

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin},
    identity::MaybeCaller,
    text::Slug,
};

use super::get_event::{GetEventError, ShownEvent, show};
use crate::{state::Events, view::EventView};

/// Find an event by its slug
///
/// Returns the event with this slug, which the first publication fixes. Visibility is that
/// of the event.
#[utoipa::path(
    get,
    path = "/api/v1/events/by-slug/{event_slug}",
    params(("event_slug" = Slug, Path, description = "The event's slug.", example = "evening-of-engines")),
    security((), ("bearer" = [])),
    responses(VersionedWithin<PublicReply<EventView>>, GetEventError),
)]
pub async fn find_event(
    State(events): State<Events>,
    MaybeCaller(caller): MaybeCaller,
    Path(slug): Path<String>,
) -> Result<ShownEvent, GetEventError> {
    let slug = Slug::parse(&slug).map_err(|_| GetEventError::NotFound)?;
    let found = events.store.find_by_slug(&slug).await?;
    show(&events, caller.as_ref(), found.ok_or(GetEventError::NotFound)?).await
}
