//! `GET /api/v1/events/facets`

use axum::extract::State;
use shared::{
    http::{PublicReply, Query as Parameters},
    search::engine::Query,
};

use super::list_events::cached_seconds;
use crate::{
    agenda::{EventFacets, EventFilters, MAX_AGE, Unsupported, facets, months},
    state::Search,
};

shared::problems! {
    /// Errors of counting events.
    pub enum GetFacetsError {
        Unsupported(Unsupported),
    }
}

/// Get the facets of a search
///
/// Counts the results of a search by category, city, mode, language, price and month: each
/// count is the number of results with that value as a further filter.
#[utoipa::path(
    get,
    path = "/api/v1/events/facets",
    params(EventFilters),
    responses(PublicReply<EventFacets>, GetFacetsError),
)]
pub async fn get_facets(
    State(search): State<Search>,
    Parameters(filters): Parameters<EventFilters>,
) -> Result<PublicReply<EventFacets>, GetFacetsError> {
    let categories = search.categories().await?;
    let (agenda, as_of) = search.agenda.available(MAX_AGE).await?;
    let now = search.context.clock.now();
    let months = months(now);
    let query = filters.query(&agenda, &categories, now)?;
    let found = agenda.search(&Query { facets: facets(&agenda, &categories, &months), ..query });
    let body = EventFacets::of(found.total, &found.facets, &months, as_of);
    Ok(PublicReply { body, max_age_seconds: Some(cached_seconds(now, as_of)) })
}
