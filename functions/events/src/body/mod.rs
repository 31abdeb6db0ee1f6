//! The request of an event: a POST creates a draft, a PUT replaces, a PATCH (RFC 7396)
//! merges.

mod schedule;
mod venue;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{
        Faults, Field, Patch,
        merged::{always, list, onto, patched},
    },
    organizer::Organizer,
    text::{
        Accessibility, EventDescription, EventTitle, Invalid, LanguageCode, Slug, Summary, Tag, TicketName,
        WebUrl, compared,
    },
    vocabulary::{EventMode, EventVisibility},
};
use utoipa::ToSchema;

use self::schedule::schedule;
pub(crate) use self::{schedule::schedule_of, venue::venue_of};
use crate::{
    event::{Details, Event, TicketType, Venue, is_reserved},
    schedule::ScheduleRequest,
};

const MOST_CATEGORIES: usize = 3;
const MOST_TAGS: usize = 10;
const MOST_IMAGES: usize = 5;
const MOST_TICKET_TYPES: usize = 20;
const AGES: std::ops::RangeInclusive<u8> = 1..=99;

/// An event, or changes of one. POST and PUT require `title`; a PUT removes the fields that
/// it does not name, except `slug` and `organizer`. Maximum size: 64 KB.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(examples(json!({
    "title": "Evening of engines",
    "summary": "Talks about machines that do not exist yet.",
    "schedule": {
        "time_zone": "Europe/Berlin",
        "parts": [{
            "start": "2030-10-01T19:00",
            "duration": "PT2H",
            "rule": "FREQ=WEEKLY;BYDAY=TU",
            "count": 20,
        }],
    },
    "venue": {
        "name": "Lovelace Hall",
        "address": "Torstraße 1",
        "city": "Berlin",
        "country": "DE",
        "latitude": 52.5219,
        "longitude": 13.4132,
    },
    "categories": ["talks"],
    "tags": ["history"],
    "language": "en",
})))]
pub struct EventRequest {
    /// Title.
    #[serde(default)]
    #[schema(value_type = Option<EventTitle>)]
    title: Patch<String>,
    /// Slug: name in URLs. Defaults to one made from the title at the first publication, and
    /// is fixed from then on.
    #[serde(default)]
    #[schema(value_type = Option<Slug>)]
    slug: Patch<String>,
    /// Summary.
    #[serde(default)]
    #[schema(value_type = Option<Summary>)]
    summary: Patch<String>,
    /// Description.
    #[serde(default)]
    #[schema(value_type = Option<EventDescription>)]
    description: Patch<String>,
    /// Organizer of a new event: an organisation, in which the caller is an editor or has a
    /// higher role. Defaults to the caller. `POST /api/v1/events/{event_id}/transfer` changes it.
    #[serde(default)]
    #[schema(value_type = Option<Organizer>)]
    organizer: Patch<String>,
    /// Schedule. Occurrences that have begun stay as they are.
    #[serde(default)]
    #[schema(value_type = Option<ScheduleRequest>)]
    schedule: Patch<Map<String, Value>>,
    /// Mode of attendance. Defaults to `offline`.
    #[serde(default)]
    #[schema(value_type = Option<EventMode>)]
    mode: Patch<EventMode>,
    /// Venue of an event that is not online.
    #[serde(default)]
    #[schema(value_type = Option<Venue>)]
    venue: Patch<Map<String, Value>>,
    /// Link of an online event, shown to the organizer only.
    #[serde(default)]
    #[schema(value_type = Option<WebUrl>)]
    online_url: Patch<String>,
    /// Slugs of event categories; 3 at most.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Slug>>)]
    categories: Patch<Vec<String>>,
    /// Tags; 10 at most.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Tag>>)]
    tags: Patch<Vec<String>>,
    /// Language.
    #[serde(default)]
    #[schema(value_type = Option<LanguageCode>)]
    language: Patch<String>,
    /// Image URLs, the main one first; 5 at most.
    #[serde(default)]
    #[schema(value_type = Option<Vec<WebUrl>>)]
    images: Patch<Vec<String>>,
    /// Ticket types in one currency; 20 at most. Without one, the event is free.
    #[serde(default)]
    #[schema(value_type = Option<Vec<TicketType>>)]
    ticket_types: Patch<Vec<Map<String, Value>>>,
    /// Minimum age of attendees in years, 1 to 99.
    #[serde(default)]
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 99, examples(16))]
    minimum_age: Patch<u8>,
    /// Accessibility, for example of the entrance, seats and speech.
    #[serde(default)]
    #[schema(value_type = Option<Accessibility>)]
    accessibility: Patch<String>,
    /// Visibility once published. Defaults to `listed`.
    #[serde(default)]
    #[schema(value_type = Option<EventVisibility>)]
    visibility: Patch<EventVisibility>,
}

/// Method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// PUT: removes the fields that it does not name, except slug and organizer.
    Replace,
    /// PATCH: keeps the fields that it does not name.
    Merge,
}

impl EventRequest {
    /// The organizer that the request names, if it names one.
    pub(crate) fn organizer(&self) -> Result<Option<Organizer>, Faults> {
        let mut faults = Faults::default();
        let named = faults
            .optional("/organizer", self.organizer.clone().into(), |text: String| Organizer::parse(&text));
        faults.done(named)
    }

    /// True if the request names categories.
    pub(crate) fn names_categories(&self) -> bool {
        matches!(self.categories, Patch::Value(_))
    }

    /// The fields of a new event.
    pub(crate) fn create(self, faults: Faults) -> Result<Details, Faults> {
        self.build(None, None, None, faults)
    }

    /// The fields of an event after the request, with its whole new schedule.
    pub(crate) fn change(
        self,
        before: &Event,
        method: Method,
        mut faults: Faults,
    ) -> Result<Details, Faults> {
        faults.patch_required("/organizer", self.organizer.clone(), |text: String| {
            match Organizer::parse(&text)? {
                organizer if organizer == before.organizer => Ok(organizer),
                _ => Err(Invalid::new("immutable", "The organizer is changed with `POST …/transfer`.")),
            }
        });
        let kept = (method == Method::Merge).then_some(&before.details);
        let fixed = before.details.slug.as_ref().filter(|_| before.published_at.is_some());
        self.build(Some(&before.details), kept, fixed, faults)
    }

    /// Builds the fields. `before` has stored values that are not judged again, `kept` those
    /// of the fields that the request does not name; `fixed` is the slug of an event that has
    /// been published.
    fn build(
        self,
        before: Option<&Details>,
        kept: Option<&Details>,
        fixed: Option<&Slug>,
        mut faults: Faults,
    ) -> Result<Details, Faults> {
        let faults = &mut faults;
        let stored = before.map(|it| &it.title);
        let title = always(faults, "/title", self.title, kept.map(|it| it.title.clone()), |text: String| {
            EventTitle::parse_or_keep(&text, stored)
        });
        let slug = before.and_then(|it| it.slug.clone());
        let slug = patched(faults, "/slug", self.slug, slug, |text: String| slug_of(&text, fixed));
        let summary = kept.and_then(|it| it.summary.clone());
        let summary =
            patched(faults, "/summary", self.summary, summary, |text: String| Summary::parse(&text));
        let description = kept.and_then(|it| it.description.clone());
        let description = patched(faults, "/description", self.description, description, |text: String| {
            EventDescription::parse_or_keep(&text, before.and_then(|it| it.description.as_ref()))
        });
        let mut timing = kept.and_then(|it| it.schedule.clone());
        let stored = before.and_then(|it| it.schedule.as_ref());
        if let Some(change) = schedule(faults, self.schedule, timing.as_ref(), stored) {
            change.apply(&mut timing);
        }
        let mode = always(
            faults,
            "/mode",
            self.mode,
            Some(kept.map(|it| it.mode.clone()).unwrap_or_default()),
            |mode| Ok(mode.into()),
        );
        let mut venue = kept.and_then(|it| it.venue.clone());
        if let Some(change) = venue_of(faults, onto(self.venue, venue.as_ref())) {
            change.apply(&mut venue);
        }
        let online_url = kept.and_then(|it| it.online_url.clone());
        let online_url =
            patched(faults, "/online_url", self.online_url, online_url, |text: String| WebUrl::parse(&text));
        let categories = list(
            faults,
            "/categories",
            self.categories,
            kept.map(|it| &it.categories),
            MOST_CATEGORIES,
            |faults, at, text| faults.required(at, Field::Value(text), |text: String| Slug::parse(&text)),
        );
        let tags =
            list(faults, "/tags", self.tags, kept.map(|it| &it.tags), MOST_TAGS, |faults, at, text| {
                faults.required(at, Field::Value(text), |text: String| Tag::parse(&text))
            });
        let language = kept.and_then(|it| it.language.clone());
        let language =
            patched(faults, "/language", self.language, language, |text: String| LanguageCode::parse(&text));
        let images = list(
            faults,
            "/images",
            self.images,
            kept.map(|it| &it.images),
            MOST_IMAGES,
            |faults, at, text| faults.required(at, Field::Value(text), |text: String| WebUrl::parse(&text)),
        );
        let ticket_types = list(
            faults,
            "/ticket_types",
            self.ticket_types,
            kept.map(|it| &it.ticket_types),
            MOST_TICKET_TYPES,
            ticket_type,
        );
        one_currency(faults, ticket_types.as_deref());
        let minimum_age = kept.and_then(|it| it.minimum_age);
        let minimum_age = patched(faults, "/minimum_age", self.minimum_age, minimum_age, age);
        let accessibility = kept.and_then(|it| it.accessibility.clone());
        let accessibility =
            patched(faults, "/accessibility", self.accessibility, accessibility, |text: String| {
                Accessibility::parse(&text)
            });
        let visibility = kept.map(|it| it.visibility.clone()).unwrap_or_default();
        let visibility = always(faults, "/visibility", self.visibility, Some(visibility), |visibility| {
            Ok(visibility.into())
        });
        let built = (|| {
            Some(Details {
                title: title?,
                slug: fixed.cloned().or(slug),
                summary,
                description,
                schedule: timing,
                mode: mode?,
                venue,
                online_url,
                categories: distinct(categories?, Slug::to_string),
                tags: distinct(tags?, |tag| compared(tag.as_str())),
                language,
                images: images?,
                ticket_types: ticket_types?,
                minimum_age,
                accessibility,
                visibility: visibility?,
            })
        })();
        std::mem::take(faults).done(built)
    }
}

/// A slug that an event can have, of which `fixed` is the only one if it is given.
fn slug_of(text: &str, fixed: Option<&Slug>) -> Result<Slug, Invalid> {
    match Slug::parse(text)? {
        slug if is_reserved(&slug) => Err(Invalid::new("reserved", "A page of the platform has this name.")),
        slug if fixed.is_none_or(|fixed| *fixed == slug) => Ok(slug),
        _ => Err(Invalid::new("immutable", "The slug of an event is fixed by its first publication.")),
    }
}

fn age(years: u8) -> Result<u8, Invalid> {
    let invalid = || Invalid::new("invalid_age", "A minimum age is 1 to 99 years.");
    Some(years).filter(|years| AGES.contains(years)).ok_or_else(invalid)
}

/// The entries, each once.
fn distinct<T>(entries: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let mut seen = std::collections::BTreeSet::new();
    entries.into_iter().filter(|entry| seen.insert(key(entry))).collect()
}

#[derive(Deserialize)]
struct TicketTypeRequest {
    name: Field<String>,
    price: Field<Map<String, Value>>,
}

fn ticket_type(faults: &mut Faults, at: &str, object: Map<String, Value>) -> Option<TicketType> {
    let fields: TicketTypeRequest = faults.nested(at, object)?;
    let name = faults.required(&format!("{at}/name"), fields.name, |text: String| TicketName::parse(&text));
    let pointer = format!("{at}/price");
    let price = faults.required(&pointer, fields.price, Ok)?;
    let price = shared::money::Money::parse(faults, &pointer, price)?;
    Some(TicketType { name: name?, price })
}

fn one_currency(faults: &mut Faults, tickets: Option<&[TicketType]>) {
    let mut tickets = tickets.unwrap_or_default().iter().enumerate();
    let Some((_, first)) = tickets.next() else { return };
    for (place, _) in tickets.filter(|(_, ticket)| ticket.price.currency != first.price.currency) {
        faults.add(
            format!("/ticket_types/{place}/price/currency"),
            Invalid::new("mixed_currencies", "All ticket types of an event have one currency."),
        );
    }
}
