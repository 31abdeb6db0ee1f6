//! `GET /api/v1/events/calendar.ics`

use std::{collections::HashSet, marker::PhantomData};

use axum::extract::State;
use shared::http::{IfNoneMatch, Query as Parameters, Text};

use super::feeds::{FEED_SECONDS, FeedError, checked, find, read};
use crate::{agenda::EventFilters, calendar::ics, formats::Calendar, happening::host, state::Search};

/// Name of the calendar in its readers.
const NAME: &str = "Events";

/// Get a search as a calendar
///
/// Returns the events of a search, with all of their dates, as iCalendar (RFC 5545): at most
/// 1,000. By default it begins 31 days ago and includes cancelled events. The UID of an event
/// is the same in every calendar.
#[utoipa::path(
    get,
    path = "/api/v1/events/calendar.ics",
    params(EventFilters),
    responses(Text<Calendar>, FeedError),
)]
pub async fn get_calendar(
    State(search): State<Search>,
    Parameters(filters): Parameters<EventFilters>,
    known: IfNoneMatch,
) -> Result<Text<Calendar>, FeedError> {
    let feed = find(&search, &filters, false).await?;
    let (mut body, mut modified_at) = (String::new(), None);
    if !known.has(&feed.tag) {
        let (mut found, modified) = read(&search, &feed.hits).await?;
        let mut seen = HashSet::new();
        let once = feed.hits.iter().filter(|hit| seen.insert(&hit.id));
        let happenings: Vec<_> = once.filter_map(|hit| found.remove(&hit.id)).collect();
        let host = host(&search.public_url);
        body = checked(ics::write(&ics::Calendar { name: NAME, host: &host }, &happenings))?;
        modified_at = modified;
    }
    Ok(Text { body, tag: feed.tag, modified_at, max_age_seconds: Some(FEED_SECONDS), format: PhantomData })
}
