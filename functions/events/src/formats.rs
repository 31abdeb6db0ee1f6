//! Formats of events other than JSON.

use shared::http::Format;

/// iCalendar.
#[derive(Debug)]
pub struct Calendar;

impl Format for Calendar {
    const MEDIA_TYPE: &'static str = "text/calendar; charset=utf-8";
    const EXAMPLE: &'static str = "BEGIN:VCALENDAR";
}

/// JSON-LD.
#[derive(Debug)]
pub struct LinkedData;

impl Format for LinkedData {
    const MEDIA_TYPE: &'static str = "application/ld+json";
    const EXAMPLE: &'static str = "{\"@context\":\"https://schema.org\"}";
}

/// JSON Feed.
#[derive(Debug)]
pub struct Feed;

impl Format for Feed {
    const MEDIA_TYPE: &'static str = "application/feed+json";
    const EXAMPLE: &'static str = "{\"version\":\"https://jsonfeed.org/version/1.1\"}";
}
