//! `POST /api/v1/events/{event_id}/postpone`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    bus::DomainEvent,
    http::{Field, IfMatch, Json, Path},
    id::EventId,
    identity::Caller,
    text::Reason,
    vocabulary::EventStatus,
};
use utoipa::ToSchema;

use super::move_event::{Command, MoveEventError, MovedEvent, move_event, reason};
use crate::state::Events;

/// Postponement of an event.
#[derive(Deserialize, ToSchema)]
pub struct PostponeEventRequest {
    /// Reason, which visitors see.
    #[schema(value_type = Option<Reason>)]
    reason: Field<String>,
}

/// Postpone an event
///
/// Marks a public event as postponed: it does not take place at its announced time, and a
/// new time is not known yet. For the organizer, and editors and higher roles of the
/// organizing organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/postpone",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    request_body = PostponeEventRequest,
    responses(MovedEvent, MoveEventError),
)]
pub async fn postpone_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
    Json(body, faults): Json<PostponeEventRequest>,
) -> Result<MovedEvent, MoveEventError> {
    let reason = reason(faults, body.reason)?;
    let command = Command { to: EventStatus::Postponed, reason, publish: DomainEvent::EventPostponed };
    move_event(&events, &caller, (id, if_match), command).await
}
