//! `POST /api/v1/events/{event_id}/reschedule`

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    bus::DomainEvent,
    http::{Field, IfMatch, Json, Path, Reply, Versioned},
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    vocabulary::EventStatus,
};
use utoipa::ToSchema;

use super::{
    change_event::kept_past,
    move_event::{MoveEventError, MovedEvent, moved, published},
};
use crate::{
    body::schedule_of,
    event::Change,
    schedule::ScheduleRequest,
    state::Events,
    view::EventView,
    writer::{Outcome, change},
};

/// New time of an event.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({
    "schedule": {
        "time_zone": "Europe/Berlin",
        "parts": [{ "start": "2030-10-02T19:00", "duration": "PT2H" }],
    },
})))]
pub struct RescheduleEventRequest {
    /// The whole new schedule. Occurrences that have begun stay as they are.
    #[schema(value_type = ScheduleRequest)]
    schedule: Field<Map<String, Value>>,
}

/// Reschedule an event
///
/// Moves a public or postponed event to another time. Its former start is kept in
/// `previous_starts`. For the organizer, and editors and higher roles of the organizing
/// organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/reschedule",
    params(("event_id" = EventId, Path, description = "The event's id.")),
    security(("bearer" = [])),
    request_body = RescheduleEventRequest,
    responses(MovedEvent, MoveEventError),
)]
pub async fn reschedule_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    if_match: IfMatch,
    Json(body, mut faults): Json<RescheduleEventRequest>,
) -> Result<MovedEvent, MoveEventError> {
    let object = faults.required("/schedule", body.schedule, Ok);
    let object = faults.done(object)?;
    let moved = change(&events, &caller, (id, &if_match), MemberAction::ManageEvents, |found| {
        let before = found.event;
        let mut after = moved(found, EventStatus::Rescheduled)?;
        let mut faults = shared::http::Faults::default();
        let stored = before.details.schedule.as_ref();
        let schedule = schedule_of(&mut faults, "/schedule", object.clone(), stored);
        let schedule = kept_past(before, Some(faults.done(schedule)?), found.now)?;
        if before.status == EventStatus::Rescheduled && schedule == before.details.schedule {
            return Ok(Outcome::Unchanged);
        }
        after.keep_start(found.now);
        (after.details.schedule, after.reason) = (schedule, None);
        let change = Change { fields: vec!["schedule".to_owned()], occurrence: None };
        Ok::<_, MoveEventError>(published(found, after, change, DomainEvent::EventRescheduled))
    })
    .await?;
    Ok(Versioned(moved.version, Reply(EventView::new(moved, events.context.clock.now(), true))))
}
