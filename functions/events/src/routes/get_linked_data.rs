//! `GET /api/v1/events/{event_id}/event.jsonld`

use std::marker::PhantomData;

use axum::extract::State;
use shared::{
    http::{Path, Text},
    id::EventId,
    identity::MaybeCaller,
};

use super::get_event::{GetEventError, PUBLIC_SECONDS, find};
use crate::{calendar::ld, event::instant, formats::LinkedData, happening::happening, state::Events};

/// Get an event as linked data
///
/// Returns an event with its next dates as JSON-LD in the vocabulary of schema.org, which
/// search engines read in pages. Visibility is that of the event. A draft without a schedule
/// has none.
#[utoipa::path(
    get,
    path = "/api/v1/events/{event_id}/event.jsonld",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security((), ("bearer" = [])),
    responses(Text<LinkedData>, GetEventError),
)]
pub async fn get_linked_data(
    State(events): State<Events>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<EventId>,
) -> Result<Text<LinkedData>, GetEventError> {
    let (event, _) = find(&events, caller.as_ref(), id).await?;
    let now = events.context.clock.now();
    let names = events.store.organizer_names([&event.entity.organizer]).await?;
    let happening = happening(&event, &names, &events.config.public_url).ok_or(GetEventError::NotFound)?;
    let next = event.entity.next(now).map(|next| next.starts_at.as_second().to_string());
    Ok(Text {
        body: ld::write(&happening, instant(now).unwrap_or_default()),
        // The dates that it shows change with the time.
        tag: format!("{}-{}", event.version, next.unwrap_or_default()),
        modified_at: Some(event.entity.updated_at),
        max_age_seconds: caller.is_none().then_some(PUBLIC_SECONDS),
        format: PhantomData,
    })
}
