//! `PUT /api/v1/events/{event_id}`

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

/// Replace an event
///
/// Replaces all fields: removes those that the body does not name, except the slug and the
/// organizer. Permissions and rules are those of PATCH.
#[utoipa::path(
    put,
    path = "/api/v1/events/{event_id}",
    params(("event_id" = EventId, Path, description = "The event's id."), ScheduleOptions),
    security(("bearer" = [])),
    request_body = EventRequest,
    responses(ChangedEvent, ChangeEventError),
)]
pub async fn replace_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    Query(options): Query<ScheduleOptions>,
    if_match: IfMatch,
    Json(body, faults): Json<EventRequest>,
) -> Result<ChangedEvent, ChangeEventError> {
    apply(&events, &caller, (id, if_match), (body, faults), (Method::Replace, options)).await
}
