//! The model: a filter over all events, as the API shows them.

use std::collections::BTreeSet;

use form_urlencoded::Serializer;
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

/// A category and its parent.
pub const BELOW: [(&str, &str); 2] = [("jazz", "music"), ("bebop", "jazz")];

/// An event as the API shows it.
pub struct Stored {
    pub event: Value,
    pub dates: Vec<Value>,
}

/// A result: value of the order, id, key.
pub type Expected = (i64, String, String);

pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn seconds(value: &Value) -> i64 {
    value.as_str().unwrap().parse::<Timestamp>().unwrap().as_second()
}

/// Texts of a list, in lower case.
fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_lowercase()).collect()
}

/// A search: its parameters.
#[derive(Debug, Clone, Default)]
pub struct Search(pub Vec<(&'static str, String)>);

impl Search {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str())
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        self.get(name).map(|values| values.split(',').map(str::to_lowercase).collect())
    }

    fn numbers<const N: usize>(&self, name: &str) -> Option<[f64; N]> {
        let values = self.get(name)?.split(',').map(|number| number.parse().unwrap());
        Some(values.collect::<Vec<f64>>().try_into().unwrap())
    }

    pub fn query(&self) -> String {
        Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The range of time for an event in a zone.
    fn range(&self, zone: &str, now: i64) -> (i64, i64) {
        let zone = TimeZone::get(zone).unwrap();
        let bound = |text: &str, days: i64| {
            if let Ok(at) = text.parse::<Timestamp>() {
                return at.as_second();
            }
            let day = text.parse::<Date>().unwrap().checked_add(Span::new().days(days)).unwrap();
            day.to_zoned(zone.clone()).unwrap().timestamp().as_second()
        };
        let from = self.get("from").map_or(now, |from| bound(from, 0));
        (from, self.get("to").map_or(i64::MAX, |to| bound(to, 1)))
    }

    fn fits(&self, event: &Value) -> bool {
        let shared = |name: &str, found: &BTreeSet<String>| {
            self.list(name).is_none_or(|wanted| wanted.iter().any(|value| found.contains(value)))
        };
        let one = |field: &Value| BTreeSet::from([field.as_str().unwrap_or_default().to_lowercase()]);
        let mut categories = texts(&event["categories"]);
        for (below, parent) in BELOW.iter().rev() {
            if categories.contains(*below) {
                categories.insert((*parent).to_owned());
            }
        }
        let word = text(event, "title").split(' ').next().unwrap();
        shared("category", &categories)
            && shared("tag", &texts(&event["tags"]))
            && shared("mode", &one(&event["mode"]))
            && shared("language", &one(&event["language"]))
            && shared("city", &one(&event["venue"]["city"]))
            && shared("country", &one(&event["venue"]["country"]))
            && shared("organizer", &one(&event["organizer"]))
            && self.get("q").is_none_or(|wanted| wanted == word)
            && self.price_fits(event)
            && self.place_fits(&event["venue"])
    }

    fn price_fits(&self, event: &Value) -> bool {
        let prices = Prices::of(event);
        let free = match self.get("free") {
            None => true,
            Some("true") => prices.low == 0,
            Some(_) => prices.high > 0,
        };
        let bound = |name: &str, default: i64| self.get(name).map_or(default, |it| it.parse().unwrap());
        let (low, high) = (bound("price_gte", 0), bound("price_lte", i64::MAX));
        let overlaps = |least: i64, most: i64| most >= low && least <= high;
        let in_range = match self.get("currency") {
            None => true,
            Some(currency) => {
                prices.low == 0 && overlaps(0, 0)
                    || prices.currency.as_deref() == Some(currency) && overlaps(prices.low, prices.high)
            }
        };
        free && in_range
    }

    fn place_fits(&self, venue: &Value) -> bool {
        let place = venue["latitude"].as_f64().zip(venue["longitude"].as_f64());
        let near = self.numbers("near").is_none_or(|[latitude, longitude]: [f64; 2]| {
            let [radius]: [f64; 1] = self.numbers("radius_km").unwrap();
            place.is_some_and(|place| metres((latitude, longitude), place) <= radius * 1e3)
        });
        let within = self.numbers("bbox").is_none_or(|[west, south, east, north]: [f64; 4]| {
            place.is_some_and(|(latitude, longitude)| {
                let is_east = longitude >= west;
                let is_west = longitude <= east;
                let between = if west <= east { is_east && is_west } else { is_east || is_west };
                between && (south..=north).contains(&latitude)
            })
        });
        near && within
    }

    /// The results, in order.
    pub fn expected(&self, stored: &[Stored], now: i64) -> Vec<Expected> {
        let usual = || ["published", "rescheduled", "postponed"].map(str::to_owned).to_vec();
        let statuses = self.list("status").unwrap_or_else(usual);
        let mut results = Vec::new();
        for Stored { event, dates } in stored.iter().filter(|stored| is_listed(&stored.event)) {
            if !self.fits(event) {
                continue;
            }
            let (from, to) = self.range(text(&event["schedule"], "time_zone"), now);
            let mut fitting: Vec<(i64, &str)> = dates
                .iter()
                .filter(|date| {
                    let is_cancelled = date["status"] == "cancelled";
                    let status = if is_cancelled { "cancelled" } else { text(event, "status") };
                    let (start, end) = (seconds(&date["starts_at"]), seconds(&date["ends_at"]));
                    // A date without duration takes up its second.
                    let in_time = start < to && end.max(start + 1) > from;
                    in_time && statuses.iter().any(|wanted| wanted == status)
                })
                .map(|date| (seconds(&date["starts_at"]), text(date, "key")))
                .collect();
            fitting.sort_unstable();
            if self.get("collapse") == Some("event") {
                fitting.truncate(1);
            }
            let id = text(event, "id");
            results.extend(fitting.into_iter().map(|(start, key)| {
                let value = match self.get("sort").unwrap() {
                    "price" => Prices::of(event).low,
                    "-created_at" => -seconds(&event["created_at"]),
                    _ => start,
                };
                (value, id.to_owned(), key.to_owned())
            }));
        }
        results.sort_unstable();
        results
    }
}

/// Lowest and highest price, which are zero for a free event.
struct Prices {
    low: i64,
    high: i64,
    currency: Option<String>,
}

impl Prices {
    fn of(event: &Value) -> Self {
        let prices = event["ticket_types"].as_array().unwrap().iter().map(|ticket| &ticket["price"]);
        let amounts = prices.clone().map(|price| price["amount"].as_i64().unwrap());
        let currency = prices.clone().next().map(|price| text(price, "currency").to_owned());
        let high = amounts.clone().max().unwrap_or_default();
        Self { low: amounts.min().unwrap_or_default(), high, currency: currency.filter(|_| high > 0) }
    }
}

/// True for an event that search may show at all.
fn is_listed(event: &Value) -> bool {
    let is_open = ["published", "rescheduled", "postponed", "cancelled"].contains(&text(event, "status"));
    is_open && event["visibility"] == "listed" && event["blocked"] == false
}

/// Great-circle distance.
fn metres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (lower, upper) = (from.0.to_radians(), to.0.to_radians());
    let chord = ((upper - lower) / 2.0).sin().powi(2)
        + lower.cos() * upper.cos() * ((to.1 - from.1).to_radians() / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * chord.sqrt().min(1.0).asin()
}
