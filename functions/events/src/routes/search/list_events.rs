//! `GET /api/v1/events`

use axum::extract::State;
use shared::{
    http::{InvalidCursor, List, Paging, PublicReply},
    search::engine::{Position, Query},
};

use crate::{
    agenda::{EventFilters, FoundEvent, FoundEventPage, MAX_AGE, Unsupported},
    state::Search,
};

shared::problems! {
    /// Errors of searching for events.
    pub enum ListEventsError {
        Unsupported(Unsupported),
        Cursor(InvalidCursor),
    }
}

/// Seconds for which a reply may be cached.
pub(super) const PUBLIC_SECONDS: u32 = 5;

/// Find events
///
/// Finds listed events with an occurrence in a range of time, by default from now on; all
/// given filters must fit. A change is found at most seven seconds after its reply. Events
/// that are over are not found.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    params(EventFilters, Paging),
    responses(PublicReply<FoundEventPage>, ListEventsError),
)]
pub async fn list_events(
    State(search): State<Search>,
    List { filters, paging }: List<EventFilters>,
) -> Result<PublicReply<FoundEventPage>, ListEventsError> {
    let after: Option<Position> = paging.after(None)?;
    let categories = search.categories().await?;
    let (agenda, as_of) = search.agenda.available(MAX_AGE).await?;
    let query = filters.query(&agenda, &categories, search.context.clock.now())?;
    let found = agenda.search(&Query { after, limit: paging.limit(), ..query });
    let hits: Vec<FoundEvent> = found.hits.into_iter().map(FoundEvent::of).collect::<Result<_, _>>()?;
    let page = paging.page_up_to(None, hits, found.next.as_ref())?;
    let body = FoundEventPage::of(page, found.total, as_of);
    Ok(PublicReply { body, max_age_seconds: Some(PUBLIC_SECONDS) })
}
