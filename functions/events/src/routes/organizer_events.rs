//! Common part of `list_organization_events` and `list_user_events`.

use serde::Deserialize;
use shared::{
    http::{
        InvalidCursor, Page, Paging, PublicReply,
        problem::{INVALID_PARAMETER, NOT_FOUND},
    },
    organizer::Organizer,
    vocabulary::{EventStatus, EventVisibility},
};
use utoipa::IntoParams;

use super::get_event::PUBLIC_SECONDS;
use crate::{state::Events, store::ListedEvent, view::EventSummary};

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
    /// Filter by status: `completed` for past events. Any but `draft`.
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
    let found = events.store.list_events_of(organizer, statuses, after, paging.to_read()).await?;
    let Page { data, has_more, next_cursor } =
        paging.page(None, found, |event: &ListedEvent| event.sort.clone())?;
    let is_listed =
        |event: &ListedEvent| event.card.visibility == EventVisibility::Listed && !event.card.hidden;
    let shown = data.into_iter().filter(is_listed);
    let data = shown.map(|ListedEvent { id, card, .. }| EventSummary::new(id, card)).collect();
    let body = Page { data, has_more, next_cursor };
    Ok(PublicReply { body, max_age_seconds: Some(PUBLIC_SECONDS) })
}
