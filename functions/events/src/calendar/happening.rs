//! The model that the formats are written from.

use jiff::Timestamp;
use serde::Deserialize;
use shared::money::Money;

use crate::schedule::{Changes, Exception, Exceptions, Occurrence, Schedule};

/// Status of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Takes place.
    Scheduled,
    /// Takes place at another time than it was published with.
    Rescheduled,
    /// Does not take place at its dates; new ones are not known.
    Postponed,
    /// Does not take place.
    Cancelled,
    /// Has taken place.
    Completed,
}

/// Mode of attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// At a place.
    Offline,
    /// Online.
    Online,
    /// At a place and online.
    Mixed,
}

/// Place of an event. It is read from the `venue` of a part's or an exception's changes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Name.
    pub name: Option<String>,
    /// Postal address without city and country.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country code (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// Latitude (WGS 84) in degrees.
    pub latitude: Option<f64>,
    /// Longitude (WGS 84) in degrees.
    pub longitude: Option<f64>,
}

impl Place {
    /// Name, address, city and country in one line; `None` without any.
    pub fn line(&self) -> Option<String> {
        let parts = [&self.name, &self.address, &self.city, &self.country];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Latitude and longitude, if they are a point on the earth.
    pub fn point(&self) -> Option<(f64, f64)> {
        let (latitude, longitude) = (self.latitude?, self.longitude?);
        let is_point = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        is_point.then_some((latitude, longitude))
    }
}

/// Lowest and highest price of the ticket types, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// Lowest price; 0 if a ticket type is free.
    pub lowest: Money,
    /// Highest price.
    pub highest: Money,
}

/// An event as everyone may see it.
#[derive(Debug, Clone)]
pub struct Happening {
    /// Id of the event.
    pub id: String,
    /// Version of the stored event, of which callers make the `ETag`.
    pub version: u64,
    /// Number of changes of time, place or status.
    pub sequence: u32,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Status.
    pub status: Status,
    /// Mode of attendance.
    pub attendance: Attendance,
    /// Place.
    pub place: Option<Place>,
    /// Name of the organizer.
    pub organizer: String,
    /// Names of the categories.
    pub categories: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Language (BCP 47).
    pub language: Option<String>,
    /// Image URLs, the main one first.
    pub images: Vec<String>,
    /// URL of the event's page.
    pub page: String,
    /// Prices; `None` for a free event.
    pub prices: Option<Prices>,
    /// Schedule.
    pub schedule: Schedule,
    /// Exceptions of the schedule.
    pub exceptions: Exceptions,
    /// Starts before the event was rescheduled, the oldest first.
    pub previous_starts: Vec<Timestamp>,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

/// Fields of an event that differ between its dates.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// Title.
    pub title: String,
    /// Place.
    pub place: Option<Place>,
}

impl Happening {
    /// The fields of a part, or of a date that an exception changes.
    pub(super) fn shown(&self, part: usize, exception: Option<&Exception>) -> Shown {
        let of_part = self.schedule.parts.get(part).map(|part| &part.changes);
        let changes = [exception.map(|exception| &exception.changes), of_part];
        Shown {
            title: first(changes, "title").unwrap_or_else(|| self.title.clone()),
            place: match self.attendance {
                Attendance::Online => None,
                Attendance::Offline | Attendance::Mixed => {
                    first(changes, "venue").or_else(|| self.place.clone())
                }
            },
        }
    }

    /// The fields of an occurrence.
    pub(super) fn shown_at(&self, occurrence: &Occurrence) -> Shown {
        self.shown(occurrence.part, self.exceptions.get(&occurrence.key))
    }

    /// Categories and tags, each once.
    pub(super) fn keywords(&self) -> Vec<&str> {
        let mut keywords: Vec<&str> = Vec::new();
        for word in self.categories.iter().chain(&self.tags) {
            if !keywords.contains(&word.as_str()) {
                keywords.push(word);
            }
        }
        keywords
    }
}

/// The value of a field in the first of the changes that has it. Changes of a later release
/// can have another form, and count as absent.
fn first<T: serde::de::DeserializeOwned>(changes: [Option<&Changes>; 2], field: &str) -> Option<T> {
    let values = changes.into_iter().flatten().filter_map(|changes| changes.get(field));
    values.into_iter().find_map(|value| T::deserialize(value).ok())
}
