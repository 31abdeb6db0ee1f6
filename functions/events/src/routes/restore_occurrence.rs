//! `POST /api/v1/events/{event_id}/occurrences/{occurrence_key}/restore`

use axum::extract::State;
use shared::{
    bus::DomainEvent,
    http::{IfMatch, Path},
    id::EventId,
    identity::Caller,
};

use super::occurrences::{
    ChangeOccurrenceError, ChangedOccurrence, change_occurrence, excepted, exception, rewritten, shown,
};
use crate::{
    schedule::{Exception, Key},
    state::Events,
};

/// Restore an occurrence
///
/// Restores a skipped or cancelled occurrence. For the organizer, and editors and higher
/// roles of the organizing organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/occurrences/{occurrence_key}/restore",
    params(
        ("event_id" = EventId, Path, description = "The event's id."),
        ("occurrence_key" = String, Path, description = "Key of the occurrence.", example = "2030-10-08"),
    ),
    security(("bearer" = [])),
    responses(ChangedOccurrence, ChangeOccurrenceError),
)]
pub async fn restore_occurrence(
    State(events): State<Events>,
    caller: Caller,
    Path((id, key)): Path<(EventId, String)>,
    if_match: IfMatch,
) -> Result<ChangedOccurrence, ChangeOccurrenceError> {
    let key: Key = key.parse()?;
    let changed = change_occurrence(&events, &caller, (id, &if_match), |found| {
        let mut after = found.event.clone();
        if let Some(schedule) = &mut after.details.schedule
            && schedule.skipped.contains(&key)
        {
            schedule.restore(key)?;
            return Ok(rewritten(found, after, key, DomainEvent::EventOccurrenceChanged));
        }
        let restored = Exception { status: None, ..exception(found.event, key)? };
        excepted(found, (key, restored), DomainEvent::EventOccurrenceChanged)
    })
    .await?;
    shown(&changed, key)
}
