//! `GET /api/v1/events/{event_id}/occurrences`

use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use shared::{
    http::{
        InvalidCursor, List, Page, Paging, Path, PublicReply,
        problem::{INVALID_PARAMETER, NOT_FOUND},
    },
    id::EventId,
    identity::MaybeCaller,
};
use utoipa::IntoParams;

use super::get_event::{GetEventError, PUBLIC_SECONDS, find};
use crate::{
    bound::Bound,
    event::{Event, instant},
    schedule::{MAX_DAYS, Range, Schedule},
    state::Events,
    view::OccurrenceView,
};

/// Filters of occurrences.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OccurrenceFilters {
    /// Start of the range: a time (RFC 3339), or a date in the event's zone. Defaults to now.
    #[param(value_type = Option<String>, example = "2030-10-01")]
    from: Option<Bound>,
    /// End of the range, exclusive: a time, or the day after a date in the event's zone. At
    /// most 400 days after `from`, which is the default.
    #[param(value_type = Option<String>, example = "2030-12-31")]
    to: Option<Bound>,
}

shared::problems! {
    /// Errors of listing occurrences.
    pub enum ListOccurrencesError {
        NotFound => NOT_FOUND,
        Range => INVALID_PARAMETER,
        Cursor(InvalidCursor),
    }
}

impl From<GetEventError> for ListOccurrencesError {
    fn from(error: GetEventError) -> Self {
        match error {
            GetEventError::NotFound => Self::NotFound,
            GetEventError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// List occurrences
///
/// Lists the occurrences that take place in a range of at most 400 days, by start; a
/// cancelled one is listed, a skipped one is not. Visibility is that of the event.
#[utoipa::path(
    get,
    path = "/api/v1/events/{event_id}/occurrences",
    params(
        ("event_id" = EventId, Path, description = "The event's id."),
        OccurrenceFilters, Paging,
    ),
    security((), ("bearer" = [])),
    responses(PublicReply<Page<OccurrenceView>>, ListOccurrencesError),
)]
pub async fn list_occurrences(
    State(events): State<Events>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<EventId>,
    List { filters, paging }: List<OccurrenceFilters>,
) -> Result<PublicReply<Page<OccurrenceView>>, ListOccurrencesError> {
    let reader = caller.as_ref().map(|caller| caller.user_id);
    let after: Option<(shared::clock::Timestamp, String)> = paging.after(reader)?;
    let (event, _) = find(&events, caller.as_ref(), id).await?;
    let now = instant(events.context.clock.now()).ok_or(ListOccurrencesError::Range)?;
    let mut found = match &event.entity.details.schedule {
        Some(schedule) => occurrences(&event.entity, schedule, range(schedule, filters, now)?),
        None => Vec::new(),
    };
    found.retain(|occurrence| after.as_ref().is_none_or(|after| occurrence.position() > *after));
    found.truncate(paging.to_read());
    let body = paging.page(reader, found, OccurrenceView::position)?;
    Ok(PublicReply { body, max_age_seconds: caller.is_none().then_some(PUBLIC_SECONDS) })
}

fn occurrences(event: &Event, schedule: &Schedule, range: Range) -> Vec<OccurrenceView> {
    let found = schedule.occurrences(range, &event.exceptions).dates;
    found.iter().map(|occurrence| OccurrenceView::new(event, occurrence)).collect()
}

fn range(
    schedule: &Schedule,
    OccurrenceFilters { from, to }: OccurrenceFilters,
    now: Timestamp,
) -> Result<Range, ListOccurrencesError> {
    let invalid = || ListOccurrencesError::Range;
    let day = |date| schedule.time_zone.day(date).ok_or_else(invalid);
    let from = match from {
        None => now,
        Some(Bound::At(at)) => at,
        Some(Bound::Day(date)) => day(date)?.0,
    };
    let to = match to {
        None => from.checked_add(SignedDuration::from_hours(MAX_DAYS * 24)).map_err(|_| invalid())?,
        Some(Bound::At(at)) => at,
        Some(Bound::Day(date)) => day(date)?.1,
    };
    Range::new(from, to).map_err(|_| invalid())
}
