//! JSON-LD of an event, with the vocabulary of schema.org, for `application/ld+json` and
//! for a `script` element of that type.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    happening::{Attendance, Happening, Place, Prices, Shown, Status},
    stamp::{bounds, with_offset},
};
use crate::schedule::{MAX_DAYS, Occurrence, Range};

/// Maximum number of dates of a series.
const MAX_DATES: usize = 20;

/// Writes an event with its present and coming dates of 400 days, at most 20; with the last
/// one of a past event. The text has no `<`, `>` and `&`, so that it can stand in a `script`
/// element.
///
/// The dates of a series are `subEvent`s: search engines do not read `eventSchedule`. The
/// event itself has the times of the first date that is not cancelled.
pub fn write(happening: &Happening, now: Timestamp) -> String {
    let dates = dates(happening, now);
    let main = dates.iter().find(|date| !date.cancelled).or(dates.first());
    let shown = main.map_or_else(|| happening.shown(0, None), |date| happening.shown_at(date));
    let mut event = entry(happening, &shown, main);
    event["@context"] = json!("https://schema.org");
    event["@id"] = json!(happening.page);
    event["identifier"] = json!(happening.id);
    let text = happening.description.as_ref().or(happening.summary.as_ref());
    set(&mut event, "description", text.map(|text| json!(text)));
    let has = |list: &[String]| (!list.is_empty()).then(|| json!(list));
    set(&mut event, "image", has(&happening.images));
    set(&mut event, "keywords", Some(json!(happening.keywords())).filter(|words| *words != json!([])));
    set(&mut event, "inLanguage", happening.language.as_ref().map(|language| json!(language)));
    match happening.prices {
        Some(prices) => event["offers"] = offers(happening, prices),
        None => event["isAccessibleForFree"] = json!(true),
    }
    if happening.status == Status::Rescheduled {
        let zone = &happening.schedule.time_zone;
        let starts = happening.previous_starts.iter().map(|start| json!(with_offset(zone, *start)));
        let starts: Vec<Value> = starts.collect();
        set(&mut event, "previousStartDate", Some(json!(starts)).filter(|_| !starts.is_empty()));
    }
    if dates.len() > 1 {
        event["name"] = json!(happening.title);
        let dates = dates.iter().map(|date| {
            let shown = happening.shown_at(date);
            let mut entry = entry(happening, &shown, Some(date));
            entry["@id"] = json!(format!("{}#{}", happening.page, date.key));
            entry
        });
        event["subEvent"] = dates.collect();
    }
    for_script(&event)
}

/// The dates that are not over, in order of start; the last one if all are.
fn dates(happening: &Happening, now: Timestamp) -> Vec<Occurrence> {
    let schedule = &happening.schedule;
    let within = |from: Timestamp| {
        let to = from.saturating_add(SignedDuration::from_hours(MAX_DAYS * 24)).ok()?;
        let found = schedule.occurrences(Range::new(from, to).ok()?, &happening.exceptions);
        Some(found.dates).filter(|dates| !dates.is_empty())
    };
    let next = || within(schedule.next(now)?.starts_at);
    let last = || schedule.find(schedule.last()?.key, &happening.exceptions).map(|last| vec![last]);
    let mut dates = within(now).or_else(next).or_else(last).unwrap_or_default();
    dates.truncate(MAX_DATES);
    dates
}

/// The fields that an event and each of its dates have.
fn entry(happening: &Happening, shown: &Shown, date: Option<&Occurrence>) -> Value {
    let status = match happening.status {
        Status::Cancelled => "EventCancelled",
        _ if date.is_some_and(|date| date.cancelled) => "EventCancelled",
        Status::Postponed => "EventPostponed",
        Status::Rescheduled => "EventRescheduled",
        Status::Scheduled | Status::Completed => "EventScheduled",
    };
    let mode = match happening.attendance {
        Attendance::Offline => "OfflineEventAttendanceMode",
        Attendance::Online => "OnlineEventAttendanceMode",
        Attendance::Mixed => "MixedEventAttendanceMode",
    };
    let mut entry = json!({
        "@type": "Event",
        "name": shown.title,
        "url": happening.page,
        "eventStatus": format!("https://schema.org/{status}"),
        "eventAttendanceMode": format!("https://schema.org/{mode}"),
        "organizer": { "@type": "Organization", "name": happening.organizer },
    });
    if let Some(date) = date {
        let (start, end) = bounds(&happening.schedule.time_zone, date);
        entry["startDate"] = json!(start);
        set(&mut entry, "endDate", end.map(|end| json!(end)));
    }
    let online = json!({ "@type": "VirtualLocation", "url": happening.page });
    let place = shown.place.as_ref().map(location);
    let location = match happening.attendance {
        Attendance::Offline => place,
        Attendance::Online => Some(online),
        Attendance::Mixed => Some(json!(place.into_iter().chain([online]).collect::<Vec<Value>>())),
    };
    set(&mut entry, "location", location);
    entry
}

fn location(place: &Place) -> Value {
    let mut location = json!({ "@type": "Place" });
    set(&mut location, "name", place.name.as_ref().map(|name| json!(name)));
    let fields = [
        ("streetAddress", &place.address),
        ("addressLocality", &place.city),
        ("addressCountry", &place.country),
    ];
    let mut address = json!({ "@type": "PostalAddress" });
    for (field, value) in fields {
        set(&mut address, field, value.as_ref().map(|value| json!(value)));
    }
    let has_address = fields.iter().any(|(_, value)| value.is_some());
    set(&mut location, "address", has_address.then_some(address));
    let geo = place.point().map(|(latitude, longitude)| {
        json!({ "@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude })
    });
    set(&mut location, "geo", geo);
    location
}

/// One price, or the range of several.
fn offers(happening: &Happening, prices: Prices) -> Value {
    // `19.99 EUR`
    let lowest = prices.lowest.to_string();
    let highest = prices.highest.to_string();
    let (price, currency) = lowest.split_once(' ').unwrap_or((&lowest, ""));
    let (high, _) = highest.split_once(' ').unwrap_or((&highest, ""));
    let mut offers = json!({ "@type": "Offer", "priceCurrency": currency, "url": happening.page });
    if price == high {
        offers["price"] = json!(price);
    } else {
        offers["@type"] = json!("AggregateOffer");
        offers["lowPrice"] = json!(price);
        offers["highPrice"] = json!(high);
    }
    offers
}

/// Sets a field that has a value.
fn set(object: &mut Value, field: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[field] = value;
    }
}

/// JSON that no HTML parser takes for markup. The characters are in strings only. U+2028
/// and U+2029 end lines for parsers of JavaScript before 2019.
fn for_script(value: &Value) -> String {
    let text = value.to_string();
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    safe
}
