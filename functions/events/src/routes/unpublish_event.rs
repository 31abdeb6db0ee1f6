//! `POST /api/v1/events/{event_id}/unpublish`

use axum::extract::State;
use shared::{
    bus::DomainEvent,
    http::{IfMatch, Path},
    id::EventId,
    identity::Caller,
    vocabulary::EventStatus,
};

use super::move_event::{Command, MoveEventError, MovedEvent, move_event};
use crate::state::Events;

/// Unpublish an event
///
/// Changes a public event back to a draft, which is visible to the organizer, to members of the
/// organizing organisation and to administrators only. For the organizer, and editors and
/// higher roles of the organizing organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/unpublish",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    responses(MovedEvent, MoveEventError),
)]
pub async fn unpublish_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
) -> Result<MovedEvent, MoveEventError> {
    let command = Command { to: EventStatus::Draft, reason: None, publish: DomainEvent::EventUnpublished };
    move_event(&events, &caller, (id, if_match), command).await
}
