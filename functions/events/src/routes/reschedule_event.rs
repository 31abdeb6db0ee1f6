//! `POST /api/v1/events/{event_id}/reschedule`

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    bus::DomainEvent,
    http::{Field, IfMatch, Json, Path, Query, Reply, Versioned},
    id::EventId,
    identity::Caller,
    membership::MemberAction,
    vocabulary::EventStatus,
};
use utoipa::ToSchema;

use super::{
    change_event::{ChangedEvent, of_schedule},
    move_event::{MoveEventError, moved, published},
    schedule_options::OrphanOptions,
};
use crate::{
    body::schedule_of,
    event::{Change, Effect},
    schedule::{ScheduleRequest, edit::Keep},
    state::Events,
    view::ChangedEventView,
    writer::{Outcome, change_with},
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
/// `previous_starts`. Changes of single dates stay with their dates: `dropped` lists those whose
/// date the new schedule does not give. For the organizer, and editors and higher roles of the organizing
/// organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/reschedule",
    params(("event_id" = EventId, Path, description = "The event's id."), OrphanOptions),
    security(("bearer" = [])),
    request_body = RescheduleEventRequest,
    responses(ChangedEvent, MoveEventError),
)]
pub async fn reschedule_event(
    State(events): State<Events>,
    caller: Caller,
    Path(id): Path<EventId>,
    Query(OrphanOptions { orphans }): Query<OrphanOptions>,
    if_match: IfMatch,
    Json(body, mut faults): Json<RescheduleEventRequest>,
) -> Result<ChangedEvent, MoveEventError> {
    let object = faults.required("/schedule", body.schedule, Ok);
    let object = faults.done(object)?;
    let how = (Keep::Clock, orphans.unwrap_or_default());
    let moved = change_with(&events, &caller, (id, &if_match), MemberAction::ManageEvents, |found| {
        let before = found.event;
        let mut after = moved(found, EventStatus::Rescheduled)?;
        let mut faults = shared::http::Faults::default();
        let stored = before.details.schedule.as_ref();
        let schedule = schedule_of(&mut faults, "/schedule", object.clone(), stored);
        let schedule = Some(faults.done(schedule)?);
        let dates = before.rescheduled(schedule, how, found.now).map_err(of_schedule)?;
        if before.status == EventStatus::Rescheduled && dates.schedule == before.details.schedule {
            return Ok((Outcome::Unchanged, Effect::default()));
        }
        after.keep_start(found.now);
        (after.details.schedule, after.exceptions, after.reason) = (dates.schedule, dates.exceptions, None);
        let change = Change { fields: vec!["schedule".to_owned()], occurrence: None };
        let outcome = published(found, after, change, DomainEvent::EventRescheduled);
        Ok::<_, MoveEventError>((outcome, dates.effect))
    });
    let (event, effect) = moved.await?;
    let now = events.context.clock.now();
    Ok(Versioned(event.version, Reply(ChangedEventView::new(event, now, effect))))
}
