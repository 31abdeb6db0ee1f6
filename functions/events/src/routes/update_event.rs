//! `PATCH /api/v1/events/{event_id}`

use axum::extract::State;
use shared::{
    http::{IfMatch, Json, Path, Query},
    id::EventId,
    identity::Caller,
};

use super::{
    change_event::{ChangeEventError, ChangedEvent, apply},
    schedule_options::ScheduleOptions,
};
use crate::{
    body::{EventRequest, Method},
    state::Events,
};

/// Update an event
///
/// Applies a JSON merge patch (RFC 7396). A public event keeps everything that publishing
/// requires; occurrences that have begun stay as they are, and `split_at` is the first date that
/// a new schedule applies to. Changes of single dates stay with their dates: `dropped` lists
/// those whose date the new schedule does not give. For the organizer, and editors and higher
/// roles of the organizing organisation.
#[utoipa::path(
    patch,
    path = "/api/v1/events/{event_id}",
    params(("event_id" = EventId, Path, description = "The event's id."), ScheduleOptions),
    security(("bearer" = [])),
    request_body = EventRequest,
    responses(ChangedEvent, ChangeEventError),
)]
pub async fn update_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    Query(options): Query<ScheduleOptions>,
    if_match: IfMatch,
    Json(body, faults): Json<EventRequest>,
) -> Result<ChangedEvent, ChangeEventError> {
    apply(&events, &caller, (id, if_match), (body, faults), (Method::Merge, options)).await
}
