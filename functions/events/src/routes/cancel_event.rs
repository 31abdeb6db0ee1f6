//! `POST /api/v1/events/{event_id}/cancel`

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

/// Cancellation of an event.
#[derive(Deserialize, ToSchema)]
pub struct CancelEventRequest {
    /// Reason, which visitors see.
    #[schema(value_type = Option<Reason>)]
    reason: Field<String>,
}

/// Cancel an event
///
/// Cancels a public event permanently. Its page and its calendar entry stay, marked as
/// cancelled. For the organizer, and editors and higher roles of the organizing
/// organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/cancel",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    request_body = CancelEventRequest,
    responses(MovedEvent, MoveEventError),
)]
pub async fn cancel_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
    Json(body, faults): Json<CancelEventRequest>,
) -> Result<MovedEvent, MoveEventError> {
    let reason = reason(faults, body.reason)?;
    let command = Command { to: EventStatus::Cancelled, reason, publish: DomainEvent::EventCancelled };
    move_event(&events, &caller, (id, if_match), command).await
}
