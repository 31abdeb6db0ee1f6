//! Common part of `list_organization_events` and `list_user_events`.

use serde::Deserialize;
use shared::{
    Failure,
    http::{
        InvalidCursor, Page, Paging, PublicReply,
        problem::{INVALID_PARAMETER, NOT_FOUND},
    },
    organizer::Organizer,
    vocabulary::{EventStatus, EventVisibility},
};
use utoipa::IntoParams;

use super::get_event::PUBLIC_SECONDS;
use crate::{
    state::Events,
    store::{ListedEvent, Store},
    view::EventSummary,
};

/// Maximum round trips for a page: then it ends early, with a cursor.
const ROUND_TRIPS: usize = 5;

/// Statuses of public events.
const PUBLIC: [EventStatus; 5] = [
    EventStatus::Published,
    EventStatus::Rescheduled,
    EventStatus::Postponed,
    EventStatus::Cancelled,
    EventStatus::Completed,
];

/// Filters of the events of an organizer.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrganizerEventFilters {
    /// Filter by status: `completed` for past events. All statuses except `draft` are allowed.
    #[param(inline)]
    status: Option<EventStatus>,
}

shared::problems! {
    /// Errors of listing the events of an organizer.
    pub enum ListOrganizerEventsError {
        NotFound => NOT_FOUND,
        Draft => INVALID_PARAMETER,
        Cursor(InvalidCursor),
    }
}

pub(super) type OrganizerEvents = PublicReply<Page<EventSummary>>;

/// A page of the listed events of an organizer.
pub(super) async fn list(
    events: &Events,
    organizer: &Organizer,
    filters: &OrganizerEventFilters,
    paging: &Paging,
) -> Result<OrganizerEvents, ListOrganizerEventsError> {
    let one = filters.status.map(|status| [status]);
    let statuses = one.as_ref().map_or(&PUBLIC[..], |status| &status[..]);
    if !statuses.iter().all(|status| PUBLIC.contains(status)) {
        return Err(ListOrganizerEventsError::Draft);
    }
    let after: Option<String> = paging.after(None)?;
    let (found, reached) = find(&events.store, organizer, statuses, after, paging.to_read()).await?;
    let position = |event: &ListedEvent| event.sort.clone();
    let page = match reached {
        Some(reached) => paging.page_until(None, found, &reached, position)?,
        None => paging.page(None, found, position)?,
    };
    let body = page.map(|ListedEvent { id, card, .. }| EventSummary::new(id, card));
    Ok(PublicReply { body, max_age_seconds: Some(PUBLIC_SECONDS) })
}

/// Up to `limit` listed events after a position. Others are left out of what is read, at most
/// [`ROUND_TRIPS`] times as many events: then the position up to which they were read is given.
async fn find(
    store: &Store,
    organizer: &Organizer,
    statuses: &[EventStatus],
    mut after: Option<String>,
    limit: usize,
) -> Result<(Vec<ListedEvent>, Option<String>), Failure> {
    let is_listed =
        |event: &ListedEvent| event.card.visibility == EventVisibility::Listed && !event.card.hidden;
    let mut found = Vec::new();
    for _ in 0..ROUND_TRIPS {
        let read = store.list_events_of(organizer, statuses, after, limit).await?;
        let is_last = read.len() < limit;
        after = read.last().map(|event| event.sort.clone());
        found.extend(read.into_iter().filter(is_listed));
        if is_last || found.len() >= limit {
            found.truncate(limit);
            return Ok((found, None));
        }
    }
    Ok((found, after))
}
