//! The endpoints of the search, one a file.

mod feeds;
mod get_calendar;
mod get_facets;
mod get_feed;
mod list_events;

use crate::state::Search;

shared::endpoints! {
    group events with state Search;
    /// Search for listed events: by text, time, place and their fields.
    ///
    /// 1. `GET /api/v1/events` finds events.
    /// 2. `GET /api/v1/events/facets` counts the results by value.
    /// 3. `GET /api/v1/events/calendar.ics` returns the results as a calendar.
    tag event_search;
    list_events, get_facets, get_calendar, get_feed;
}
