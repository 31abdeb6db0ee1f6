//! An event, stored as one item with its schedule and its exceptions.

mod card;
mod dates;
mod details;
mod slug_claim;
mod venue;

use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use shared::{
    bus::events::EventChanged,
    clock::Timestamp,
    id::{EventId, UserId},
    organizer::Organizer,
    table::{
        item::Entity,
        schema::{self, EVENT_DUE_SHARDS, IndexKey, Key},
    },
    text::Reason,
    vocabulary::{ActorKind, EventStatus, EventVisibility, Open},
};

pub use self::{
    card::EventCard,
    dates::{Dates, Effect, Orphans},
    details::{Details, TicketType},
    slug_claim::{EventSlugClaim, is_reserved},
    venue::{Degrees, Venue},
};
use crate::schedule::{Exceptions, MAX_DAYS, Occurrence, Range};

/// Maximum number of former starts that are kept.
const FORMER_STARTS: usize = 10;

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// Id, which has the time of creation.
    pub id: EventId,
    /// Organizer.
    pub organizer: Organizer,
    /// Account that created it; absent once that is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    /// Status.
    pub status: Open<EventStatus>,
    /// Fields that the organizer writes.
    pub details: Details,
    /// Exceptions of the schedule, by key.
    #[serde(default, skip_serializing_if = "Exceptions::is_empty")]
    pub exceptions: Exceptions,
    /// Number of changes of time, place or status: SEQUENCE in calendars.
    #[serde(default)]
    pub sequence: u32,
    /// Starts before the event was rescheduled, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous_starts: Vec<Timestamp>,
    /// Reason for the cancellation or the postponement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Time of the first publication. The slug is fixed from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// True if an administrator of the platform has blocked the event.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// True while its organizer is blocked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub organizer_blocked: bool,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Time at which the sweeper looks at the event: its end, or earlier if its dates go on
    /// beyond those that search knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Fields of lists.
    pub card: EventCard,
}

/// Time after which the dates of a series are computed further.
const HORIZON_STEP: Duration = Duration::from_hours(30 * 24);

/// Change of an event, as others learn of it.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Names of the changed fields.
    pub fields: Vec<String>,
    /// Key of the changed occurrence.
    pub occurrence: Option<String>,
}

impl Event {
    /// True if everyone who has the link may see it.
    pub fn is_public(&self) -> bool {
        let is_announced = match self.status.known() {
            Some(
                EventStatus::Published
                | EventStatus::Rescheduled
                | EventStatus::Postponed
                | EventStatus::Cancelled
                | EventStatus::Completed,
            ) => true,
            // A status of a later release may not be public.
            Some(EventStatus::Draft) | None => false,
        };
        let is_open = match self.details.visibility.known() {
            Some(EventVisibility::Listed | EventVisibility::Unlisted) => true,
            Some(EventVisibility::Private) | None => false,
        };
        is_announced && is_open && !self.blocked && !self.organizer_blocked
    }

    /// The occurrence that takes place at `now` or next. A cancelled one is passed over
    /// within 400 days.
    pub fn next(&self, now: Timestamp) -> Option<Occurrence> {
        let schedule = self.details.schedule.as_ref()?;
        let from = instant(now)?;
        let to = from.checked_add(SignedDuration::from_hours(MAX_DAYS * 24)).ok()?;
        let near = schedule.occurrences(Range::new(from, to).ok()?, &self.exceptions);
        let far = || schedule.find(schedule.next(to)?.key, &self.exceptions);
        near.dates.into_iter().find(|date| !date.cancelled).or_else(far)
    }

    /// The occurrences that search shows at `now`: those of the next 400 days.
    pub fn upcoming(&self, now: Timestamp) -> Vec<Occurrence> {
        let range = || {
            let from = instant(now)?;
            Range::new(from, from.checked_add(SignedDuration::from_hours(MAX_DAYS * 24)).ok()?).ok()
        };
        match (&self.details.schedule, range()) {
            (Some(schedule), Some(range)) => schedule.occurrences(range, &self.exceptions).dates,
            _ => Vec::new(),
        }
    }

    /// See [`due_at`](Self::due_at): none for an event that does not end by itself and has no
    /// date beyond those that search knows.
    pub fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = match self.status.known() {
            Some(EventStatus::Published | EventStatus::Rescheduled) => true,
            // Search goes on to show its dates, until a new time is known.
            Some(EventStatus::Postponed) => false,
            Some(EventStatus::Draft | EventStatus::Cancelled | EventStatus::Completed) | None => return None,
        };
        let known = instant(now)?.checked_add(SignedDuration::from_hours(MAX_DAYS * 24)).ok()?;
        if self.details.schedule.as_ref()?.next(known).is_some() {
            return Some(now + HORIZON_STEP);
        }
        let last = || self.upcoming(now).iter().map(|date| moment(date.ends_at)).max();
        ends.then(|| last().unwrap_or(now))
    }

    /// Keeps the present start as a former one.
    pub fn keep_start(&mut self, now: Timestamp) {
        let start = self.next(now).map(|next| moment(next.starts_at)).or_else(|| self.details.first_start());
        self.previous_starts.extend(start.filter(|start| self.previous_starts.last() != Some(start)));
        let extra = self.previous_starts.len().saturating_sub(FORMER_STARTS);
        self.previous_starts.drain(..extra);
    }

    /// The state for others, after a change.
    pub fn changed(&self, before: Option<&Self>, change: Change, actor: ActorKind) -> EventChanged {
        let Details { visibility, mode, categories, language, venue, .. } = &self.details;
        EventChanged {
            event_id: self.id,
            organizer: self.organizer.clone(),
            status: self.status.clone(),
            previous_status: before.map(|before| before.status.clone()),
            previous_organizer: before
                .map(|before| &before.organizer)
                .filter(|organizer| **organizer != self.organizer)
                .cloned(),
            visibility: visibility.clone(),
            mode: mode.clone(),
            categories: categories.clone(),
            city: venue.as_ref().and_then(|venue| venue.city.clone()),
            country: venue.as_ref().and_then(|venue| venue.country.clone()),
            language: language.clone(),
            price: self.details.lowest_price(),
            starts_at: self.next(self.updated_at).map(|next| moment(next.starts_at)),
            recurring: self.details.is_recurring(),
            changed: change.fields,
            occurrence: change.occurrence,
            created_at: self.id.created_at(),
            at: self.updated_at,
            actor_kind: actor.into(),
        }
    }
}

/// An instant of schedules.
pub fn instant(at: Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(at.millis()).ok()
}

/// A time of the API.
pub fn moment(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millisecond())
}

impl Entity for Event {
    const TYPE: &'static str = "event";

    fn key(&self) -> Key {
        schema::event(self.id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        let made_by = self.created_by.map(|user| schema::event_made_by(user, self.id));
        // The last byte is random, or that of a hash, for every way of making the id.
        let [.., last] = self.id.to_bytes();
        let due = self.due_at.map(|at| schema::events_by_due(last % EVENT_DUE_SHARDS, at, self.id));
        let lists = [
            schema::events_of(&self.organizer, &self.status, self.id),
            schema::events_by_status(&self.status, self.id),
        ];
        lists.into_iter().chain(made_by).chain(due).collect()
    }
}
