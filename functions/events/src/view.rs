//! Views of events and their occurrences.

use serde::{Serialize, de::DeserializeOwned};
use shared::{
    clock::Timestamp,
    id::EventId,
    organizer::Organizer,
    table::item::Stored,
    text::{
        Accessibility, City, EventDescription, EventTitle, LanguageCode, Reason, Slug, Summary, Tag,
        TimeZoneName, WebUrl,
    },
    vocabulary::{EventMode, EventStatus, EventVisibility, Open},
};
use utoipa::ToSchema;

use crate::{
    event::{Details, Effect, Event, EventCard, TicketType, Venue, moment},
    schedule::{Changes, Exception, Key, Length, Local, Occurrence, Part, PartRequest, Schedule, Status},
};

/// Schedule of an event, in the form of requests.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Schedule)]
pub struct ScheduleView {
    /// IANA time zone name.
    #[schema(value_type = TimeZoneName)]
    time_zone: String,
    /// True if the event has dates and no times.
    #[schema(examples(false))]
    all_day: bool,
    /// Parts in order of `from`.
    #[schema(value_type = Vec<PartRequest>)]
    parts: Vec<Part>,
    /// Further local starts.
    #[schema(value_type = Vec<String>, examples("2026-10-24T11:00"))]
    added: Vec<Local>,
    /// Keys of occurrences that do not take place.
    #[schema(value_type = Vec<String>, examples("2026-12-29"))]
    skipped: Vec<Key>,
}

impl ScheduleView {
    /// A schedule.
    pub fn of(schedule: &Schedule) -> Self {
        Self {
            time_zone: schedule.time_zone.to_string(),
            all_day: schedule.all_day,
            parts: schedule.parts.clone(),
            added: schedule.added.iter().map(|added| added.start).collect(),
            skipped: schedule.skipped.iter().copied().collect(),
        }
    }
}

/// An event in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventSummary {
    id: EventId,
    organizer: Organizer,
    #[schema(value_type = EventStatus)]
    status: Open<EventStatus>,
    #[schema(value_type = EventVisibility)]
    visibility: Open<EventVisibility>,
    title: EventTitle,
    slug: Option<Slug>,
    /// Start of the first occurrence.
    starts_at: Option<Timestamp>,
    #[schema(value_type = Option<TimeZoneName>)]
    time_zone: Option<String>,
    /// True if the event has dates and no times.
    #[schema(examples(false))]
    all_day: bool,
    /// True for a series.
    #[schema(examples(true))]
    recurring: bool,
    #[schema(value_type = EventMode)]
    mode: Open<EventMode>,
    city: Option<City>,
    /// Main image.
    image: Option<WebUrl>,
}

impl EventSummary {
    /// The event `id`.
    pub fn new(id: EventId, card: EventCard) -> Self {
        let EventCard { organizer, status, visibility, title, slug, starts_at, time_zone, .. } = card;
        let EventCard { all_day, recurring, mode, city, image, .. } = card;
        Self {
            id,
            organizer,
            status,
            visibility,
            title,
            slug,
            starts_at,
            time_zone,
            all_day,
            recurring,
            mode,
            city,
            image,
        }
    }
}

/// An event.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Event)]
pub struct EventView {
    id: EventId,
    organizer: Organizer,
    #[schema(value_type = EventStatus)]
    status: Open<EventStatus>,
    title: EventTitle,
    slug: Option<Slug>,
    summary: Option<Summary>,
    description: Option<EventDescription>,
    schedule: Option<ScheduleView>,
    /// The occurrence that takes place now or next.
    next_occurrence: Option<OccurrenceView>,
    #[schema(value_type = EventMode)]
    mode: Open<EventMode>,
    venue: Option<Venue>,
    /// Link of an online event; for the organizer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    online_url: Option<WebUrl>,
    categories: Vec<Slug>,
    tags: Vec<Tag>,
    language: Option<LanguageCode>,
    images: Vec<WebUrl>,
    /// Ticket types; without one, the event is free.
    ticket_types: Vec<TicketType>,
    /// Minimum age of attendees in years.
    #[schema(examples(16))]
    minimum_age: Option<u8>,
    accessibility: Option<Accessibility>,
    #[schema(value_type = EventVisibility)]
    visibility: Open<EventVisibility>,
    /// Starts before the event was rescheduled, the oldest first.
    previous_starts: Vec<Timestamp>,
    /// Reason for the cancellation or the postponement.
    reason: Option<Reason>,
    /// True if an administrator of the platform has blocked the event or its organizer.
    #[schema(examples(false))]
    blocked: bool,
    /// Version, incremented by each change and held by the `ETag`.
    #[schema(examples(1))]
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// Time of the first publication.
    published_at: Option<Timestamp>,
}

impl EventView {
    /// The event at `now`, for its organizer or for others.
    pub fn new(event: Stored<Event>, now: Timestamp, to_organizer: bool) -> Self {
        let Stored { entity: event, version } = event;
        let next_occurrence = event.next(now).map(|next| OccurrenceView::new(&event, &next));
        let details = event.details;
        Self {
            id: event.id,
            organizer: event.organizer,
            status: event.status,
            title: details.title,
            slug: details.slug,
            summary: details.summary,
            description: details.description,
            schedule: details.schedule.as_ref().map(ScheduleView::of),
            next_occurrence,
            mode: details.mode,
            venue: details.venue,
            online_url: details.online_url.filter(|_| to_organizer),
            categories: details.categories,
            tags: details.tags,
            language: details.language,
            images: details.images,
            ticket_types: details.ticket_types,
            minimum_age: details.minimum_age,
            accessibility: details.accessibility,
            visibility: details.visibility,
            previous_starts: event.previous_starts,
            reason: event.reason,
            blocked: event.blocked || event.organizer_blocked,
            version,
            created_at: event.id.created_at(),
            updated_at: event.updated_at,
            published_at: event.published_at,
        }
    }

    /// Start of the next occurrence: the part of the view that changes with the time.
    pub fn next_start(&self) -> Option<Timestamp> {
        self.next_occurrence.as_ref().map(|next| next.starts_at)
    }
}

/// Status of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OccurrenceStatus {
    /// Takes place.
    Scheduled,
    /// Does not take place.
    Cancelled,
}

/// An occurrence of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Occurrence)]
pub struct OccurrenceView {
    /// Key: the local date that the rule gave. It stays when the occurrence is moved.
    #[schema(value_type = String, examples("2026-10-27"))]
    key: Key,
    starts_at: Timestamp,
    /// End, exclusive.
    ends_at: Timestamp,
    /// Local start, as the clock shows it: a date if the event is all-day.
    #[schema(value_type = String, examples("2026-10-27T19:00"))]
    local_start: Local,
    status: OccurrenceStatus,
    /// True if it was moved from its date in the series.
    #[schema(examples(false))]
    moved: bool,
    /// Title, if it differs from the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<EventTitle>,
    /// Venue, if it differs from the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    venue: Option<Venue>,
}

impl OccurrenceView {
    /// An occurrence of an event, with the changes of its part and its own.
    pub fn new(event: &Event, occurrence: &Occurrence) -> Self {
        let Details { schedule, .. } = &event.details;
        let part = schedule.as_ref().and_then(|schedule| schedule.parts.get(occurrence.part));
        let own = event.exceptions.get(&occurrence.key).map(|exception| &exception.changes);
        let changes = [own, part.map(|part| &part.changes)];
        let is_cancelled = occurrence.cancelled || event.status == EventStatus::Cancelled;
        Self {
            key: occurrence.key,
            starts_at: moment(occurrence.starts_at),
            ends_at: moment(occurrence.ends_at),
            local_start: occurrence.local,
            status: if is_cancelled { OccurrenceStatus::Cancelled } else { OccurrenceStatus::Scheduled },
            moved: occurrence.moved,
            title: first(changes, "title"),
            venue: first(changes, "venue"),
        }
    }

    /// Position in a list.
    pub fn position(&self) -> (Timestamp, String) {
        (self.starts_at, self.key.to_string())
    }
}

/// The value of a field in the first of the changes that has it.
fn first<T: DeserializeOwned>(changes: [Option<&Changes>; 2], field: &str) -> Option<T> {
    let value = changes.into_iter().flatten().find_map(|changes| changes.get(field))?;
    serde_json::from_value(value.clone()).ok()
}

/// Change of a single date that was removed: the new schedule does not give the date. The
/// fields are those of a PATCH of the occurrence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DroppedOccurrence {
    /// Key of the date.
    #[schema(value_type = String, examples("2026-10-27"))]
    key: Key,
    status: OccurrenceStatus,
    /// Local start, if the date was moved.
    #[schema(value_type = Option<String>, examples("2026-10-27T19:00"))]
    start: Option<Local>,
    /// Duration, if it differed.
    #[schema(value_type = Option<String>, examples("PT2H"))]
    duration: Option<Length>,
    /// Title, if it differed.
    title: Option<EventTitle>,
    /// Venue, if it differed.
    venue: Option<Venue>,
}

impl DroppedOccurrence {
    fn new((key, exception): (Key, Exception)) -> Self {
        let is_cancelled = exception.status == Some(Status::Cancelled);
        let changes = [Some(&exception.changes), None];
        Self {
            key,
            status: if is_cancelled { OccurrenceStatus::Cancelled } else { OccurrenceStatus::Scheduled },
            start: exception.start,
            duration: exception.duration,
            title: first(changes, "title"),
            venue: first(changes, "venue"),
        }
    }
}

/// Effect of a change of the schedule on the dates of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScheduleEffect {
    /// First local date that the new schedule applies to, if earlier dates have begun and stay
    /// as they were.
    #[schema(examples("2026-10-20"))]
    split_at: Option<String>,
    /// Removed changes of single dates, which the new schedule does not give.
    dropped: Vec<DroppedOccurrence>,
}

impl From<Effect> for ScheduleEffect {
    fn from(Effect { split_at, dropped }: Effect) -> Self {
        Self {
            split_at: split_at.map(|date| date.to_string()),
            dropped: dropped.into_iter().map(DroppedOccurrence::new).collect(),
        }
    }
}

/// An event after a change, with the effect on its dates.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ChangedEvent)]
pub struct ChangedEventView {
    #[serde(flatten)]
    event: EventView,
    #[serde(flatten)]
    effect: ScheduleEffect,
}

impl ChangedEventView {
    /// The event at `now`, for its organizer.
    pub fn new(event: Stored<Event>, now: Timestamp, effect: Effect) -> Self {
        Self { event: EventView::new(event, now, true), effect: effect.into() }
    }
}

/// An occurrence after a change, with the effect on other dates of the series.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ChangedOccurrence)]
pub struct ChangedOccurrenceView {
    #[serde(flatten)]
    occurrence: OccurrenceView,
    #[serde(flatten)]
    effect: ScheduleEffect,
}

impl ChangedOccurrenceView {
    /// An occurrence.
    pub fn new(occurrence: OccurrenceView, effect: Effect) -> Self {
        Self { occurrence, effect: effect.into() }
    }
}
