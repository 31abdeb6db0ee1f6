//! `POST /api/v1/events/{event_id}/occurrences/{occurrence_key}/cancel`

use axum::extract::State;
use shared::{
    bus::DomainEvent,
    http::{IfMatch, Path},
    id::EventId,
    identity::Caller,
};

use super::occurrences::{
    ChangeOccurrenceError, ChangedOccurrence, change_occurrence, excepted, exception, shown,
};
use crate::{
    schedule::{Exception, Key, Status},
    state::Events,
};

/// Cancel an occurrence
///
/// Cancels a single occurrence, which stays visible as cancelled. For the organizer, and
/// editors and higher roles of the organizing organisation.
#[utoipa::path(
    post,
    path = "/api/v1/events/{event_id}/occurrences/{occurrence_key}/cancel",
    params(
        ("event_id" = EventId, Path, description = "The event's id."),
        ("occurrence_key" = String, Path, description = "Key of the occurrence.", example = "2030-10-08"),
    ),
    security(("bearer" = [])),
    responses(ChangedOccurrence, ChangeOccurrenceError),
)]
pub async fn cancel_occurrence(
    State(events): State<Events>,
    caller: Caller,
    Path((id, key)): Path<(EventId, String)>,
    if_match: IfMatch,
) -> Result<ChangedOccurrence, ChangeOccurrenceError> {
    let key: Key = key.parse()?;
    let changed = change_occurrence(&events, &caller, (id, &if_match), |found| {
        let cancelled = Exception { status: Some(Status::Cancelled), ..exception(found.event, key)? };
        excepted(found, (key, cancelled), DomainEvent::EventOccurrenceCancelled)
    })
    .await?;
    shown(&changed, key)
}
