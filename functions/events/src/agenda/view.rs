//! Views of the results of a search.

use std::collections::BTreeMap;

use jiff::{Timestamp as Instant, civil::Date};
use serde::Serialize;
use shared::{
    Failure,
    clock::Timestamp,
    http::Page,
    money::Money,
    search::engine::{self, Counts, Hit},
    text::{LanguageCode, Slug, Tag, VenueName, compared},
    vocabulary::EventStatus,
};
use utoipa::ToSchema;

use super::{
    AgendaCard,
    document::{CATEGORY, LANGUAGE, MODE, PRICE, SPELLING, STATUS},
};
use crate::{
    event::{Degrees, EventCard},
    schedule::Zone,
    view::{EventSummary, OccurrenceStatus},
};

/// Maximum number of values of a facet.
const VALUES: usize = 50;

/// A found event with its matching occurrence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundEvent {
    #[serde(flatten)]
    event: EventSummary,
    /// First matching occurrence; with `collapse=occurrence` the one of this entry.
    occurrence: Option<FoundOccurrence>,
    venue: Option<VenueName>,
    #[schema(value_type = Option<f64>, examples(52.52))]
    latitude: Option<Degrees>,
    #[schema(value_type = Option<f64>, examples(13.405))]
    longitude: Option<Degrees>,
    /// Distance from `near` in metres.
    #[schema(examples(1200))]
    distance: Option<u32>,
    #[schema(max_items = 3)]
    categories: Vec<Slug>,
    #[schema(max_items = 10)]
    tags: Vec<Tag>,
    language: Option<LanguageCode>,
    /// Lowest price, zero if only some ticket types are free; `null` for a free event.
    price: Option<Money>,
}

/// A found occurrence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundOccurrence {
    /// Key: the local date that the rule gave.
    #[schema(examples("2026-10-27"))]
    key: String,
    starts_at: Timestamp,
    /// End, exclusive.
    ends_at: Timestamp,
    /// Local start, as the clock shows it: a date if the event is all-day.
    #[schema(examples("2026-10-27T19:00"))]
    local_start: String,
    status: OccurrenceStatus,
}

impl FoundEvent {
    /// A result.
    pub(crate) fn of(hit: Hit) -> Result<Self, Failure> {
        let unreadable = || Failure::internal("an event of the agenda does not fit its schema");
        let found: AgendaCard = serde_json::from_str(&hit.card).map_err(|_| unreadable())?;
        Ok(Self {
            occurrence: hit.occurrence.map(|occurrence| FoundOccurrence::of(&occurrence, &found.card)),
            venue: found.venue,
            latitude: found.latitude,
            longitude: found.longitude,
            distance: hit.metres.map(metres),
            categories: found.categories,
            tags: found.tags,
            language: found.language,
            price: found.price,
            event: EventSummary::new(hit.id.parse().map_err(|_| unreadable())?, found.card),
        })
    }
}

impl FoundOccurrence {
    fn of(occurrence: &engine::Occurrence, card: &EventCard) -> Self {
        let zone = card.time_zone.as_deref().unwrap_or_default();
        let is_cancelled = card.status == EventStatus::Cancelled
            || occurrence.terms.get(STATUS).is_some_and(|it| it.iter().any(|status| status == "cancelled"));
        Self {
            key: occurrence.key.clone(),
            starts_at: Timestamp::from_millis(occurrence.start * 1_000),
            ends_at: Timestamp::from_millis(occurrence.end * 1_000),
            local_start: local(occurrence.start, zone, card.all_day),
            status: if is_cancelled { OccurrenceStatus::Cancelled } else { OccurrenceStatus::Scheduled },
        }
    }
}

fn local(start: i64, zone: &str, all_day: bool) -> String {
    let (Ok(start), Ok(zone)) = (Instant::from_second(start), zone.parse::<Zone>()) else {
        return String::new();
    };
    let clock = zone.clock(start);
    if all_day { clock.date().to_string() } else { clock.strftime("%Y-%m-%dT%H:%M").to_string() }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "half the globe is 2.0e7 metres")]
fn metres(metres: f64) -> u32 {
    metres.round() as u32
}

/// A page of a search.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundEventPage {
    /// Entries of the page.
    data: Vec<FoundEvent>,
    /// True if more entries follow.
    #[schema(examples(false))]
    has_more: bool,
    /// Cursor of the next page; `null` on the last page.
    #[schema(examples(json!(null)))]
    next_cursor: Option<String>,
    /// Number of entries on all pages.
    #[schema(examples(1))]
    total: usize,
    /// Time up to which the results are complete: up to 5 seconds before the request, or more
    /// while the table cannot be read.
    as_of: Timestamp,
}

impl FoundEventPage {
    pub(crate) fn of(page: Page<FoundEvent>, total: usize, as_of: Timestamp) -> Self {
        let Page { data, has_more, next_cursor } = page;
        Self { data, has_more, next_cursor, total, as_of }
    }
}

/// Number of results with a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventFacet {
    /// Value, in the form of the filter.
    #[schema(examples("music"))]
    value: String,
    /// Number of results.
    #[schema(examples(3))]
    count: usize,
}

/// Counts of results by value, the most frequent first, at most 50 of each field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventFacets {
    /// Number of results.
    #[schema(examples(3))]
    total: usize,
    /// Categories, each with those of its subcategories.
    categories: Vec<EventFacet>,
    /// Cities, in their most frequent spelling.
    cities: Vec<EventFacet>,
    modes: Vec<EventFacet>,
    languages: Vec<EventFacet>,
    /// `free` and `priced`.
    prices: Vec<EventFacet>,
    /// Months of the matching occurrences in the zones of their events, in order, of the next
    /// thirteen.
    months: Vec<EventFacet>,
    /// Time up to which the results are complete.
    as_of: Timestamp,
}

impl EventFacets {
    pub(crate) fn of(total: usize, counts: &Counts, months: &[Date], as_of: Timestamp) -> Self {
        let counted = |field: &str| counts.terms.get(field).into_iter().flatten();
        let values = |field: &str| {
            let counted = counted(field);
            most_frequent(counted.map(|(value, count)| EventFacet { value: value.clone(), count: *count }))
        };
        let mut spellings: BTreeMap<String, Vec<EventFacet>> = BTreeMap::new();
        for (value, count) in counted(SPELLING) {
            let facet = EventFacet { value: value.clone(), count: *count };
            spellings.entry(compared(value)).or_default().push(facet);
        }
        let cities = spellings.into_values().filter_map(|spellings| {
            let count = spellings.iter().map(|spelling| spelling.count).sum();
            let value = most_frequent(spellings.into_iter()).into_iter().next()?.value;
            Some(EventFacet { value, count })
        });
        let months = months.iter().zip(&counts.periods).filter(|(_, count)| **count > 0);
        let months = months
            .map(|(month, count)| EventFacet { value: month.strftime("%Y-%m").to_string(), count: *count });
        Self {
            total,
            categories: values(CATEGORY),
            cities: most_frequent(cities),
            modes: values(MODE),
            languages: values(LANGUAGE),
            prices: values(PRICE),
            months: months.collect(),
            as_of,
        }
    }
}

/// The most frequent values first.
fn most_frequent(facets: impl Iterator<Item = EventFacet>) -> Vec<EventFacet> {
    let mut facets: Vec<EventFacet> = facets.collect();
    facets.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
    facets.truncate(VALUES);
    facets
}
