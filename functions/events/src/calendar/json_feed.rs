//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>) of the events that a search
//! finds.

use serde::Serialize;

use super::{
    happening::{Happening, Status},
    stamp::bounds,
};
use crate::schedule::Occurrence;

/// A feed.
#[derive(Debug, Clone, Copy)]
pub struct Feed<'a> {
    /// Title.
    pub title: &'a str,
    /// URL of the page that the feed describes.
    pub home_page: &'a str,
    /// URL of the feed.
    pub address: &'a str,
    /// True if each date is an item. Otherwise an event is an item, and keeps its id when
    /// its next date changes.
    pub by_date: bool,
}

/// An event with its date that the search finds.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// Event.
    pub happening: &'a Happening,
    /// Date.
    pub date: &'a Occurrence,
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: &'a str,
    title: String,
    content_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    authors: [Author<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(rename = "_event")]
    event: Date,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

/// Extension of the format: the date of the event. `date_published` is another time.
#[derive(Serialize)]
struct Date {
    key: String,
    starts_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<String>,
    time_zone: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

/// Writes a feed, in the order of the hits.
pub fn write(feed: &Feed<'_>, hits: &[Hit<'_>]) -> serde_json::Result<String> {
    serde_json::to_string(&Document {
        version: "https://jsonfeed.org/version/1.1",
        title: feed.title,
        home_page_url: feed.home_page,
        feed_url: feed.address,
        items: hits.iter().map(|hit| item(hit, feed.by_date)).collect(),
    })
}

fn item<'a>(hit: &Hit<'a>, by_date: bool) -> Item<'a> {
    let Hit { happening, date } = hit;
    let shown = happening.shown_at(date);
    let (starts_at, ends_at) = bounds(&happening.schedule.time_zone, date);
    let text = happening.description.as_deref().or(happening.summary.as_deref());
    Item {
        id: if by_date { format!("{}/{}", happening.id, date.key) } else { happening.id.clone() },
        url: &happening.page,
        title: shown.title,
        // The format needs a content.
        content_text: text.unwrap_or(&happening.title),
        summary: happening.summary.as_deref(),
        image: happening.images.first().map(String::as_str),
        date_published: happening.created_at.to_string(),
        date_modified: happening.updated_at.to_string(),
        authors: [Author { name: &happening.organizer }],
        tags: happening.keywords(),
        language: happening.language.as_deref(),
        event: Date {
            key: date.key.to_string(),
            starts_at,
            ends_at,
            time_zone: happening.schedule.time_zone.to_string(),
            status: status(happening.status, date.cancelled),
            location: shown.place.and_then(|place| place.line()),
        },
    }
}

fn status(status: Status, cancelled: bool) -> &'static str {
    match status {
        Status::Cancelled => "cancelled",
        _ if cancelled => "cancelled",
        Status::Postponed => "postponed",
        Status::Rescheduled => "rescheduled",
        Status::Scheduled => "scheduled",
        Status::Completed => "completed",
    }
}
