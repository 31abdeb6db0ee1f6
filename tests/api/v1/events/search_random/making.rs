//! Random events and random searches.

use std::collections::BTreeSet;

use fastrand::Rng;
use jiff::{Span, civil::Date};
use serde_json::{Value, json};

use super::model::Search;

const CATEGORIES: [&str; 5] = ["music", "jazz", "bebop", "sports", "food"];
const TAGS: [&str; 4] = ["Jazz", "blues", "Tea", "Сад"];
const LANGUAGES: [&str; 3] = ["de", "en", "ru"];
const MODES: [&str; 3] = ["offline", "online", "mixed"];
const WORDS: [&str; 3] = ["barometer", "lantern", "orchid"];

/// Changes of the clocks are near: those of Berlin and New York in autumn 2026, of Santiago
/// and Auckland in September.
const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Pacific/Auckland",
    "Asia/Kathmandu",
    "Etc/UTC",
];

/// City, country, latitude, longitude; the last two lie on both sides of the 180th meridian.
const CITIES: [(&str, &str, f64, f64); 5] = [
    ("Berlin", "DE", 52.52, 13.405),
    ("Potsdam", "DE", 52.3989, 13.0657),
    ("Paris", "FR", 48.8566, 2.3522),
    ("Suva", "FJ", -18.1416, 178.4419),
    ("Apia", "WS", -13.8333, -171.7667),
];

fn pick<'a, T>(random: &mut Rng, several: &'a [T]) -> &'a T {
    &several[random.usize(..several.len())]
}

/// Up to three different elements.
fn some<T: Clone>(random: &mut Rng, several: &[T]) -> Vec<T> {
    let mut several = several.to_vec();
    random.shuffle(&mut several);
    several.truncate(random.usize(..=3));
    several
}

/// A day within 120 days of the middle of September.
pub fn day(random: &mut Rng) -> Date {
    jiff::civil::date(2026, 9, 10).checked_add(Span::new().days(random.i64(0..120))).unwrap()
}

fn schedule(random: &mut Rng) -> Value {
    let (zone, day) = (pick(random, &ZONES), day(random));
    let hour = random.u8(0..24);
    let timed = |duration: &str| json!({ "start": format!("{day}T{hour:02}:30"), "duration": duration });
    match random.u8(0..10) {
        0 => {
            let part = json!({ "start": day.to_string(), "duration": "P2D" });
            json!({ "time_zone": zone, "all_day": true, "parts": [part] })
        }
        // Begun before the searches, and not over.
        1 => {
            let part = json!({ "start": "2026-08-20", "duration": "P60D" });
            json!({ "time_zone": zone, "all_day": true, "parts": [part] })
        }
        2 => json!({ "time_zone": zone, "parts": [timed("PT30H")] }),
        3 => json!({ "time_zone": zone, "parts": [{ "start": format!("{day}T{hour:02}:00") }] }),
        4..7 => {
            let mut part = timed("PT2H");
            part["rule"] = (*pick(random, &["FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3"])).into();
            part["count"] = random.u8(2..12).into();
            json!({ "time_zone": zone, "parts": [part] })
        }
        _ => json!({ "time_zone": zone, "parts": [timed("PT2H")] }),
    }
}

fn ticket_types(random: &mut Rng) -> Value {
    let currency = *pick(random, &["EUR", "EUR", "USD"]);
    let count = random.usize(..=3);
    let types = (0..count).map(|number| {
        let amount = *pick(random, &[0, 500, 1_000, 1_500, 4_000]);
        json!({ "name": format!("Kind {number}"), "price": { "amount": amount, "currency": currency } })
    });
    types.collect()
}

/// The fields of an event.
pub fn body(random: &mut Rng, number: usize, organizers: &[String]) -> Value {
    let mode = *pick(random, &MODES);
    let (city, country, latitude, longitude) = *pick(random, &CITIES);
    let mut venue = json!({ "name": "Hall", "city": city, "country": country });
    if random.u8(0..8) > 0 {
        let near = |degrees: f64, random: &mut Rng| degrees + (random.f64() - 0.5) / 5.0;
        venue["latitude"] = near(latitude, random).into();
        venue["longitude"] = near(longitude, random).into();
    }
    let mut body = json!({
        "title": format!("{} {number}", pick(random, &WORDS)),
        "organizer": pick(random, organizers),
        "schedule": schedule(random),
        "mode": mode,
        "venue": venue,
        "categories": some(random, &CATEGORIES),
        "tags": some(random, &TAGS),
        "ticket_types": ticket_types(random),
        "visibility": *pick(random, &["listed", "listed", "listed", "listed", "unlisted", "private"]),
    });
    if mode != "offline" {
        body["online_url"] = "https://meet.example.com/engines".into();
    }
    if mode == "online" {
        body["venue"] = Value::Null;
    }
    if random.bool() {
        body["language"] = (*pick(random, &LANGUAGES)).into();
    }
    body
}

impl Search {
    pub fn random(random: &mut Rng, organizers: &[String]) -> Self {
        let mut search = Self::default();
        let mut add = |name: &'static str, value: String| search.0.push((name, value));
        let joined = |values: Vec<&str>| values.join(",");
        // Two or three filters of the first kind: more find nothing.
        for _ in 0..random.u8(0..4) {
            match random.u8(0..11) {
                0 => add("category", joined(some(random, &CATEGORIES))),
                1 => add("tag", joined(some(random, &TAGS)).to_uppercase()),
                2 => add("mode", joined(some(random, &MODES))),
                3 => add("language", joined(some(random, &LANGUAGES))),
                4 => add("city", pick(random, &CITIES).0.to_uppercase()),
                5 => add("country", pick(random, &CITIES).1.to_owned()),
                6 => add("free", random.bool().to_string()),
                7 => add("organizer", pick(random, organizers).clone()),
                8 => {
                    let all = ["published", "postponed", "rescheduled", "cancelled"];
                    add("status", joined(some(random, &all)));
                }
                9 => add("q", (*pick(random, &WORDS)).to_owned()),
                _ => {
                    add("currency", (*pick(random, &["EUR", "USD"])).to_owned());
                    let low = *pick(random, &[0, 1, 500, 1_001]);
                    add(if random.bool() { "price_gte" } else { "price_lte" }, low.to_string());
                    if random.bool() {
                        add("price_gte", "400".to_owned());
                        add("price_lte", "1200".to_owned());
                    }
                }
            }
        }
        match random.u8(0..6) {
            0 => {
                let (_, _, latitude, longitude) = *pick(random, &CITIES);
                add("near", format!("{latitude},{longitude}"));
                add("radius_km", random.u32(1..60).to_string());
            }
            1 => add(
                "bbox",
                (*pick(random, &["12.9,52.3,13.4,52.7", "170,-30,-170,0", "-5,40,14,60"])).to_owned(),
            ),
            _ => {}
        }
        let bound = |random: &mut Rng, day: Date| {
            if random.bool() { day.to_string() } else { format!("{day}T{:02}:15:00Z", random.u8(0..24)) }
        };
        let first = day(random);
        if random.bool() {
            add("from", bound(random, first));
        }
        if random.bool() {
            let last = first.checked_add(Span::new().days(random.i64(1..30))).unwrap();
            add("to", bound(random, last));
        }
        add("collapse", (*pick(random, &["event", "occurrence"])).to_owned());
        search.without_doubles(random)
    }

    /// Drops empty parameters, and all but the first of a name; adds an order.
    fn without_doubles(mut self, random: &mut Rng) -> Self {
        let mut seen = BTreeSet::new();
        self.0.retain(|(name, value)| !value.is_empty() && seen.insert(*name));
        if self.get("currency").is_some() && self.get("price_gte").or(self.get("price_lte")).is_none() {
            self.0.retain(|(name, _)| *name != "currency");
        }
        let mut orders = vec!["starts_at", "-created_at"];
        orders.extend(self.get("currency").map(|_| "price"));
        self.0.push(("sort", (*pick(random, &orders)).to_owned()));
        self
    }
}
