//! `PATCH /api/v1/events/{event_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, Json, Path},
    id::EventId,
    identity::Caller,
};

use super::change_event::{ChangeEventError, ChangedEvent, apply};
use crate::{
    body::{EventRequest, Method},
    state::Events,
};

/// Update an event
///
/// Applies a JSON merge patch (RFC 7396). A public event keeps everything that publishing
/// requires; occurrences that have begun stay as they are. For the organizer, and editors and
/// higher roles of the organizing organisation.
#[utoipa::path(
    patch,
    path = "/api/v1/events/{event_id}",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    request_body = EventRequest,
    responses(ChangedEvent, ChangeEventError),
)]
pub async fn update_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
    Json(body, faults): Json<EventRequest>,
) -> Result<ChangedEvent, ChangeEventError> {
    apply(&events, &caller, (id, if_match), (body, faults), Method::Merge).await
}
