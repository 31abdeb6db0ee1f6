//! `POST /api/v1/events/{event_id}/complete`

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

/// Complete an event
///
/// Marks an event as completed. It stays visible and can no longer be changed. For the
/// organizer, and editors and higher roles of the organizing organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/complete",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    responses(MovedEvent, MoveEventError),
)]
pub async fn complete_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
) -> Result<MovedEvent, MoveEventError> {
    let command = Command { to: EventStatus::Completed, reason: None, publish: DomainEvent::EventCompleted };
    move_event(&events, &caller, (id, if_match), command).await
}
