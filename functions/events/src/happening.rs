//! Events in the model of the calendars and feeds.

use std::collections::HashMap;

use shared::{
    clock::Timestamp,
    config::PublicUrl,
    organizer::Organizer,
    table::item::Stored,
    vocabulary::{EventMode, EventStatus},
};

use crate::{
    calendar::{Attendance, Happening, Place, Prices, Status},
    event::{Event, Venue, instant},
};

/// An event that has a schedule, with the names of organizers and the platform's URL.
pub(crate) fn happening(
    stored: &Stored<Event>,
    names: &HashMap<Organizer, String>,
    url: &PublicUrl,
) -> Option<Happening> {
    let Stored { entity: event, version } = stored;
    let details = &event.details;
    let id = event.id.to_string();
    let at = |at: Timestamp| instant(at).unwrap_or_default();
    Some(Happening {
        version: *version,
        sequence: event.sequence,
        title: details.title.to_string(),
        summary: details.summary.as_ref().map(ToString::to_string),
        description: details.description.as_ref().map(ToString::to_string),
        status: status(event),
        attendance: match details.mode.known() {
            Some(EventMode::Online) => Attendance::Online,
            Some(EventMode::Mixed) => Attendance::Mixed,
            Some(EventMode::Offline) | None => Attendance::Offline,
        },
        place: details.venue.as_ref().map(place),
        organizer: names.get(&event.organizer).cloned().unwrap_or_default(),
        categories: details.categories.iter().map(ToString::to_string).collect(),
        tags: details.tags.iter().map(ToString::to_string).collect(),
        language: details.language.as_ref().map(ToString::to_string),
        images: details.images.iter().map(|url| url.as_str().to_owned()).collect(),
        page: page(url, details.slug.as_ref().map_or(id.as_str(), |slug| slug.as_str())),
        prices: prices(event),
        schedule: details.schedule.clone()?,
        exceptions: event.exceptions.clone(),
        previous_starts: event.previous_starts.iter().map(|start| at(*start)).collect(),
        created_at: at(event.id.created_at()),
        updated_at: at(event.updated_at),
        id,
    })
}

/// The host name of the platform.
pub(crate) fn host(url: &PublicUrl) -> String {
    let url = url.to_string();
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default().to_owned()
}

/// The URL of the page of an event.
fn page(url: &PublicUrl, slug: &str) -> String {
    format!("{url}/events/{slug}")
}

fn status(event: &Event) -> Status {
    match event.status.known() {
        Some(EventStatus::Cancelled) => Status::Cancelled,
        Some(EventStatus::Postponed) => Status::Postponed,
        Some(EventStatus::Rescheduled) => Status::Rescheduled,
        Some(EventStatus::Completed) => Status::Completed,
        Some(EventStatus::Published | EventStatus::Draft) | None => Status::Scheduled,
    }
}

fn place(venue: &Venue) -> Place {
    let degrees = |degrees: crate::event::Degrees| f64::from(degrees.micro()) / 1e6;
    Place {
        name: venue.name.as_ref().map(ToString::to_string),
        address: venue.address.as_ref().map(ToString::to_string),
        city: venue.city.as_ref().map(ToString::to_string),
        country: venue.country.as_ref().map(|code| code.as_str().to_owned()),
        latitude: venue.latitude.map(degrees),
        longitude: venue.longitude.map(degrees),
    }
}

fn prices(event: &Event) -> Option<Prices> {
    event.details.prices().map(|(lowest, highest)| Prices { lowest, highest })
}
