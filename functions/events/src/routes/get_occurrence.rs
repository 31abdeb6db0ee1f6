//! `GET /api/v1/events/{event_id}/occurrences/{occurrence_key}`

use axum::extract::State;
use shared::{
    http::{Path, PublicReply, VersionedWithin, problem::NOT_FOUND},
    id::EventId,
    identity::MaybeCaller,
};

use super::{
    get_event::{GetEventError, PUBLIC_SECONDS, find},
    occurrences::view,
};
use crate::{problems::OCCURRENCE_NOT_IN_SERIES, schedule::Key, state::Events, view::OccurrenceView};

shared::problems! {
    /// Errors of getting an occurrence.
    pub enum GetOccurrenceError {
        NotFound => NOT_FOUND,
        NotInSeries => OCCURRENCE_NOT_IN_SERIES,
    }
}

impl From<GetEventError> for GetOccurrenceError {
    fn from(error: GetEventError) -> Self {
        match error {
            GetEventError::NotFound => Self::NotFound,
            GetEventError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Get an occurrence
///
/// Returns an occurrence by its key. Visibility is that of the event.
#[utoipa::path(
    get,
    path = "/api/v1/events/{event_id}/occurrences/{occurrence_key}",
    params(
        ("event_id" = EventId, Path, description = "The event's id."),
        ("occurrence_key" = String, Path, description = "Key of the occurrence.", example = "2030-10-08"),
    ),
    security((), ("bearer" = [])),
    responses(VersionedWithin<PublicReply<OccurrenceView>>, GetOccurrenceError),
)]
pub async fn get_occurrence(
    State(events): State<Events>,
    MaybeCaller(caller): MaybeCaller,
    Path((id, key)): Path<(EventId, String)>,
) -> Result<VersionedWithin<PublicReply<OccurrenceView>>, GetOccurrenceError> {
    let (event, _) = find(&events, caller.as_ref(), id).await?;
    let key: Option<Key> = key.parse().ok();
    let body = key.and_then(|key| view(&event.entity, key)).ok_or(GetOccurrenceError::NotInSeries)?;
    let max_age_seconds = caller.is_none().then_some(PUBLIC_SECONDS);
    Ok(VersionedWithin { version: event.version, whole: None, reply: PublicReply { body, max_age_seconds } })
}
