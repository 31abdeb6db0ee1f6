//! `POST /api/v1/events/{event_id}/block`

use axum::extract::State;
use shared::{
    bus::DomainEvent,
    http::{IfMatch, Path},
    id::EventId,
    identity::{Require, permission::ManageEvents},
};

use super::moderate::{ModerateEventError, ModeratedEvent, set_blocked};
use crate::state::Events;

/// Block an event
///
/// Hides an event from everyone except its organizer, members of the organizing
/// organisation and administrators. Nothing is deleted. Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/block",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = ["manage_events"])),
    responses(ModeratedEvent, ModerateEventError),
)]
pub async fn block_event(
    State(events): State<Events>,
    _administrator: Require<ManageEvents>,
    Path(id): Path<EventId>,
    if_match: IfMatch,
) -> Result<ModeratedEvent, ModerateEventError> {
    set_blocked(&events, (id, if_match), true, DomainEvent::EventBlocked).await
}
