//! `DELETE /api/v1/events/{event_id}/occurrences/{occurrence_key}`

use axum::extract::State;
use shared::{
    bus::DomainEvent,
    http::{IfMatch, NoContent, Path},
    id::EventId,
    identity::Caller,
};

use super::occurrences::{ChangeOccurrenceError, change_occurrence, rewritten};
use crate::{schedule::Key, state::Events, writer::Outcome};

/// Skip an occurrence
///
/// Removes a single occurrence from the schedule. To keep it visible, marked as cancelled,
/// cancel it instead. For the organizer, and editors and higher roles of the organizing
/// organisation. Idempotent.
#[utoipa::path(
    delete,
    path = "/api/v1/events/{event_id}/occurrences/{occurrence_key}",
    params(
        ("event_id" = EventId, Path, description = "The event's id."),
        ("occurrence_key" = String, Path, description = "Key of the occurrence.", example = "2030-10-08"),
    ),
    security(("bearer" = [])),
    responses(NoContent, ChangeOccurrenceError),
)]
pub async fn skip_occurrence(
    State(events): State<Events>,
    caller: Caller,
    Path((id, key)): Path<(EventId, String)>,
    if_match: IfMatch,
) -> Result<NoContent, ChangeOccurrenceError> {
    let key: Key = key.parse()?;
    change_occurrence(&events, &caller, (id, &if_match), |found| {
        let mut after = found.event.clone();
        let schedule = after.details.schedule.as_mut().ok_or(ChangeOccurrenceError::NotInSeries)?;
        if schedule.skipped.contains(&key) {
            return Ok(Outcome::Unchanged);
        }
        schedule.skip(key)?;
        Ok(rewritten(found, after, key, DomainEvent::EventOccurrenceChanged))
    })
    .await?;
    Ok(NoContent)
}
