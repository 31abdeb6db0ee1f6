//! The events of public happenings. Each has the state that others need for lists and
//! statistics, and the stored moment of the change; titles and texts are read by id.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    id::EventId,
    money::Money,
    organizer::Organizer,
    text::{City, CountryCode, LanguageCode, Slug},
    vocabulary::{ActorKind, EventMode, EventStatus, EventVisibility, Open},
};

/// Change of an event, with its state after the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventChanged {
    /// Id of the event.
    pub event_id: EventId,
    /// Organizer.
    pub organizer: Organizer,
    /// Organizer before; absent if the change kept it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_organizer: Option<Organizer>,
    /// Status.
    #[schema(value_type = EventStatus)]
    pub status: Open<EventStatus>,
    /// Status before; absent for a new event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<EventStatus>)]
    pub previous_status: Option<Open<EventStatus>>,
    /// Visibility.
    #[schema(value_type = EventVisibility)]
    pub visibility: Open<EventVisibility>,
    /// Mode of attendance.
    #[schema(value_type = EventMode)]
    pub mode: Open<EventMode>,
    /// Categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Slug>,
    /// City of the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<City>,
    /// Country of the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageCode>,
    /// Lowest price, zero if only some ticket types are free; absent for a free event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Start of the next occurrence; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// True for a series.
    #[schema(examples(false))]
    pub recurring: bool,
    /// Names of the changed fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(examples("title"))]
    pub changed: Vec<String>,
    /// Key of the changed occurrence: its local date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("2026-10-27"))]
    pub occurrence: Option<String>,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the change.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// See [`DomainEvent::EventCreated`](super::DomainEvent::EventCreated).
pub type EventCreated = EventChanged;
/// See [`DomainEvent::EventUpdated`](super::DomainEvent::EventUpdated).
pub type EventUpdated = EventChanged;
/// See [`DomainEvent::EventPublished`](super::DomainEvent::EventPublished).
pub type EventPublished = EventChanged;
/// See [`DomainEvent::EventUnpublished`](super::DomainEvent::EventUnpublished).
pub type EventUnpublished = EventChanged;
/// See [`DomainEvent::EventCancelled`](super::DomainEvent::EventCancelled).
pub type EventCancelled = EventChanged;
/// See [`DomainEvent::EventPostponed`](super::DomainEvent::EventPostponed).
pub type EventPostponed = EventChanged;
/// See [`DomainEvent::EventRescheduled`](super::DomainEvent::EventRescheduled).
pub type EventRescheduled = EventChanged;
/// See [`DomainEvent::EventCompleted`](super::DomainEvent::EventCompleted).
pub type EventCompleted = EventChanged;
/// See [`DomainEvent::EventDeleted`](super::DomainEvent::EventDeleted).
pub type EventDeleted = EventChanged;
/// See [`DomainEvent::EventTransferred`](super::DomainEvent::EventTransferred).
pub type EventTransferred = EventChanged;
/// See [`DomainEvent::EventBlocked`](super::DomainEvent::EventBlocked).
pub type EventBlocked = EventChanged;
/// See [`DomainEvent::EventUnblocked`](super::DomainEvent::EventUnblocked).
pub type EventUnblocked = EventChanged;
/// See [`DomainEvent::EventOccurrenceChanged`](super::DomainEvent::EventOccurrenceChanged).
pub type EventOccurrenceChanged = EventChanged;
/// See [`DomainEvent::EventOccurrenceCancelled`](super::DomainEvent::EventOccurrenceCancelled).
pub type EventOccurrenceCancelled = EventChanged;
