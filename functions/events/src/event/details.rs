//! The fields of an event that its organizer writes.

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    money::Money,
    text::{
        Accessibility, EventDescription, EventTitle, LanguageCode, Slug, Summary, Tag, TicketName, WebUrl,
    },
    vocabulary::{EventMode, EventVisibility, Open},
};
use utoipa::ToSchema;

use super::{Venue, moment};
use crate::schedule::Schedule;

/// See the [module](self). A draft needs a title only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Title.
    pub title: EventTitle,
    /// Slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<EventDescription>,
    /// Schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Mode of attendance.
    #[serde(default)]
    pub mode: Open<EventMode>,
    /// Venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    /// Link of an online event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_url: Option<WebUrl>,
    /// Categories, by slug.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Slug>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageCode>,
    /// Image URLs, the main one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<WebUrl>,
    /// Ticket types, all in one currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<TicketType>,
    /// Minimum age of attendees in years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_age: Option<u8>,
    /// Accessibility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessibility: Option<Accessibility>,
    /// Visibility once published.
    #[serde(default)]
    pub visibility: Open<EventVisibility>,
}

shared::changes! {
    Details: title, slug, summary, description, schedule, mode, venue, online_url, categories, tags, language,
    images, ticket_types, minimum_age, accessibility, visibility
}

/// A kind of ticket with its price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketType {
    /// Name.
    pub name: TicketName,
    /// Price.
    pub price: Money,
}

impl Details {
    /// Start of the first occurrence, before exceptions.
    pub fn first_start(&self) -> Option<Timestamp> {
        let first = self.schedule.as_ref()?.next(jiff::Timestamp::MIN)?;
        Some(moment(first.starts_at))
    }

    /// True for a series.
    pub fn is_recurring(&self) -> bool {
        self.schedule.as_ref().is_some_and(|schedule| {
            schedule.parts.iter().any(|part| part.rule.is_some()) || !schedule.added.is_empty()
        })
    }

    /// The lowest and the highest price; `None` for a free event. The lowest is zero if only
    /// some ticket types are free.
    pub fn prices(&self) -> Option<(Money, Money)> {
        let prices = self.ticket_types.iter().map(|ticket| ticket.price);
        let highest = prices.clone().max_by_key(|price| price.amount).filter(|price| price.amount > 0)?;
        Some((prices.min_by_key(|price| price.amount)?, highest))
    }

    /// The lowest price; `None` for a free event.
    pub fn lowest_price(&self) -> Option<Money> {
        self.prices().map(|(lowest, _)| lowest)
    }

    /// True if a change of these fields is one of time or place.
    pub fn moves(changed: &[String]) -> bool {
        changed.iter().any(|field| matches!(field.as_str(), "schedule" | "venue" | "mode"))
    }
}
