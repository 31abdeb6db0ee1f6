//! Listed events of a year in several cities, written to the table as an import would.

use aws_sdk_dynamodb::types::AttributeValue;
use events::event::Event;
use futures::{StreamExt as _, stream};
use local::platform::Platform;
use serde_json::{Value, json};
use shared::{
    Context,
    clock::Clock,
    id::Ids,
    random::Random,
    table::{Table, units::Operation},
    telemetry::Log,
};

use crate::harness::client::sdk_config;

/// Number of concurrent writes.
const CONCURRENCY: usize = 16;

/// Name, country, latitude, longitude and time zone.
const CITIES: [(&str, &str, f64, f64, &str); 6] = [
    ("Berlin", "DE", 52.52, 13.405, "Europe/Berlin"),
    ("Potsdam", "DE", 52.40, 13.065, "Europe/Berlin"),
    ("Москва", "RU", 55.75, 37.62, "Europe/Moscow"),
    ("Казань", "RU", 55.79, 49.11, "Europe/Moscow"),
    ("New York", "US", 40.71, -74.0, "America/New_York"),
    ("Auckland", "NZ", -36.86, 174.77, "Pacific/Auckland"),
];

const KINDS: [&str; 8] = [
    "Evening of music",
    "Jazz concert",
    "Концерт джаза",
    "Мастер-класс",
    "Morning run",
    "Talk of engines",
    "Выставка картин",
    "Blues session",
];

const CATEGORIES: [&str; 4] = ["music", "sports", "talks", "food"];
const TAGS: [&str; 5] = ["jazz", "blues", "family", "history", "open air"];

/// A word of a vocabulary in which the rank of a word falls as in a language.
fn word(random: &mut fastrand::Rng) -> String {
    const SYLLABLES: [&str; 16] =
        ["ко", "ра", "ли", "мо", "та", "не", "ву", "са", "пе", "до", "ши", "за", "бо", "ги", "ну", "фе"];
    const ENDINGS: [&str; 6] = ["", "а", "ов", "ами", "ый", "ого"];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 40,000")]
    let mut rank = 40_000_f64.powf(random.f64()) as usize;
    let mut word = String::new();
    while rank > 0 {
        word.push_str(SYLLABLES[rank % 16]);
        rank /= 16;
    }
    word + ENDINGS[random.usize(..6).min(random.usize(..6))]
}

fn text(random: &mut fastrand::Rng, words: usize) -> String {
    (0..words).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

/// An event of the next 300 days: one in three repeats weekly, one in three is free.
fn event(context: &Context, random: &mut fastrand::Rng, number: usize) -> Event {
    let (city, country, latitude, longitude, time_zone) = CITIES[random.usize(..CITIES.len())];
    let (latitude, longitude) = (latitude + random.f64() / 5.0 - 0.1, longitude + random.f64() / 5.0 - 0.1);
    let degrees = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let day = jiff::Zoned::now().date() + jiff::Span::new().days(random.i64(1..300));
    let start = format!("{day}T{:02}:00", random.u32(8..22));
    let mut part = json!({ "from": day.to_string(), "start": start, "duration": "PT2H", "changes": {} });
    if number.is_multiple_of(3) {
        part["rule"] = "FREQ=WEEKLY".into();
        part["count"] = random.u32(5..40).into();
    }
    let price =
        json!([{ "name": "Seat", "price": { "amount": random.u32(1..80) * 100, "currency": "EUR" } }]);
    let tickets: Value = if number % 3 == 1 { json!([]) } else { price };
    let id = context.ids.next::<shared::id::EventKind>();
    let organizer = context.ids.next::<shared::id::OrganizationKind>();
    let title = format!("{} {}", KINDS[random.usize(..KINDS.len())], text(random, 3));
    let event: Event = serde_json::from_value(json!({
        "id": id, "organizer": organizer, "status": "published",
        "published_at": context.clock.now(), "updated_at": context.clock.now(),
        "details": {
            "title": title, "slug": format!("event-{number}"), "description": text(random, 90),
            "mode": "offline", "visibility": "listed", "language": (["en", "ru", "de"][random.usize(..3)]),
            "categories": [CATEGORIES[random.usize(..4)]], "tags": [TAGS[random.usize(..5)]],
            "ticket_types": tickets,
            "venue": {
                "name": text(random, 2), "city": city, "country": country,
                "latitude": degrees(latitude), "longitude": degrees(longitude),
            },
            "schedule": { "time_zone": time_zone, "parts": [part] },
        },
        "card": {
            "title": title, "slug": format!("event-{number}"), "organizer": organizer,
            "status": "published", "visibility": "listed", "mode": "offline", "recurring": false,
        },
    }))
    .unwrap();
    event
}

/// Stores `size` events; returns their megabytes as JSON.
pub async fn fill(platform: &Platform, size: usize) -> f64 {
    let context = Context {
        function: "tests",
        stage: "local".to_owned(),
        ids: Ids::new(Clock::system(), Random::system()),
        clock: Clock::system(),
        random: Random::system(),
        log: Log::from_fn(|_| {}),
    };
    let table = Table::new(&sdk_config(platform), platform.stack().table.name.clone(), context.clone());
    let create: &Operation =
        ::events::OPERATIONS.iter().find(|operation| operation.name == "events.create_event").unwrap();
    let mut random = fastrand::Rng::with_seed(1);
    let events = (0..size).map(|number| event(&context, &mut random, number));
    let written = stream::iter(events).map(async |event| {
        // A publisher that had 100,000 events to hand over would be busy for minutes.
        table.operation(create).put_new(&event, Vec::new()).await.unwrap();
        serde_json::to_vec(&event).unwrap().len()
    });
    let bytes: usize = written.buffer_unordered(CONCURRENCY).fold(0, async |sum, bytes| sum + bytes).await;
    megabytes(bytes)
}

/// Size of the latest snapshot of the index.
pub async fn snapshot_megabytes(platform: &Platform) -> f64 {
    let client = aws_sdk_dynamodb::Client::new(&sdk_config(platform));
    let parts = client
        .scan()
        .table_name(&platform.stack().table.name)
        .filter_expression("begins_with(pk, :parts)")
        .expression_attribute_values(":parts", AttributeValue::S("AGENDA_PART#".to_owned()));
    let parts = parts.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
    megabytes(parts.iter().map(|part| part["chunk"].as_b().unwrap().as_ref().len()).sum())
}

#[expect(clippy::cast_precision_loss, reason = "below a terabyte")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
