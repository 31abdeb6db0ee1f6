//! An event in a list.

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    organizer::Organizer,
    text::{City, EventTitle, Slug, WebUrl},
    vocabulary::{EventMode, EventStatus, EventVisibility, Open},
};

use super::{Details, Event};

/// Fields of an event that lists show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventCard {
    /// Organizer.
    pub organizer: Organizer,
    /// Status.
    pub status: Open<EventStatus>,
    /// Visibility.
    pub visibility: Open<EventVisibility>,
    /// Title.
    pub title: EventTitle,
    /// Slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Start of the first occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// Time zone; absent without a schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// True if the event has dates and no times.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_day: bool,
    /// True for a series.
    #[serde(default)]
    pub recurring: bool,
    /// Mode of attendance.
    #[serde(default)]
    pub mode: Open<EventMode>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<City>,
    /// Main image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<WebUrl>,
    /// True while the event or its organizer is blocked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl EventCard {
    /// The card of an event that is not blocked.
    pub fn of(organizer: &Organizer, status: &Open<EventStatus>, details: &Details) -> Self {
        Self {
            organizer: organizer.clone(),
            status: status.clone(),
            visibility: details.visibility.clone(),
            title: details.title.clone(),
            slug: details.slug.clone(),
            starts_at: details.first_start(),
            time_zone: details.schedule.as_ref().map(|schedule| schedule.time_zone.to_string()),
            all_day: details.schedule.as_ref().is_some_and(|schedule| schedule.all_day),
            recurring: details.is_recurring(),
            mode: details.mode.clone(),
            city: details.venue.as_ref().and_then(|venue| venue.city.clone()),
            image: details.images.first().cloned(),
            hidden: false,
        }
    }
}

impl Event {
    /// The event with the card and the time for the sweeper of its state: as it is stored.
    #[must_use]
    pub fn with_card(&self) -> Self {
        let hidden = self.blocked || self.organizer_blocked;
        let card = EventCard { hidden, ..EventCard::of(&self.organizer, &self.status, &self.details) };
        Self { card, due_at: self.due(self.updated_at), ..self.clone() }
    }
}
