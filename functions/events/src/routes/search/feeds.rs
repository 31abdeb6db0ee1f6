//! Common part of the feeds: the events of a search, whole.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use shared::{
    Failure,
    clock::Timestamp,
    http::{fits_reply, problem::Named},
    id::EventId,
    search::engine::{Hit, Query},
    table::item::Stored,
};

use crate::{
    agenda::{EventFilters, MAX_AGE, Unsupported},
    calendar::Happening,
    event::Event,
    happening::happening,
    state::Search,
};

/// Maximum number of events of a feed.
const MOST: usize = 1_000;

/// Seconds for which a feed may be cached.
pub(super) const FEED_SECONDS: u32 = 3_600;

/// A search with too many results for a feed.
pub(super) const FEED_TOO_LARGE: Named =
    Named::new(400, "feed_too_large", "The search has too many results for a feed.").explained(
        "A feed has at most 1,000 events and 5.5 MB, and the search finds more.",
        "Add filters, such as a city, a category or a range of time.",
    );

shared::problems! {
    /// Errors of getting a feed.
    pub enum FeedError {
        Unsupported(Unsupported),
        TooLarge => FEED_TOO_LARGE,
    }
}

/// Results of a feed, in order.
pub(super) struct Feed {
    /// Results.
    pub(super) hits: Vec<Hit>,
    /// Text that identifies their state.
    pub(super) tag: String,
}

/// Finds the results of a feed, which shows the events or, with `dated`, one date of each.
pub(super) async fn find(search: &Search, filters: &EventFilters, dated: bool) -> Result<Feed, FeedError> {
    let categories = search.categories().await?;
    let (agenda, _) = search.agenda.available(MAX_AGE).await?;
    let now = search.context.clock.now();
    let query = filters.of_feed(now).query(&agenda, &categories, now)?;
    let found = agenda.search(&Query { limit: MOST, ..query });
    if found.total > MOST {
        return Err(FeedError::TooLarge);
    }
    let mut state = String::new();
    for hit in &found.hits {
        let key = hit.occurrence.as_ref().filter(|_| dated).map_or("", |occurrence| &occurrence.key);
        // Writing to a String cannot fail.
        let _ = writeln!(state, "{} {} {key}", hit.id, hit.version);
    }
    let hash = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, state.as_bytes()));
    // 96 bits: two feeds do not share a tag by accident.
    Ok(Feed { hits: found.hits, tag: hash[..16].to_owned() })
}

/// Refuses a text that does not fit into a reply.
pub(super) fn checked(body: String) -> Result<String, FeedError> {
    if fits_reply(&body) { Ok(body) } else { Err(FeedError::TooLarge) }
}

/// Reads the events of the results, by id. One that is no longer public is missing.
pub(super) async fn read(
    search: &Search,
    hits: &[Hit],
) -> Result<(HashMap<String, Happening>, Option<Timestamp>), Failure> {
    let ids: HashSet<EventId> = hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
    let ids: Vec<EventId> = ids.into_iter().collect();
    let events = search.store.get_events(&ids).await?;
    let public: Vec<&Stored<Event>> = events.iter().filter(|event| event.entity.is_public()).collect();
    let organizers = public.iter().map(|event| &event.entity.organizer);
    let names = search.store.organizer_names(organizers).await?;
    let url = &search.public_url;
    let happenings = public.iter().filter_map(|event| happening(event, &names, url));
    let modified = public.iter().map(|event| event.entity.updated_at).max();
    Ok((happenings.map(|happening| (happening.id.clone(), happening)).collect(), modified))
}
