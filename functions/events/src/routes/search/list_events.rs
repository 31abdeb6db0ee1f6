//! `GET /api/v1/events`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
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

/// Position of a page, and the time of the first one: a search from now on does not move while
/// its pages are read.
#[derive(Debug, Serialize, Deserialize)]
struct Place {
    #[serde(flatten)]
    position: Position,
    now: Timestamp,
}

/// Seconds for which a reply may be cached: until its agenda has its maximum age.
pub(super) fn cached_seconds(now: Timestamp, as_of: Timestamp) -> u32 {
    let left = MAX_AGE.saturating_sub(now.since(as_of)).as_secs();
    u32::try_from(left).unwrap_or_default()
}

/// Find events
///
/// Finds listed events with an occurrence in a range of time, by default from now on; an event
/// must match all filters. Occurrences of the next 400 days are found and, with `from`, also
/// those of the last 31 days. A change is found at most seven seconds after its reply.
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
    let after: Option<Place> = paging.after(None)?;
    let requested = search.context.clock.now();
    let now = after.as_ref().map_or(requested, |after| after.now);
    let after = after.map(|after| after.position);
    let categories = search.categories().await?;
    let (agenda, as_of) = search.agenda.available(MAX_AGE).await?;
    let query = filters.query(&agenda, &categories, now)?;
    let found = agenda.search(&Query { after, limit: paging.limit(), ..query });
    let hits: Vec<FoundEvent> = found.hits.into_iter().map(FoundEvent::of).collect::<Result<_, _>>()?;
    let last = found.next.map(|position| Place { position, now });
    let page = paging.page_up_to(None, hits, last.as_ref())?;
    let body = FoundEventPage::of(page, found.total, as_of);
    Ok(PublicReply { body, max_age_seconds: Some(cached_seconds(requested, as_of)) })
}
