//! The document of a listed event.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    money::Money,
    search::engine::{Amount, Document, Occurrence, Point, Schema, TextField},
    table::item::Stored,
    text::{LanguageCode, Slug, Tag, VenueName, compared},
    vocabulary::{EventStatus, EventVisibility},
};

use jiff::SignedDuration;

use super::{KEPT_DAYS, filters::SEARCHED};
use crate::{
    event::{Degrees, Event, EventCard, Venue, instant},
    schedule::{self, Range, Schedule},
};

/// Fields of the documents.
pub(super) static SCHEMA: Schema = Schema::new(
    &[
        TextField { name: TITLE, weight: 8 },
        TextField { name: TAGS, weight: 4 },
        TextField { name: PLACES, weight: 3 },
        TextField { name: NAMES, weight: 3 },
        TextField { name: DESCRIPTION, weight: 1 },
    ],
    &[CATEGORY, TAG, CITY, COUNTRY, ORGANIZER, LANGUAGE, MODE, STATUS, ZONE, PRICE, SPELLING],
);

const TITLE: &str = "title";
const TAGS: &str = "tags";
const PLACES: &str = "places";
const NAMES: &str = "names";
const DESCRIPTION: &str = "description";

pub(super) const CATEGORY: &str = "category";
pub(super) const TAG: &str = "tag";
pub(super) const CITY: &str = "city";
pub(super) const COUNTRY: &str = "country";
pub(super) const ORGANIZER: &str = "organizer";
pub(super) const LANGUAGE: &str = "language";
pub(super) const MODE: &str = "mode";
pub(super) const STATUS: &str = "status";
pub(super) const ZONE: &str = "zone";
pub(super) const PRICE: &str = "price";
/// The city as the event spells it.
pub(super) const SPELLING: &str = "spelling";

/// Terms of [`PRICE`].
pub(super) const FREE: &str = "free";
pub(super) const PRICED: &str = "priced";

/// Fields of an event that results show, beside those of other lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgendaCard {
    /// Fields of other lists.
    #[serde(flatten)]
    pub card: EventCard,
    /// Name of the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<VenueName>,
    /// Latitude of the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<Degrees>,
    /// Longitude of the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<Degrees>,
    /// Categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Slug>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageCode>,
    /// Lowest price, zero if only some ticket types are free; absent for a free event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// The document of an event at `now`, with the name of its organizer; `None` if search does
/// not show it.
pub fn document(stored: &Stored<Event>, organizer: Option<&str>, now: Timestamp) -> Option<Document> {
    let Stored { entity: event, version } = stored;
    let is_open = event.status.known().is_some_and(|status| SEARCHED.contains(&status));
    if !is_open || !event.is_public() || event.details.visibility != EventVisibility::Listed {
        return None;
    }
    let schedule = event.details.schedule.as_ref()?;
    let dates = dates(event, schedule, now);
    if dates.is_empty() {
        return None;
    }
    Some(Document {
        id: event.id.to_string(),
        version: *version,
        texts: texts(event, schedule, organizer),
        terms: terms(event, schedule),
        point: event.details.venue.as_ref().and_then(point),
        amount: event.details.prices().map(amount),
        free: event.details.lowest_price().is_none_or(|lowest| lowest.amount == 0),
        created_at: event.id.created_at().seconds(),
        occurrences: dates.iter().map(occurrence).collect(),
        card: serde_json::to_string(&card(event)).ok()?,
    })
}

/// The dates that search finds: those of the next 400 days, and of the last ones. A completed
/// event takes place no more.
fn dates(event: &Event, schedule: &Schedule, now: Timestamp) -> Vec<schedule::Occurrence> {
    let past = || {
        let now = instant(now)?;
        let range =
            Range::new(now.checked_sub(SignedDuration::from_hours(KEPT_DAYS * 24)).ok()?, now).ok()?;
        let mut past = schedule.occurrences(range, &event.exceptions).dates;
        past.retain(|date| date.ends_at <= now);
        Some(past)
    };
    let mut dates = past().unwrap_or_default();
    if event.status != EventStatus::Completed {
        dates.extend(event.upcoming(now));
    }
    dates
}

fn texts(event: &Event, schedule: &Schedule, organizer: Option<&str>) -> BTreeMap<String, String> {
    let details = &event.details;
    let mut titles = vec![details.title.to_string()];
    let mut venues: Vec<Venue> = details.venue.iter().cloned().collect();
    // Parts and single dates may have a title and a venue of their own.
    let parts = schedule.parts.iter().map(|part| &part.changes);
    for changes in parts.chain(event.exceptions.values().map(|exception| &exception.changes)) {
        titles.extend(changes.get("title").and_then(|title| title.as_str()).map(str::to_owned));
        let venue = changes.get("venue").cloned().and_then(|venue| serde_json::from_value(venue).ok());
        venues.extend(venue);
    }
    let venue = |venue: &Venue| {
        let Venue { name, address, city, .. } = venue;
        let name = name.as_ref().map(ToString::to_string);
        let city = city.as_ref().map(ToString::to_string);
        [name, address.as_ref().map(ToString::to_string), city].into_iter().flatten().collect::<Vec<_>>()
    };
    let summary = details.summary.as_ref().map(ToString::to_string);
    let description = details.description.as_ref().map(ToString::to_string);
    let tags: Vec<String> = details.tags.iter().map(ToString::to_string).collect();
    let texts = [
        (TITLE, titles.join("\n")),
        (TAGS, tags.join("\n")),
        (PLACES, venues.iter().flat_map(venue).collect::<Vec<_>>().join("\n")),
        (NAMES, organizer.unwrap_or_default().to_owned()),
        (DESCRIPTION, summary.into_iter().chain(description).collect::<Vec<_>>().join("\n")),
    ];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    texts.map(|(field, text)| (field.to_owned(), text)).collect()
}

fn terms(event: &Event, schedule: &Schedule) -> BTreeMap<String, Vec<String>> {
    let details = &event.details;
    let venue = details.venue.as_ref();
    let city = venue.and_then(|venue| venue.city.as_ref()).map(ToString::to_string);
    let country = venue.and_then(|venue| venue.country.as_ref()).map(|code| code.as_str().to_owned());
    let terms = [
        (CATEGORY, details.categories.iter().map(ToString::to_string).collect()),
        (TAG, details.tags.iter().map(|tag| compared(tag.as_str())).collect()),
        (CITY, city.iter().map(|city| compared(city)).collect()),
        (SPELLING, city.into_iter().collect()),
        (COUNTRY, country.into_iter().collect()),
        (ORGANIZER, vec![event.organizer.to_string()]),
        (LANGUAGE, details.language.iter().map(ToString::to_string).collect()),
        (MODE, vec![details.mode.to_string()]),
        (STATUS, vec![event.status.to_string()]),
        (ZONE, vec![schedule.time_zone.to_string()]),
        (PRICE, price_terms(details.prices())),
    ];
    let terms = terms.into_iter().filter(|(_, terms): &(_, Vec<String>)| !terms.is_empty());
    terms.map(|(field, terms)| (field.to_owned(), terms)).collect()
}

fn point(venue: &Venue) -> Option<Point> {
    let degrees = |degrees: Degrees| f64::from(degrees.micro()) / 1e6;
    Some(Point { latitude: degrees(venue.latitude?), longitude: degrees(venue.longitude?) })
}

fn amount((lowest, highest): (Money, Money)) -> Amount {
    Amount { currency: lowest.currency.to_string(), low: lowest.amount, high: highest.amount }
}

/// Both for an event with free ticket types and others.
fn price_terms(prices: Option<(Money, Money)>) -> Vec<String> {
    let terms: &[&str] = match prices {
        None => &[FREE],
        Some((lowest, _)) if lowest.amount == 0 => &[FREE, PRICED],
        Some(_) => &[PRICED],
    };
    terms.iter().map(ToString::to_string).collect()
}

fn occurrence(date: &schedule::Occurrence) -> Occurrence {
    let cancelled = (STATUS.to_owned(), vec![EventStatus::Cancelled.to_string()]);
    Occurrence {
        start: date.starts_at.as_second(),
        end: date.ends_at.as_second(),
        key: date.key.to_string(),
        terms: date.cancelled.then_some(cancelled).into_iter().collect(),
    }
}

fn card(event: &Event) -> AgendaCard {
    let details = &event.details;
    let venue = details.venue.as_ref();
    AgendaCard {
        card: event.card.clone(),
        venue: venue.and_then(|venue| venue.name.clone()),
        latitude: venue.and_then(|venue| venue.latitude),
        longitude: venue.and_then(|venue| venue.longitude),
        categories: details.categories.clone(),
        tags: details.tags.clone(),
        language: details.language.clone(),
        price: details.lowest_price(),
    }
}
