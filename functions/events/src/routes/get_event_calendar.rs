//! `GET /api/v1/events/{event_id}/calendar.ics`

use std::marker::PhantomData;

use axum::extract::State;
use shared::{
    http::{IfNoneMatch, Path, Text},
    id::EventId,
    identity::MaybeCaller,
};

use super::get_event::{GetEventError, PUBLIC_SECONDS, find};
use crate::{
    calendar::ics,
    formats::Calendar,
    happening::{happening, host},
    state::Events,
};

/// Get the calendar of an event
///
/// Returns an event with all of its dates as iCalendar (RFC 5545). Visibility is that of
/// the event. A draft without a schedule has no calendar.
#[utoipa::path(
    get,
    path = "/api/v1/events/{event_id}/calendar.ics",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security((), ("bearer" = [])),
    responses(Text<Calendar>, GetEventError),
)]
pub async fn get_event_calendar(
    State(events): State<Events>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<EventId>,
    known: IfNoneMatch,
) -> Result<Text<Calendar>, GetEventError> {
    let (event, _) = find(&events, caller.as_ref(), id).await?;
    let tag = event.version.to_string();
    let body = if known.has(&tag) {
        String::new()
    } else {
        let names = events.store.organizer_names([&event.entity.organizer]).await?;
        let url = &events.config.public_url;
        let happening = happening(&event, &names, url).ok_or(GetEventError::NotFound)?;
        let (name, host) = (happening.title.clone(), host(url));
        ics::write(&ics::Calendar { name: &name, host: &host }, &[happening])
    };
    Ok(Text {
        body,
        tag,
        modified_at: Some(event.entity.updated_at),
        max_age_seconds: caller.is_none().then_some(PUBLIC_SECONDS),
        format: PhantomData,
    })
}
