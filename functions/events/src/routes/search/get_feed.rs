//! `GET /api/v1/events/feed.json`

use std::marker::PhantomData;

use axum::extract::State;
use http::Uri;
use shared::{
    Failure,
    http::{IfNoneMatch, Query as Parameters, Text},
};

use super::feeds::{FEED_SECONDS, FeedError, checked, find, read};
use crate::{
    agenda::{Collapse, EventFilters},
    calendar::json_feed,
    formats::Feed,
    state::Search,
};

/// Title of the feed.
const TITLE: &str = "Events";

/// Get a search as a feed
///
/// Returns the events of a search as JSON Feed 1.1: at most 1,000. By default it begins 31 days
/// ago and includes cancelled events.
#[utoipa::path(
    get,
    path = "/api/v1/events/feed.json",
    params(EventFilters),
    responses(Text<Feed>, FeedError),
)]
pub async fn get_feed(
    State(search): State<Search>,
    uri: Uri,
    Parameters(filters): Parameters<EventFilters>,
    known: IfNoneMatch,
) -> Result<Text<Feed>, FeedError> {
    let feed = find(&search, &filters, true).await?;
    let (mut body, mut modified_at) = (String::new(), None);
    if !known.has(&feed.tag) {
        let (found, modified) = read(&search, &feed.hits).await?;
        let url = &search.public_url;
        let dated = feed.hits.iter().filter_map(|hit| {
            let happening = found.get(&hit.id)?;
            let key = hit.occurrence.as_ref()?.key.parse().ok()?;
            Some((happening, happening.schedule.find(key, &happening.exceptions)?))
        });
        let dated: Vec<_> = dated.collect();
        let hits: Vec<json_feed::Hit<'_>> =
            dated.iter().map(|(happening, date)| json_feed::Hit { happening, date }).collect();
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let document = json_feed::Feed {
            title: TITLE,
            home_page: &format!("{url}/events{query}"),
            address: &format!("{url}{}{query}", uri.path()),
            by_date: filters.collapse == Some(Collapse::Occurrence),
        };
        body = checked(json_feed::write(&document, &hits).map_err(Failure::internal)?)?;
        modified_at = modified;
    }
    Ok(Text { body, tag: feed.tag, modified_at, max_age_seconds: Some(FEED_SECONDS), format: PhantomData })
}
