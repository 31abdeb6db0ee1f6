//! Events of the demo: each belongs to an organisation, and takes place within the next
//! twelve months. An existing one is found by its slug.

use http::StatusCode;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde_json::{Value, json};
use shared::text::slug;

use super::{DemoError, shop::Shop};
use crate::operator::Tally;

/// Number of events of a whole shop.
const COUNT: usize = 400;

/// Number of events beside so many products.
pub(super) fn count(products: usize) -> usize {
    products.min(COUNT)
}

/// A place: city, country, time zone, language, latitude and longitude.
type Place = (&'static str, &'static str, &'static str, &'static str, f64, f64);

/// Places, in turn.
const PLACES: [Place; 5] = [
    ("Berlin", "DE", "Europe/Berlin", "en", 52.52, 13.405),
    ("Москва", "RU", "Europe/Moscow", "ru", 55.752, 37.618),
    ("London", "GB", "Europe/London", "en", 51.507, -0.128),
    ("Казань", "RU", "Europe/Moscow", "ru", 55.796, 49.106),
    ("New York", "US", "America/New_York", "en", 40.713, -74.006),
];

/// Titles in English and in Russian, with their category.
const TITLES: [(&str, &str, &str); 20] = [
    ("Evening of engines", "Вечер паровых машин", "talks"),
    ("Jazz in the courtyard", "Джаз во дворе", "music"),
    ("Open choir rehearsal", "Открытая репетиция хора", "music"),
    ("Bookbinding for beginners", "Переплёт для начинающих", "education"),
    ("Night of short films", "Ночь короткометражек", "film"),
    ("Tea tasting", "Дегустация чая", "food"),
    ("Morning rowing", "Утренняя гребля", "sports"),
    ("Board games on Friday", "Настольные игры по пятницам", "community"),
    ("Ceramics workshop", "Мастер-класс по керамике", "education"),
    ("Garden market", "Садовая ярмарка", "festivals"),
    ("Walk through the old town", "Прогулка по старому городу", "outdoors"),
    ("Puppet theatre", "Кукольный спектакль", "theatre"),
    ("Exhibition of maps", "Выставка старинных карт", "exhibitions"),
    ("Rust meetup", "Встреча разработчиков на Rust", "technology"),
    ("Breakfast for founders", "Завтрак предпринимателей", "business"),
    ("Concert by candlelight", "Концерт при свечах", "music"),
    ("Science for children", "Наука для детей", "family"),
    ("Poetry night", "Поэтический вечер", "talks"),
    ("Bread at dawn", "Хлеб на рассвете", "food"),
    ("Radio amateurs' day", "День радиолюбителя", "technology"),
];

/// Creates the missing events. `organizations` are the ids of organisations, of which a
/// customer of the same place is the owner.
pub(super) async fn make_events(
    customers: &[Shop<'_>],
    organizations: &[String],
    count: usize,
    done: &impl Fn(),
) -> Result<Tally, DemoError> {
    let today = jiff::Timestamp::now().to_zoned(TimeZone::UTC).date();
    let mut tally = Tally::default();
    for number in 0..count {
        let place = number % organizations.len();
        let owner = &customers[place % customers.len()];
        let event = event(number, &organizations[place], today);
        let slug = event["slug"].as_str().unwrap_or_default();
        let found = owner.get(&format!("/api/v1/events/by-slug/{slug}")).await?;
        match found.status {
            StatusCode::OK => tally.present += 1,
            StatusCode::NOT_FOUND => {
                publish(owner, &event, number).await?;
                tally.made += 1;
            }
            _ => return Err(found.unexpected()),
        }
        done();
    }
    Ok(tally)
}

async fn publish(owner: &Shop<'_>, event: &Value, number: usize) -> Result<(), DemoError> {
    let created = owner.post("/api/v1/events", event).await?;
    if created.status != StatusCode::CREATED {
        return Err(created.unexpected());
    }
    let path = format!("/api/v1/events/{}", created.body["id"].as_str().unwrap_or_default());
    let published = owner.post(&format!("{path}/publish"), &Value::Null).await?;
    if published.status != StatusCode::OK {
        return Err(published.unexpected());
    }
    if number % 33 == 32 {
        let reason = json!({ "reason": "The speaker is ill." });
        let cancelled = owner.post(&format!("{path}/cancel"), &reason).await?;
        if cancelled.status != StatusCode::OK {
            return Err(cancelled.unexpected());
        }
    }
    Ok(())
}

/// The event of a number: every fifth is a series, every seventh online, every third has a
/// price.
fn event(number: usize, organization: &str, today: Date) -> Value {
    let (city, country, zone, language, latitude, longitude) = PLACES[(number + number / 20) % PLACES.len()];
    let (english, russian, category) = TITLES[number % TITLES.len()];
    let title = if language == "ru" { russian } else { english };
    // 365 days over 400 numbers, in the evening or at noon.
    let days = i64::try_from(number * 365 / COUNT).unwrap_or_default();
    let day = today.saturating_add((1 + days).days());
    let hour = if number.is_multiple_of(4) { 12 } else { 19 };
    let mut part = json!({ "start": format!("{day}T{hour}:00"), "duration": "PT2H" });
    if number % 5 == 4 {
        part["rule"] = if number % 20 == 19 { "FREQ=MONTHLY" } else { "FREQ=WEEKLY" }.into();
        // A month may lack the day of the month of the start.
        part["count"] = 12.into();
    }
    let mut event = json!({
        "title": title,
        "slug": slug(&format!("{title} {number}"), 100),
        "organizer": organization,
        "summary": if language == "ru" { "Приходите одни или с друзьями." } else { "Come alone or with friends." },
        "schedule": { "time_zone": zone, "parts": [part] },
        "categories": [category],
        "tags": [category, city],
        "language": language,
    });
    if number % 7 == 6 {
        event["mode"] = "online".into();
        event["online_url"] = format!("https://meet.example.com/{number}").into();
    } else {
        // Up to two kilometres from the centre.
        let offset =
            |step: usize| f64::from(u8::try_from(number * step % 37).unwrap_or_default()) / 1000.0 - 0.018;
        event["venue"] = json!({
            "city": city, "country": country,
            "latitude": latitude + offset(5), "longitude": longitude + offset(11),
        });
    }
    if number % 3 == 2 {
        let currency = match country {
            "RU" => "RUB",
            "GB" => "GBP",
            "US" => "USD",
            _ => "EUR",
        };
        let amount = 500 + 100 * (number % 40);
        let price = json!({ "amount": amount, "currency": currency });
        event["ticket_types"] =
            json!([{ "name": if language == "ru" { "Билет" } else { "Ticket" }, "price": price }]);
    }
    event
}
